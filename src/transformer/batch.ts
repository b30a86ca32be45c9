/** @file A batch of token sequences, packed one after the other. Chapter 6. */
import type { Engine } from '../tensor/engine.ts';
import { BatchError } from './errors.ts';

/** Sequences without padding: a batch of 64 x 74 tokens is 4,736 rows, whatever the lengths are. */
export interface PackedBatch {
  /** Token ids [tokens]. */
  readonly ids: Int32Array;
  /** Position of each token in its own sequence, from 0 [tokens]. */
  readonly positions: Int32Array;
  /** Row of each sequence's first token, and the number of tokens in all [sequences + 1]. */
  readonly starts: Int32Array;
}

/** Packs sequences into memory that the kernels read. Throws {@link BatchError} when one is empty, or there is none. */
export function pack(engine: Engine, sequences: readonly ArrayLike<number>[]): PackedBatch {
  if (sequences.length === 0) throw new BatchError('pack: no sequences');
  const starts = engine.integers(sequences.length + 1);
  sequences.forEach((sequence, index) => {
    if (sequence.length === 0) throw new BatchError(`pack: sequence ${index} is empty`);
    starts[index + 1] = starts[index]! + sequence.length;
  });
  const tokens = starts[sequences.length]!;
  const ids = engine.integers(tokens);
  const positions = engine.integers(tokens);
  sequences.forEach((sequence, index) => {
    const start = starts[index]!;
    ids.set(sequence, start);
    for (let position = 0; position < sequence.length; position++) positions[start + position] = position;
  });
  return { ids, positions, starts };
}

/** Rows of the sequences' last tokens [sequences]. */
export function lastRows(engine: Engine, batch: PackedBatch): Int32Array {
  const rows = engine.integers(batch.starts.length - 1);
  for (let index = 0; index < rows.length; index++) rows[index] = batch.starts[index + 1]! - 1;
  return rows;
}

/** The target of each position of a sequence is its next token; the last position has none (-1: ignored). */
export function nextTokens(sequence: ArrayLike<number>): Int32Array {
  const targets = new Int32Array(sequence.length).fill(-1);
  for (let position = 1; position < sequence.length; position++) targets[position - 1] = sequence[position]!;
  return targets;
}

/** Loss weights [length] that count only the predictions of tokens at index `first` and later: the program's, say. */
export function weightsFrom(length: number, first: number): Float32Array {
  return new Float32Array(length).fill(1, Math.max(first - 1, 0));
}

const MOST_SEQUENCES = 256;
const MOST_TOKENS = 20_000;

/** How many of these sequences go through the model at a time: 256, or fewer where they are long, so that memory is bounded. */
export function sequencesAtATime(sequences: readonly ArrayLike<number>[]): number {
  const longest = sequences.reduce((most, { length }) => Math.max(most, length), 1);
  return Math.max(1, Math.min(MOST_SEQUENCES, Math.floor(MOST_TOKENS / longest)));
}

/** Cuts `items` into runs of at most `size`. Throws {@link BatchError} when that is no whole number from 1 up. */
export function chunks<T>(
  items: readonly T[],
  size: number,
): { readonly first: number; readonly items: readonly T[] }[] {
  if (!(Number.isInteger(size) && size >= 1))
    throw new BatchError(`batch size ${size} is not a whole number from 1 up`);
  const runs = [];
  for (let first = 0; first < items.length; first += size)
    runs.push({ first, items: items.slice(first, first + size) });
  return runs;
}
