/** @file Broken files of models: always a value or a refusal, in the memory that the file itself takes. */
import { expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  CheckpointError,
  decodeModel,
  decodeSafetensors,
  encodeModel,
  type Files,
  readModel,
  type StoredTensor,
} from '../../src/transformer/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { fixture, safetensorsFile } from './files.ts';
import { mutated } from './mutate.ts';
import { tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float32');
const bytesOf = (tensors: ReadonlyMap<string, StoredTensor>): number =>
  [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);

/** The value, or undefined for a refusal; everything else that is thrown is the test's failure. */
function valueFrom<T>(read: () => T, label: string): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw new Error(`${label}: ${error}`, { cause: error });
    return undefined;
  }
}

/** Breaks one file of the model in each case; gives how many were opened nevertheless. */
function opened(files: Files, cases: number, seed: number): { value: number; identical: number } {
  const random = uniform(seed);
  const names = Object.keys(files);
  const counts = { value: 0, identical: 0 };
  for (let i = 0; i < cases; i++) {
    const name = names[Math.floor(random() * names.length)]!;
    const bytes = mutated(name, files[name]!, random);
    const broken = { ...files, [name]: bytes };
    const model = valueFrom(() => readModel(broken), `seed ${seed}, case ${i}, ${name}`);
    if (!model) continue;
    counts.value++;
    if (Buffer.compare(bytes, files[name]!) === 0) counts.identical++;
    const given = Object.values(broken).reduce((sum, { length }) => sum + length, 0);
    expect(bytesOf(model.tensors)).toBeLessThanOrEqual(2 * given); // 16 bits become 32
    expect(decodeModel(engine, broken).config).toEqual(model.config);
  }
  return counts;
}

test('1000 broken safetensors files of four types give a value of at most twice their size, or a CheckpointError', () => {
  const header = {
    __metadata__: { format: 'pt' },
    a: { dtype: 'F16', shape: [2, 3], data_offsets: [0, 12] },
    b: { dtype: 'BF16', shape: [], data_offsets: [12, 14] },
    c: { dtype: 'F32', shape: [2], data_offsets: [14, 22] },
    d: { dtype: 'F64', shape: [1, 1], data_offsets: [22, 30] },
    e: { dtype: 'F32', shape: [0], data_offsets: [30, 30] },
  };
  const foreign = safetensorsFile(header, 30);
  const random = uniform(1);
  let values = 0;
  for (let i = 0; i < 1000; i++) {
    const bytes = mutated('a.safetensors', foreign, random);
    const decoded = valueFrom(() => decodeSafetensors(bytes, 'a.safetensors'), `case ${i}`);
    if (!decoded) continue;
    values++;
    expect(bytesOf(decoded.tensors)).toBeLessThanOrEqual(2 * bytes.length);
  }
  expect(values).toBeGreaterThan(50); // such as those with a changed number among the tensors
  expect(values).toBeLessThan(500);
});

test('1000 broken files of our own model are all refused with a CheckpointError', () => {
  const files = encodeModel(tinyModel(engine, { vocab_size: 2, n_embd: 8, n_inner: 1, n_layer: 1, rotary_dim: 2 }));
  const { value, identical } = opened(files, 1000, 2);
  expect(value).toBe(identical);
  expect(value).toBeLessThan(300);
});

test('1000 broken files of a model in shards give a model that runs, or a CheckpointError', () => {
  const { value } = opened(fixture('sharded-f32').files, 1000, 3);
  expect(value).toBeGreaterThan(50);
  expect(value).toBeLessThan(700);
});
