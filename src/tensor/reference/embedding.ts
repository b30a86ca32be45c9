/** @file Embedding: a row of a table for each id. Chapter 3. */
import type { FloatArray } from '../tensor.ts';

/** out[r] = table[ids[r]], as `torch.nn.Embedding`. */
export function embedding(
  out: FloatArray, // [rows, width]
  table: FloatArray, // [vocabulary, width]
  ids: Int32Array, // [rows]
  rows: number,
  width: number,
): void {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < width; j++) out[r * width + j] = table[ids[r]! * width + j]!;
  }
}

/** dtable[id] = sum of dout[r] over the rows r with ids[r] = id: a row looked up twice earns twice. */
export function embeddingBackward(
  dtable: FloatArray, // [vocabulary, width]
  dout: FloatArray, // [rows, width]
  ids: Int32Array, // [rows]
  rows: number,
  width: number,
  vocabulary: number,
  accumulate: boolean,
): void {
  if (!accumulate) dtable.fill(0, 0, vocabulary * width);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < width; j++) dtable[ids[r]! * width + j]! += dout[r * width + j]!;
  }
}
