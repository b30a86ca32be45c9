/** @file What a checkpoint wrote, split for training, choosing and testing probes. Chapter 7. */
import { SPLITS, type Split, semanticsFromText } from '../karel/index.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { ProbeError } from './errors.ts';
import { FEATURES, type FeatureName, featureLabels, featureShape, labelCounts, type WorldSize } from './features.ts';
import { type Examples, exampleCount, executeUnder, type GeneratedProgram } from './intervention.ts';
import { alignPairs, type LastState, type Pairs } from './traces.ts';

/** Programs that a checkpoint wrote, and the hidden state from which each of their actions was generated. */
export interface TraceSplit {
  readonly programs: readonly GeneratedProgram[];
  /** Of the checkpoint, program after program, without END. [actions in all, width] */
  readonly trained: FloatArray;
  /** Of the initial weights, which are given the same programs to read. [actions in all, width] */
  readonly untrained: FloatArray;
}

export type BySplit<T> = Readonly<Record<Split, T>>;

export function bySplit<T>(make: (split: Split) => T): BySplit<T> {
  return { train: make('train'), validation: make('validation'), test: make('test') };
}

export interface CheckpointTraces extends BySplit<TraceSplit> {
  /** Numbers in a hidden state. */
  readonly width: number;
  /** Interior of the worlds that the specifications show. */
  readonly world: WorldSize;
  /** Where the hidden states come from: their mean, or one of Hugging Face's `hidden_states`. */
  readonly layer: 'mean' | number;
}

/** Which states of an execution are asked for. */
export interface Labelling {
  readonly lastState: LastState;
  readonly examples: Examples;
}

/** Throws {@link ProbeError} if a split does not have one hidden state for each action. */
export function checkTraces(traces: CheckpointTraces): void {
  for (const split of SPLITS) {
    const { programs, trained, untrained } = traces[split];
    checkHiddenStates(`${split}.trained`, programs, trained, traces.width);
    checkHiddenStates(`${split}.untrained`, programs, untrained, traces.width);
  }
}

/** Throws {@link ProbeError}, with this name, unless there is one hidden state [width] for each action. */
export function checkHiddenStates(
  name: string,
  programs: readonly GeneratedProgram[],
  { length }: FloatArray,
  width: number,
): void {
  const actions = programs.reduce((sum, program) => sum + program.actions.length, 0);
  if (length === actions * width) return;
  throw new ProbeError(`traces: ${length} numbers in ${name}, expected ${actions} actions x width ${width}`);
}

/** Each split's pairs at this offset, the same for all semantics. */
export function splitPairs(
  traces: BySplit<Pick<TraceSplit, 'programs'>>,
  offset: number,
  labelling: Labelling,
): BySplit<Pairs> {
  return bySplit((split) => {
    const { programs } = traces[split];
    const lengths = programs.map(({ actions }) => actions.length);
    const runs = exampleCount(programs, labelling.examples);
    return alignPairs(lengths, { offset, lastState: labelling.lastState, runs });
  });
}

/** Label counts on the test traces at offset 0: `[semantics][feature]`, position by dx-class + classes x dy-class. */
export function labelDistribution(
  traces: CheckpointTraces,
  semantics: readonly string[],
  labelling: Labelling,
): Record<string, Record<FeatureName, number[]>> {
  const { state } = splitPairs(traces, 0, labelling).test;
  const distribution: Record<string, Record<FeatureName, number[]>> = {};
  for (const text of semantics) {
    const table = executeUnder(semanticsFromText(text), traces.test.programs, labelling.examples);
    const counts = FEATURES.map((feature) => {
      const labels = featureLabels(feature, table, state, traces.world);
      return [feature, labelCounts(labels, featureShape(feature, traces.world))] as const;
    });
    distribution[text] = Object.fromEntries(counts) as Record<FeatureName, number[]>;
  }
  return distribution;
}
