/** @file What hidden states tell beyond their baselines, and under which semantics, with intervals over programs. Chapter 9. */
import type { Scored, Source } from './evaluate.ts';
import { SOURCES } from './evaluate.ts';
import { FEATURES, type FeatureName } from './features.ts';
import { type Measured, signFlipTest, withIntervals } from './statistics/index.ts';
import { hiddenRows, type Pairs } from './traces.ts';

/** Pairs by how many actions the program still has after the state that is asked for. */
export const ACTIONS_LEFT = ['all', '0', '1', '2', '3+'] as const;
export type ActionsLeft = (typeof ACTIONS_LEFT)[number];

interface About {
  /** `mean`: over the three features. */
  readonly feature: FeatureName | 'mean';
  readonly hiddenLayers: 0 | 1;
  readonly actionsLeft: ActionsLeft;
}

/** Usable information as a share of the entropy of the labels. */
export interface ShareRow extends About {
  readonly semantics: string;
  readonly source: Source;
  readonly share: Measured;
}

/**
 * A difference of such shares: (trained - over) under the original semantics, minus the same under the semantics
 * `against`. Without `over` nothing is taken from trained; without `against` the original stands alone.
 */
export interface ContrastRow extends About {
  readonly over: Exclude<Source, 'trained'> | null;
  readonly against: string | null;
  readonly difference: Measured;
  /** Of the sign-flip test over programs, two-sided; null for a part of the pairs, which is not tested. */
  readonly p: number | null;
}

export interface EvidenceRows {
  readonly shares: readonly ShareRow[];
  readonly contrasts: readonly ContrastRow[];
}

/** Fewer programs give no interval worth having. */
const FEWEST_PROGRAMS = 50;
const BOOTSTRAP_RESAMPLES = 2_000;
const SIGN_FLIPS = 2_000;

/** Bits of each test pair under one semantics, for one feature and depth: means over probe seeds. */
interface Answer {
  seeds: number;
  /** By the class frequencies; the control task has its own. */
  readonly frequencies: Float64Array;
  controlFrequencies: Float64Array | null;
  readonly bits: Map<Source, Float64Array>;
}

const ORIGINAL = 'original';

/** Gathers what `evaluateProbes` tells of probes of up to one hidden layer at offset 0. */
export class Evidence {
  readonly #lengths: readonly number[];
  readonly #answers = new Map<string, Answer>();
  #pairs: Pairs | undefined;

  /** `programs` are those of the test traces. */
  constructor(programs: readonly { readonly actions: readonly unknown[] }[]) {
    this.#lengths = programs.map(({ actions }) => actions.length);
  }

  add({ question, pairs, scores, frequencies, controlFrequencies }: Scored): void {
    if (question.offset !== 0 || question.hiddenLayers === 2) return;
    this.#pairs = pairs.test;
    const key = keyOf(question.hiddenLayers, question.semantics, question.feature);
    const answer = this.#answers.get(key) ?? { seeds: 0, frequencies, controlFrequencies, bits: new Map() };
    this.#answers.set(key, answer);
    answer.seeds++;
    for (const source of SOURCES) {
      const score = scores[source];
      if (!score) continue;
      const mean = answer.bits.get(source) ?? new Float64Array(score.bits.length);
      answer.bits.set(source, mean);
      score.bits.forEach((bits, pair) => {
        mean[pair]! += (bits - mean[pair]!) / answer.seeds;
      });
    }
  }

  /** `random` gives numbers in [0, 1), for resamples and signs. */
  rows(random: () => number): EvidenceRows {
    const shares: ShareRow[] = [];
    const contrasts: ContrastRow[] = [];
    if (!this.#pairs) return { shares, contrasts };
    for (const hiddenLayers of [0, 1] as const) {
      for (const actionsLeft of ACTIONS_LEFT) {
        const part = this.#sums(hiddenLayers, actionsLeft);
        if (part) summarise(part, { hiddenLayers, actionsLeft }, random, shares, contrasts);
      }
    }
    return { shares, contrasts };
  }

  /** The sums of each program, or undefined where there are too few, or nothing to know. */
  #sums(hiddenLayers: 0 | 1, actionsLeft: ActionsLeft): Part | undefined {
    const rows = hiddenRows(this.#lengths);
    const names = this.#names(hiddenLayers);
    const clusters = new Map<number, Record<string, number>>();
    this.#pairs!.hidden.forEach((row, pair) => {
      const program = rows.program[row]!;
      const left = this.#lengths[program]! - rows.action[row]!;
      if (actionsLeft !== 'all' && actionsLeft !== (left > 2 ? '3+' : String(left))) return;
      const sums = clusters.get(program) ?? Object.fromEntries(names.map(({ name }) => [name, 0]));
      clusters.set(program, sums);
      for (const { name, bits } of names) sums[name]! += bits[pair]!;
    });
    if (clusters.size < FEWEST_PROGRAMS) return undefined;
    const all = [...clusters.values()];
    const total = Object.fromEntries(names.map(({ name }) => [name, all.reduce((sum, one) => sum + one[name]!, 0)]));
    const semantics = [...new Set(names.map((one) => one.semantics))];
    const known = names.every(({ name, source }) => source !== null || total[name]! > 0);
    const sources = SOURCES.filter((source) => names.some((one) => one.source === source));
    return known && semantics.includes(ORIGINAL) ? { clusters: all, total, semantics, sources } : undefined;
  }

  /** What is summed up: the bits of each source, and by frequencies, which have no source. */
  #names(hiddenLayers: 0 | 1) {
    return [...this.#answers].flatMap(([key, answer]) => {
      const [depth, semantics = '', feature = ''] = key.split('/');
      if (Number(depth) !== hiddenLayers) return [];
      const of = (source: Source | null, what: string, bits: Float64Array) => ({
        name: `${semantics}/${feature}/${what}`,
        semantics,
        source,
        bits,
      });
      return [
        of(null, 'frequencies', answer.frequencies),
        ...(answer.controlFrequencies ? [of(null, 'control frequencies', answer.controlFrequencies)] : []),
        ...SOURCES.flatMap((source) => (answer.bits.has(source) ? [of(source, source, answer.bits.get(source)!)] : [])),
      ];
    });
  }
}

