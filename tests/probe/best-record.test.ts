/** @file The better of two records, and evidence at offset -1. */
import { describe, expect, test } from 'vitest';
import {
  bestRecord,
  Evidence,
  type EvidenceRows,
  evaluateProbes,
  FEATURES,
  type FeatureName,
  PAPER_PROBE_TRAINING,
  type ProbedSource,
  probeGrid,
  type Scored,
} from '../../src/probe/index.ts';
import { bootstrapInterval } from '../../src/probe/statistics/index.ts';
import { randomStream } from '../../src/random.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, integer, noiseFor, ofLengths, pairsOf, randomPrograms, scored, scoreOf } from './toys.ts';

const stream = (name: string): (() => number) => randomStream('toy', name);
const random = uniform(11);
const lengths = Array.from({ length: 90 }, () => 1 + integer(random, 5));
const SEMANTICS = ['original', 'flip', 'adversarial'] as const;

/** What is left unknown of each pair, of 2 bits, by semantics, feature and source: the same for the same names. */
function bitsOf(count: number, ...names: string[]): number[] {
  const next = stream(names.join('/'));
  return Array.from({ length: count }, () => 0.2 + 1.5 * next());
}

/** Validation cross-entropies of the records, by semantics and probe seed. */
type Validation = (semantics: string, seed: string) => { input: number; grids: number };

/** Linear probes on made-up bits. */
function questions(
  { offset = 0, seeds = ['0'], sources }: { offset?: number; seeds?: string[]; sources: readonly ProbedSource[] },
  validation: Validation = () => ({ input: 1, grids: 2 }),
): Scored[] {
  const pairs = pairsOf(lengths, offset);
  const count = pairs.test.state.length;
  return probeGrid({ semantics: SEMANTICS, offsets: [offset], hiddenLayers: [0], seeds }).map((question) => {
    const { semantics, feature, seed } = question;
    const of = validation(semantics, seed);
    const score = (source: ProbedSource) =>
      scoreOf({
        bits: bitsOf(count, `offset ${offset}`, semantics, feature, source, seed),
        validation: source === 'input' || source === 'grids' ? of[source] : 0,
      });
    return scored({
      question,
      pairs,
      scores: { trained: score('trained'), ...Object.fromEntries(sources.map((source) => [source, score(source)])) },
      frequencies: new Float64Array(count).fill(2),
    });
  });
}

function rowsOf(asked: readonly Scored[]): ReturnType<Evidence['rows']> {
  const evidence = new Evidence(ofLengths(lengths));
  for (const one of asked) evidence.add(one);
  return evidence.rows(stream);
}

const shareIn = ({ shares }: EvidenceRows, feature: string, semantics: string, source: string) =>
  shares.find(
    (row) =>
      row.feature === feature && row.semantics === semantics && row.source === source && row.actionsLeft === 'all',
  )?.share;

const RECORDS = ['untrained', 'input', 'grids'] as const;

describe('the better record', () => {
  test('is chosen for each semantics by validation: input for original, grids for flip', () => {
    const rows = rowsOf(
      questions({ sources: RECORDS }, (semantics) =>
        semantics === 'flip' ? { input: 1.5, grids: 1.4 } : { input: 1.4, grids: 1.5 },
      ),
    );
    for (const feature of [...FEATURES, 'mean']) {
      for (const semantics of SEMANTICS) {
        const [chosen, other] = semantics === 'flip' ? ['grids', 'input'] : ['input', 'grids'];
        const best = shareIn(rows, feature, semantics, 'record')!;
        expect(best).toEqual(shareIn(rows, feature, semantics, chosen!));
        expect(best.estimate).not.toBe(shareIn(rows, feature, semantics, other!)!.estimate);
      }
      const { difference } = rows.contrasts.find(
        (row) => row.feature === feature && row.over === 'record' && row.against === 'flip',
      )!;
      const share = (semantics: string, source: string) => shareIn(rows, feature, semantics, source)!.estimate;
      const expected =
        share('original', 'trained') - share('original', 'input') - (share('flip', 'trained') - share('flip', 'grids'));
      expectClose([difference.estimate], [expected], { absolute: 1e-12 });
    }
  });

  test('is not the better one on test, where validation disagrees; of equals it is the smaller', () => {
    const input = scoreOf({ bits: [0.9, 0.9], validation: 1 });
    const grids = scoreOf({ bits: [0.1, 0.1], validation: 1.1 });
    expect(bestRecord({ input, grids }, false)).toBe(input);
    const better = { ...grids, validationCrossEntropy: 0.9 };
    expect(bestRecord({ input, grids: better }, false)).toBe(better);
    expect(bestRecord({ input, grids: { ...grids, validationCrossEntropy: 1 } }, false)).toBe(input);
    expect(bestRecord({ input }, false)).toBeUndefined();
  });

  test('with the action is chosen among the two that hold it, without it among the two that do not', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((validation) => scoreOf({ bits: [0.5], validation }));
    const scores = { 'input+action': a!, 'grids+action': b!, input: d!, grids: c! };
    expect(bestRecord(scores, true)).toBe(a);
    expect(bestRecord(scores, false)).toBe(c);
    expect(bestRecord({ input: d!, grids: c! }, true)).toBeUndefined();
  });

  test('is chosen by each probe seed for itself: the mean bits are of seed 0 on input and of seed 1 on grids', () => {
    const asked = questions({ sources: RECORDS, seeds: ['0', '1'] }, (_, seed) =>
      seed === '0' ? { input: 1, grids: 2 } : { input: 2, grids: 1 },
    );
    const count = pairsOf(lengths).test.state.length;
    const [first, second] = [
      bitsOf(count, 'offset 0', 'flip', 'obstacle', 'input', '0'),
      bitsOf(count, 'offset 0', 'flip', 'obstacle', 'grids', '1'),
    ];
    const mean = first.reduce((sum, bits, pair) => sum + (bits + second[pair]!) / 2, 0) / count;
    expectClose([shareIn(rowsOf(asked), 'obstacle', 'flip', 'record')!.estimate], [1 - mean / 2], {
      absolute: 1e-12,
    });
  });

  test('of evaluateProbes has the validation cross-entropy of the moment kept: where both splits are alike, that of test', () => {
    const numbers = uniform(3);
    const world = { width: 4, height: 3 };
    const split = (count: number) => noiseFor(numbers, randomPrograms(numbers, count, { ...world, longest: 5 }));
    const asked = split(40);
    const scoredOn = (validation: typeof asked): Scored[] => {
      const found: Scored[] = [];
      evaluateProbes(
        engine,
        { train: split(60), validation, test: asked, width: 4, world, layer: 0 },
        probeGrid({ features: ['direction'], semantics: ['original'], hiddenLayers: [0, 1] }),
        {
          training: { ...PAPER_PROBE_TRAINING, samples: 1024, batchSize: 64 },
          lastState: 'dropped',
          examples: 0,
          baselines: true,
        },
        (name) => randomStream('1', name),
        { onScored: (one) => found.push(one) },
      );
      return found;
    };
    for (const { scores } of scoredOn(asked)) {
      for (const score of Object.values(scores)) {
        expectClose([score.validationCrossEntropy], [score.crossEntropy], { absolute: 1e-12 });
      }
    }
    const [apart] = scoredOn(split(40));
    expect(apart!.scores.trained.validationCrossEntropy).not.toBeCloseTo(apart!.scores.trained.crossEntropy, 3);
  });
});

