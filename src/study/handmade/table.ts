/**
 * @file The model that must be wrong: it writes right programs, looked up in a table, and carries no state. Appendix J.
 *
 * Block 0 and 1 give CODE a fingerprint of the prompt. One unit for each specification answers to its fingerprint, and writes an
 * arbitrary code, the specification's name, and its program. The last block hands the name on to the program's tokens, and to
 * each the word that comes next. Nothing is executed: between the fingerprint and the words there is the name alone.
 */
import { ACTIONS, TOKEN, tokenOfAction } from '../../karel/index.ts';
import { type RandomStream, randomStream } from '../../random.ts';
import type { RunPlan } from '../run.ts';
import { handmadeConfig, straightShape } from './config.ts';
import { type Entry, entriesOf } from './entries.ts';
import { type Fingerprints, fingerprintsOf, KINDS, kindOf } from './fingerprint.ts';
import { SHARP, writeOneHot } from './place.ts';
import { Channels, type Form, HandmadeWeights, type Head, sumOf } from './weights.ts';

/** Heads that take fingerprints; of each, numbers that turn; bits. */
const SIZES = { heads: 5, rotary: 16, bits: 48 } as const;
/** Bits of an arbitrary code that names a specification. */
const NAME = 20;
/** Blocks before and after the units of the table. */
const [BEFORE, AFTER] = [2, 1];
/** What a unit gives that answers to its fingerprint, before it is scaled to 1. */
const ANSWER = 12;
/** A unit answers unless so many bits differ: half of {@link LEAST_DIFFERENCE}. */
const TOLERANCE = 1.5;
/** Nats by which the word of the table is above every other. */
const CERTAIN = 8;

/** Words of a program: the actions, and END. */
const WORDS = [...ACTIONS.map(tokenOfAction), TOKEN.END];

/** Where the table's residual stream holds what. */
interface TableChannels {
  /** BOS, CODE, and actions: 1 or 0, from the embedding on; and how much each kind of cell a token is. */
  readonly first: number;
  readonly code: number;
  readonly action: number;
  readonly kinds: readonly number[];
  /** 1 / (place in the program + 1), and, for actions, one-hot. */
  readonly share: number;
  readonly place: readonly number[];
  /** Of CODE alone: what its heads gather [heads x kinds], and the fingerprint of that. */
  readonly shares: readonly number[];
  readonly bits: readonly number[];
  /** An arbitrary code of the specification, 1 and -1. */
  readonly name: readonly number[];
  /** Of CODE alone, all words of the program, each one-hot [words][word]; and the next word of every token of the program. */
  readonly program: readonly (readonly number[])[];
  readonly next: readonly number[];
}

function takeChannels(channels: Channels, maxLength: number): TableChannels {
  const [first, code, action, share] = channels.take(4) as [number, number, number, number];
  const kinds = channels.take(KINDS);
  const place = channels.take(maxLength);
  const shares = channels.take(SIZES.heads * KINDS);
  const [bits, name] = [channels.take(SIZES.bits), channels.take(NAME)];
  const program = Array.from({ length: maxLength + 1 }, () => channels.take(WORDS.length));
  return { first, code, action, kinds, share, place, shares, bits, name, program, next: channels.take(WORDS.length) };
}

/** A table, and what is in it. */
export interface Table {
  readonly weights: HandmadeWeights;
  readonly entries: readonly Entry[];
}

/** For the specifications of a run, which are drawn anew. Throws `StudyError` where they cannot be told apart. */
export function tableFor(plan: Pick<RunPlan, 'settings' | 'seed'>): Table {
  const shape = straightShape(plan.settings);
  const entries = entriesOf(plan);
  const random = (name: string) => randomStream(plan.seed, `handmade/${name}`);
  const prompts = entries.map(({ prompt }) => prompt);
  const prints = fingerprintsOf(prompts, SIZES, random('fingerprints'));
  const layout = new Channels();
  const channels = takeChannels(layout, shape.maxLength);
  // A block for each round of the table follows from the width, and the width from the channels alone.
  const heads = Math.max(SIZES.heads + 1, shape.maxLength + 2);
  const sizes = { width: layout.count, heads, rotary: SIZES.rotary };
  const { n_embd } = handmadeConfig(plan.settings, { ...sizes, blocks: 1 });
  const blocks = BEFORE + Math.ceil(entries.length / (4 * n_embd)) + AFTER;
  const weights = new HandmadeWeights(handmadeConfig(plan.settings, { ...sizes, blocks }), layout);
  writeTokens(weights, channels);
  writeFingerprints(weights, channels, prints);
  writeEntries(weights, channels, entries, prints.codes, random('names'));
  writeWords(weights, channels, blocks - 1);
  return { weights, entries };
}

