/** @file Hidden states of given tokens: what a probe reads. Chapter 9. */
import { Tape, type Variable } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { chunks, pack, sequencesAtATime } from './batch.ts';
import { BatchError } from './errors.ts';
import type { CodeGen } from './model.ts';
import type { HiddenStateLayer, Taps } from './taps.ts';

export interface HiddenStatesOptions {
  /** Which hidden state, see `TapName`. Default: the mean over the embedding and all layers. */
  readonly layer?: HiddenStateLayer;
  /** How many sequences go through the model at a time. Default: {@link sequencesAtATime}. */
  readonly batchSize?: number;
}

/**
 * Hidden states while the model reads `sequences`, at `positions` of each (0 is its first token): [positions in all,
 * n_embd], in order, outside of the engine's memory. The state from which token t was or would be generated is the one
 * at position t - 1. Throws {@link BatchError} for a position outside of its sequence, `ConfigError` for a layer that the
 * model does not have.
 */
export function hiddenStates(
  engine: Engine,
  model: CodeGen,
  sequences: readonly ArrayLike<number>[],
  positions: readonly ArrayLike<number>[],
  { layer = 'mean', batchSize }: HiddenStatesOptions = {},
): FloatArray {
  return hiddenStatesOfLayers(engine, model, sequences, positions, [layer], batchSize)[0]!;
}

/**
 * Hidden states of several layers from one pass through the model: for each of `layers`, in order, what
 * {@link hiddenStates} gives for it, to the bit. Throws as {@link hiddenStates}.
 */
export function hiddenStatesOfLayers(
  engine: Engine,
  model: CodeGen,
  sequences: readonly ArrayLike<number>[],
  positions: readonly ArrayLike<number>[],
  layers: readonly HiddenStateLayer[],
  batchSize: number = sequencesAtATime(sequences),
): FloatArray[] {
  const width = model.config.n_embd;
  const wanted = positions.reduce((sum, { length }) => sum + length, 0);
  const create = (): FloatArray =>
    engine.precision === 'float64' ? new Float64Array(wanted * width) : new Float32Array(wanted * width);
  const results = new Map(layers.map((layer) => [layer, create()]));
  let filled = 0;
  for (const { first, items } of chunks(sequences, batchSize)) {
    engine.scope(() => {
      const batch = pack(engine, items);
      const rows = selectRows(engine, items, positions.slice(first, first + items.length), batch.starts, first);
      if (rows.length === 0) return;
      const tape = new Tape(engine, { recording: false });
      const selected = engine.empty([rows.length, width]);
      const keepIn =
        (result: FloatArray) =>
        ({ value }: Variable): undefined => {
          engine.kernels.embedding(selected.data, value.data, rows, rows.length, width);
          result.set(selected.data, filled * width);
        };
      const taps = [...results].map(([layer, result]) => [`hidden_states.${layer}`, keepIn(result)] as const);
      model.forward(tape, batch, {
        logitsAt: engine.integers(1), // they are not used
        taps: Object.fromEntries(taps) satisfies Taps,
      });
      filled += rows.length;
    });
  }
  return layers.map((layer) => results.get(layer)!);
}

function selectRows(
  engine: Engine,
  sequences: readonly ArrayLike<number>[],
  positions: readonly ArrayLike<number>[],
  starts: Int32Array,
  first: number,
): Int32Array {
  const rows: number[] = [];
  sequences.forEach(({ length }, index) => {
    for (const position of Array.from(positions[index] ?? [])) {
      if (!(position >= 0 && position < length)) {
        throw new BatchError(
          `hiddenStates: position ${position} of sequence ${first + index}, which has ${length} tokens`,
        );
      }
      rows.push(starts[index]! + position);
    }
  });
  return engine.integers(rows);
}