const keyOf = (depth: number, semantics: string, feature: string): string => `${depth}/${semantics}/${feature}`;

type Sums = Readonly<Record<string, number>>;

interface Part {
  readonly clusters: readonly Sums[];
  readonly total: Sums;
  readonly semantics: readonly string[];
  readonly sources: readonly Source[];
}

/** One share with its sign in a difference of shares. */
interface Term {
  readonly semantics: string;
  readonly source: Source;
  readonly sign: 1 | -1;
}

function termsOf(over: ContrastRow['over'], against: string | null): Term[] {
  const term = (semantics: string, source: Source, sign: 1 | -1): Term => ({ semantics, source, sign });
  return [
    term(ORIGINAL, 'trained', 1),
    ...(over ? [term(ORIGINAL, over, -1)] : []),
    ...(against ? [term(against, 'trained', -1)] : []),
    ...(over && against ? [term(against, over, 1)] : []),
  ];
}

/** Bits by frequencies, and bits by the source, of one share. */
function namesOf(semantics: string, feature: string, source: Source): [string, string] {
  const frequencies = source === 'control' ? 'control frequencies' : 'frequencies';
  return [`${semantics}/${feature}/${frequencies}`, `${semantics}/${feature}/${source}`];
}

/** 1 - bits / bits by frequencies; `mean` is over features. */
function shareOf(totals: Sums, feature: About['feature'], semantics: string, source: Source): number {
  if (feature === 'mean') {
    return FEATURES.reduce((sum, one) => sum + shareOf(totals, one, semantics, source), 0) / FEATURES.length;
  }
  const [frequencies, bits] = namesOf(semantics, feature, source);
  return 1 - totals[bits]! / totals[frequencies]!;
}

/** What a program adds to a difference of shares: over all programs it adds up to the difference. */
function partOf(cluster: Sums, total: Sums, feature: About['feature'], terms: readonly Term[]): number {
  if (feature === 'mean') {
    return FEATURES.reduce((sum, one) => sum + partOf(cluster, total, one, terms), 0) / FEATURES.length;
  }
  return terms.reduce((sum, { semantics, source, sign }) => {
    const [frequencies, bits] = namesOf(semantics, feature, source);
    return sum + (sign * (cluster[frequencies]! - cluster[bits]!)) / total[frequencies]!;
  }, 0);
}

function summarise(
  { clusters, total, semantics, sources }: Part,
  about: Pick<About, 'hiddenLayers' | 'actionsLeft'>,
  random: () => number,
  shares: ShareRow[],
  contrasts: ContrastRow[],
): void {
  const present = (feature: FeatureName): boolean => `${ORIGINAL}/${feature}/trained` in total;
  const features = [...FEATURES.filter(present), ...(FEATURES.every(present) ? (['mean'] as const) : [])];
  const statistics: Record<string, (totals: Sums) => number> = {};
  const finish: ((measured: Record<string, Measured>) => void)[] = [];
  for (const feature of features) {
    for (const one of semantics) {
      for (const source of sources) {
        if (source === 'control' && one !== ORIGINAL) continue;
        const name = `share ${feature} ${one} ${source}`;
        statistics[name] = (totals) => shareOf(totals, feature, one, source);
        finish.push((m) => shares.push({ ...about, feature, semantics: one, source, share: m[name]! }));
      }
    }
    const others = semantics.filter((one) => one !== ORIGINAL);
    const overs = [null, ...sources.filter((source) => source !== 'trained')] as ContrastRow['over'][];
    for (const against of [null, ...others]) {
      for (const over of overs) {
        if ((!over && !against) || (over === 'control' && against)) continue;
        const name = `difference ${feature} ${over} ${against}`;
        const terms = termsOf(over, against);
        statistics[name] = (totals) =>
          terms.reduce(
            (sum, { semantics, source, sign }) => sum + sign * shareOf(totals, feature, semantics, source),
            0,
          );
        finish.push((m) => {
          const parts = clusters.map((cluster) => partOf(cluster, total, feature, terms));
          const tested = about.actionsLeft === 'all';
          const p = tested ? signFlipTest(parts, { random, resamples: SIGN_FLIPS }).p : null;
          contrasts.push({ ...about, feature, over, against, difference: m[name]!, p });
        });
      }
    }
  }
  const measured = withIntervals(clusters, statistics, random, BOOTSTRAP_RESAMPLES);
  for (const push of finish) push(measured);
}