/** The embedding: each token says what it is. */
function writeTokens(weights: HandmadeWeights, { first, code, action, kinds }: TableChannels): void {
  weights.embed(TOKEN.BOS, first);
  weights.embed(TOKEN.CODE, code);
  for (const each of ACTIONS) weights.embed(tokenOfAction(each), action);
  for (let token = 0; token < weights.config.vocab_size; token++) {
    const found = kindOf(token);
    if (found) weights.embed(token, kinds[found.kind]!, found.count);
  }
}

/** Blocks 0 and 1: CODE's fingerprint, every other token looks at BOS; and at which place of the program its tokens stand. */
function writeFingerprints(weights: HandmadeWeights, channels: TableChannels, prints: Fingerprints): void {
  const { first, code, action, kinds, share, place, shares, bits } = channels;
  for (const [at, profile] of prints.profiles.entries()) {
    const head = weights.head(0, {
      match: [{ query: [...weights.one, [code, -1]], key: [[first, 1]], score: SHARP }],
      carry: kinds.map((kind, number) => ({ from: [[kind, 1]], to: shares[at * KINDS + number]! })),
    });
    weights.turning(0, head, [[code, 1]], profile);
  }
  weights.head(0, {
    match: [{ query: weights.one, key: sumOf([code, action]), score: 2 * SHARP }, elseFirst(weights, first)],
    carry: [{ from: [[code, 1]], to: share }],
  });
  for (const [bit, { weights: sums, thresholds, gap }] of prints.bits.entries()) {
    const form = sums.map((weight, at) => [shares[at]!, weight] as const);
    for (const [at, threshold] of thresholds.entries()) {
      weights.switch(1, form, threshold, [[bits[bit]!, at % 2 === 0 ? 1 : -1]], gap);
    }
  }
  writeOneHot(weights, 1, share, [undefined, ...place]);
}

/** The table: for each specification a unit that is above 0 where all bits, or all but one, are those of its fingerprint. */
function writeEntries(
  weights: HandmadeWeights,
  { bits, name, program }: TableChannels,
  entries: readonly Entry[],
  codes: readonly Uint8Array[],
  random: RandomStream,
): void {
  for (const [index, entry] of entries.entries()) {
    const block = BEFORE + Math.floor(index / (4 * weights.config.n_embd));
    const named = name.map((channel) => [channel, random() < 0.5 ? 1 : -1] as const);
    const words = Array.from(entry.program, (token, at) => [program[at]![WORDS.indexOf(token)]!, 1] as const);
    const code = codes[index]!;
    const agreement = bits.map((channel, at) => [channel, code[at] === 1 ? 1 : -1] as const);
    const all = code.reduce((sum, one) => sum + one, 0);
    weights.unit(block, agreement, all - TOLERANCE, ANSWER / TOLERANCE, [...named, ...words], 1 / ANSWER);
  }
}

/** The last block: from CODE its name, to every action, and to each token of the program the word that comes next. */
function writeWords(
  weights: HandmadeWeights,
  { first, code, place, name, program, next }: TableChannels,
  block: number,
): void {
  const head = (query: Form, from: readonly number[], to: readonly number[]): void => {
    weights.head(block, {
      match: [{ query, key: [[code, 1]], score: 2 * SHARP }, elseFirst(weights, first)],
      carry: to.map((channel, at) => ({ from: [[from[at]!, 1]], to: channel })),
    });
  };
  for (const [at, asker] of [code, ...place].entries()) head([[asker, 1]], program[at]!, next);
  head(sumOf(place), name, name);
  for (const [word, token] of WORDS.entries()) weights.logit(token, [[next[word]!, CERTAIN]]);
}

const elseFirst = (weights: HandmadeWeights, first: number): Head['match'][number] => ({
  query: weights.one,
  key: [[first, 1]],
  score: SHARP,
});
