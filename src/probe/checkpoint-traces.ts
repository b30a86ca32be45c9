/** @file What a checkpoint wrote, split for training, choosing and testing probes. Chapter 9. */
import { SPLITS, type Split, semanticsFromText } from '../karel/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';
import { ProbeError } from './errors.ts';
import { alignExecutions } from './execution-pairs.ts';
import type { ExecutionTable } from './execution-table.ts';
import { FEATURES, type FeatureName, featureLabels, featureShape, labelCounts, type WorldSize } from './features.ts';
import { type Examples, exampleCount, executeUnder, type GeneratedProgram } from './intervention.ts';
import { type Standardization, standardize } from './standardize.ts';
import type { LastState, Pairs } from './traces.ts';

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

/** The programs that a checkpoint wrote for the specifications of each split. */
export type ProgramsBySplit = BySplit<Pick<TraceSplit, 'programs'>>;

/** The programs of a checkpoint, executed under each semantics that is asked for, once. */
export class CheckpointExecutions {
  private readonly traces: ProgramsBySplit;
  private readonly examples: Examples;
  private readonly tables = new Map<string, BySplit<ExecutionTable>>();

  constructor(traces: ProgramsBySplit, { examples }: Labelling) {
    this.traces = traces;
    this.examples = examples;
  }

  /** Throws `SemanticsError` for unknown semantics. */
  under(semantics: string): BySplit<ExecutionTable> {
    const meaning = semanticsFromText(semantics);
    const made =
      this.tables.get(semantics) ??
      bySplit((split) => executeUnder(meaning, this.traces[split].programs, this.examples));
    this.tables.set(semantics, made);
    return made;
  }
}

/** Pairs that there are under several semantics, with a state for each; `state` is that of the first. */
export interface SharedPairs extends Pairs {
  readonly stateUnder: ReadonlyMap<string, Int32Array>;
  /** Pairs that there are under the first semantics, but not under all: none where programs are straight lines. */
  readonly lost: number;
}

/** Each split's pairs at this offset that there are under all of these semantics. */
export function splitPairs(
  traces: ProgramsBySplit,
  offset: number,
  labelling: Labelling,
  semantics: readonly string[] = ['original'],
  executions = new CheckpointExecutions(traces, labelling),
): BySplit<SharedPairs> {
  return bySplit((split) => {
    const { programs } = traces[split];
    const lengths = programs.map(({ actions }) => actions.length);
    const runs = exampleCount(programs, labelling.examples);
    const tables = semantics.map((text) => executions.under(text)[split]);
    const { states, ...pairs } = alignExecutions(lengths, tables, { offset, lastState: labelling.lastState, runs });
    return { ...pairs, state: states[0]!, stateUnder: new Map(semantics.map((text, at) => [text, states[at]!])) };
  });
}

/** Label counts on the test traces at offset 0: `[semantics][feature]`, position by dx-class + classes x dy-class. */
export function labelDistribution(
  traces: CheckpointTraces,
  semantics: readonly string[],
  labelling: Labelling,
  executions = new CheckpointExecutions(traces, labelling),
): Record<string, Record<FeatureName, number[]>> {
  const { stateUnder } = splitPairs(traces, 0, labelling, semantics, executions).test;
  const distribution: Record<string, Record<FeatureName, number[]>> = {};
  for (const text of semantics) {
    const table = executions.under(text).test;
    const counts = FEATURES.map((feature) => {
      const labels = featureLabels(feature, table, stateUnder.get(text)!, traces.world);
      return [feature, labelCounts(labels, featureShape(feature, traces.world))] as const;
    });
    distribution[text] = Object.fromEntries(counts) as Record<FeatureName, number[]>;
  }
  return distribution;
}

/** The hidden states [actions in all, width] that each split's pairs ask about, standardised by those of train. */
export function probeInputs(
  engine: Engine,
  hidden: (split: Split) => FloatArray,
  pairs: BySplit<Pairs>,
  by: Standardization,
): BySplit<Tensor> {
  return bySplit((split) => standardize(engine, hidden(split), pairs[split].hidden, by));
}