describe('offset -1', () => {
  const before = questions({ offset: -1, sources: ['untrained'] });
  const both = rowsOf([...questions({ sources: RECORDS }), ...before]);
  const at = (offset: number) => ({
    shares: both.shares.filter((row) => row.offset === offset),
    contrasts: both.contrasts.filter((row) => row.offset === offset),
  });
  const [rows, now] = [at(-1), at(0)];
  const all = rows.contrasts.filter(({ actionsLeft }) => actionsLeft === 'all');

  /** Sums of each program that has h_i and s_{i - 1}, 2 <= i <= n, by brute force over such pairs. */
  function programSums(semantics: string, feature: FeatureName, source: string): { bits: number; known: number }[] {
    const count = lengths.reduce((sum, n) => sum + n - 1, 0);
    const bits = bitsOf(count, 'offset -1', semantics, feature, source, '0');
    let pair = 0;
    return lengths.flatMap((n) => {
      let sum = 0;
      for (let i = 2; i <= n; i++) sum += bits[pair++]!;
      return n > 1 ? [{ bits: sum, known: 2 * (n - 1) }] : [];
    });
  }
  const byHand = (semantics: string, feature: FeatureName, source: string): number => {
    const sums = programSums(semantics, feature, source);
    return 1 - sums.reduce((sum, one) => sum + one.bits, 0) / sums.reduce((sum, one) => sum + one.known, 0);
  };

  test('has shares of both models by brute force, to 1e-12, and no record', () => {
    for (const feature of FEATURES) {
      for (const semantics of SEMANTICS) {
        for (const source of ['trained', 'untrained']) {
          const { estimate, n } = shareIn(rows, feature, semantics, source)!;
          expectClose([estimate], [byHand(semantics, feature, source)], { absolute: 1e-12 });
          expect(n).toBe(lengths.filter((length) => length > 1).length);
        }
      }
    }
    expect(new Set(rows.shares.map(({ source }) => source))).toEqual(new Set(['trained', 'untrained']));
    expect(shareIn(rows, 'mean', 'flip', 'trained')!.estimate).not.toBe(
      shareIn(now, 'mean', 'flip', 'trained')!.estimate,
    );
  });

  test('has five contrasts for each feature and their mean, differences of these shares, to 1e-12, each with a p', () => {
    expect(all).toHaveLength(5 * 4);
    for (const { feature, over, against, comparison, difference, p } of all) {
      const names: readonly FeatureName[] = feature === 'mean' ? FEATURES : [feature];
      const beyond = (semantics: string): number => {
        const each = names.map((one) => byHand(semantics, one, 'trained') - (over ? byHand(semantics, one, over) : 0));
        return each.reduce((sum, one) => sum + one, 0) / each.length;
      };
      expectClose([difference.estimate], [beyond('original') - (against ? beyond(against) : 0)], { absolute: 1e-12 });
      expect([comparison, p! > 0]).toEqual(['fair', true]);
    }
  });

  test('has the intervals of programs resampled from a stream of its own, bit for bit', () => {
    const { interval } = bootstrapInterval(
      programSums('original', 'direction', 'trained'),
      ({ bits, known }) => 1 - bits / known,
      { resamples: 2000, random: stream('evidence/-1') },
    );
    expect(shareIn(rows, 'direction', 'original', 'trained')!.interval).toEqual(interval);
    expect(rowsOf(questions({ sources: RECORDS }))).toEqual(now);
  });
});
