/** @file What a kept probe reads, made again from the traces. Appendix E. */
import type { SharedPairs } from '../../../probe/checkpoint-traces.ts';
import {
  type BySplit,
  bySplit,
  encodeRecords,
  type KeptProbe,
  type KeptProbes,
  recordWidth,
  standardizationOf,
  standardize,
} from '../../../probe/index.ts';
import { oneHotInputs, varyingColumns } from '../../../probe/standardize.ts';
import type { StoredSplit } from '../../../study/stored-traces.ts';
import type { Engine, FloatArray, Tensor } from '../../../tensor/index.ts';
import { differencesOfTensors } from '../difference.ts';
import type { Difference } from '../kind.ts';

export interface InputsAgain {
  /** Of the test pairs. */
  readonly x: Tensor;
  readonly differences: readonly Difference[];
}

/** Of probes that read hidden states: standardised as the training pairs are. */
export function inputsOfStates(
  engine: Engine,
  width: number,
  stored: BySplit<StoredSplit>,
  pairs: BySplit<SharedPairs>,
  { offset, mean, deviation }: KeptProbe,
): InputsAgain {
  const by = standardizationOf(stored.train.hidden, pairs.train.hidden, width);
  const differences = [
    ...numbersThatDiffer(`trained/${offset}/mean`, mean!, by.mean),
    ...numbersThatDiffer(`trained/${offset}/deviation`, deviation!, by.deviation),
  ];
  return { x: standardize(engine, stored.test.hidden, pairs.test.hidden, by), differences };
}

/** Of probes that read records: without the columns that are the same in all training pairs. */
export function inputsOfRecords(
  engine: Engine,
  stored: BySplit<StoredSplit>,
  kept: KeptProbes,
  pairs: BySplit<SharedPairs>,
  { offset, columns: recorded }: KeptProbe,
): InputsAgain {
  const width = recordWidth('grids', kept.record!);
  const all = bySplit((split) => encodeRecords(stored[split].programs, 'grids', kept.record!));
  const columns = varyingColumns(all.train, pairs.train.hidden, width);
  const differences = numbersThatDiffer(
    `grids/${offset}/columns`,
    Float32Array.from(recorded!),
    Float32Array.from(columns),
  );
  return { x: oneHotInputs(engine, all.test, pairs.test.hidden, columns, width), differences };
}

function numbersThatDiffer(name: string, recorded: FloatArray, computed: FloatArray): Difference[] {
  const tensor = (data: FloatArray) => new Map([[name, { shape: [data.length], data }]]);
  return differencesOfTensors('', tensor(recorded), tensor(computed));
}
