/** @file Probes of any hidden states, without baselines: for many semantics or many layers. Chapter 10. */
import { SPLITS, semanticsFromText } from '../karel/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import {
  type BySplit,
  bySplit,
  checkHiddenStates,
  probeInputs,
  type SharedPairs,
  splitPairs,
} from './checkpoint-traces.ts';
import { ProbeError } from './errors.ts';
import { countsOf, type ProbeSettings, type RandomStreams, reasonToSkip, scoreProbe } from './evaluate.ts';
import type { StateTable } from './execution-table.ts';
import { featureLabels, featureShape, type WorldSize } from './features.ts';
import type { ProbeQuestion } from './grid.ts';
import { frequencyCrossEntropy, majorityAccuracy, usableInformation } from './information.ts';
import { executeUnder, type GeneratedProgram } from './intervention.ts';
import type { PairCounts, ProbeFigures } from './outcome.ts';
import type { ValidatedScore } from './score.ts';
import { standardizationOf } from './standardize.ts';

/** Programs, and the hidden state behind each of their actions. */
export interface StateSplit {
  readonly programs: readonly GeneratedProgram[];
  /** Program after program, without END. [actions in all, width] */
  readonly hidden: FloatArray;
}

export interface StateTraces extends BySplit<StateSplit> {
  /** Numbers in a hidden state. */
  readonly width: number;
  /** Interior of the worlds that the specifications show. */
  readonly world: WorldSize;
}

/** A question with its answer, as far as it concerns these hidden states alone. */
export type StateOutcome = ProbeQuestion &
  PairCounts &
  Pick<ProbeFigures, 'accuracy' | 'majority' | 'information' | 'informationShare' | 'converged'>;

/**
 * Trains and tests a probe for each question, in the order of the grid, all at one offset; calls `onDone`
 * with how many are done. The figures have the bits that `evaluateProbes` gives for the same question, hidden states,
 * settings and random streams. Questions that differ in their semantics alone, and whose labels are the same under
 * both, have the same answer: it is found once.
 *
 * Without enough pairs there are no outcomes, and `reason` says why; else it is null. Throws as `evaluateProbes`, and
 * `ProbeError` for no question or a second offset.
 */
export function probeStates(
  engine: Engine,
  traces: StateTraces,
  grid: readonly ProbeQuestion[],
  settings: ProbeSettings,
  random: RandomStreams,
  onDone?: (done: number) => void,
): { outcomes: StateOutcome[]; reason: string | null } {
  for (const split of SPLITS) {
    checkHiddenStates(`${split}.hidden`, traces[split].programs, traces[split].hidden, traces.width);
  }
  const offset = offsetOf(grid);
  const pairs = splitPairs(traces, offset, settings, semanticsWithPairs(traces, grid));
  const reason = reasonToSkip(pairs);
  if (reason !== null) return { outcomes: [], reason };
  return engine.scope(() => {
    const by = standardizationOf(traces.train.hidden, pairs.train.hidden, traces.width);
    const inputs = probeInputs(engine, (split) => traces[split].hidden, pairs, by);
    const tablesOf = latest((semantics: string): BySplit<StateTable> => {
      const meaning = semanticsFromText(semantics);
      return bySplit((split) => executeUnder(meaning, traces[split].programs, settings.examples));
    });
    const known = new Map<string, { labels: BySplit<Int32Array>; score: ValidatedScore }[]>();
    const outcomes = grid.map((question, done): StateOutcome => {
      const { feature, hiddenLayers, seed } = question;
      const shape = featureShape(feature, traces.world);
      const tables = tablesOf(question.semantics);
      const rowsUnder = ({ state, stateUnder }: SharedPairs): Int32Array => stateUnder.get(question.semantics) ?? state;
      const labels = bySplit((split) => featureLabels(feature, tables[split], rowsUnder(pairs[split]), traces.world));
      const key = `${seed}/${feature}/${hiddenLayers}`;
      const before = known.get(key) ?? [];
      const score =
        before.find((other) => sameLabels(other.labels, labels))?.score ??
        scoreProbe(engine, question, inputs, labels, shape, settings, random);
      known.set(key, [...before, { labels, score }]);
      const frequencies = frequencyCrossEntropy(labels.train, labels.test, shape);
      const { bits, share } = usableInformation(frequencies, score.crossEntropy);
      const majority = majorityAccuracy(labels.train, labels.test, shape);
      onDone?.(done + 1);
      const { accuracy, converged } = score;
      return {
        ...question,
        ...countsOf(traces, pairs),
        accuracy,
        majority,
        information: bits,
        informationShare: share,
        converged,
      };
    });
    return { outcomes, reason };
  });
}

/** Of straight lines the pairs, and the rows of their states, are the same under all semantics. */
function semanticsWithPairs(traces: StateTraces, grid: readonly ProbeQuestion[]): readonly string[] {
  const straight = SPLITS.every((split) => traces[split].programs.every(({ words }) => !words));
  return straight ? ['original'] : [...new Set(grid.map(({ semantics }) => semantics))];
}

function offsetOf(grid: readonly ProbeQuestion[]): number {
  const [offset, ...others] = new Set(grid.map((question) => question.offset));
  if (offset !== undefined && others.length === 0) return offset;
  throw new ProbeError(
    `probe: questions at ${grid.length === 0 ? 'no offset' : `offsets ${[offset, ...others].join(', ')}`}, expected one`,
  );
}

function sameLabels(a: BySplit<Int32Array>, b: BySplit<Int32Array>): boolean {
  const same = (x: Int32Array, y: Int32Array): boolean => x.every((label, at) => label === y[at]);
  return same(a.train, b.train) && same(a.validation, b.validation) && same(a.test, b.test);
}

/** Remembers the last answer alone: a grid asks about one semantics after the other. */
function latest<T>(make: (key: string) => T): (key: string) => T {
  let last: { readonly key: string; readonly value: T } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
