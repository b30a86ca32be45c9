import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  CheckpointError,
  decodeModel,
  decodeSafetensors,
  encodeModel,
  encodeSafetensors,
  type Files,
  INDEX_FILE,
  parameterSpecs,
  readModel,
  type StoredTensor,
} from '../../src/transformer/index.ts';
import { json, withHeader } from './files.ts';
import { TINY, tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float32');
const ours = encodeModel(tinyModel(engine));
const { tensors } = decodeSafetensors(ours['model.safetensors'], 'model.safetensors');
const config = JSON.parse(new TextDecoder().decode(ours['config.json'])) as Record<string, unknown>;

/** A file without our seal. */
function foreign(content: ReadonlyMap<string, StoredTensor>): Uint8Array {
  return withHeader(encodeSafetensors(content), (text) => text.replace(/"sha256":"[0-9a-f]*"/, '"by":"another"'));
}

function model(content: ReadonlyMap<string, StoredTensor>, changes: Record<string, unknown> = {}): Files {
  return { 'config.json': json({ ...config, ...changes }), 'model.safetensors': foreign(content) };
}

/** The tensors, some of them under another name. */
function renamed(rename: (name: string) => string): Map<string, StoredTensor> {
  return new Map([...tensors].map(([name, tensor]) => [rename(name), tensor]));
}

/** In two shards: the first layer, and all the rest. */
function sharded(): Record<'config.json' | 'a.safetensors' | 'b.safetensors' | typeof INDEX_FILE, Uint8Array> {
  const fileOf = (name: string): string => (name.includes('.h.0.') ? 'a.safetensors' : 'b.safetensors');
  const part = (file: string) => foreign(new Map([...tensors].filter(([name]) => fileOf(name) === file)));
  const weight_map = Object.fromEntries([...tensors.keys()].map((name) => [name, fileOf(name)]));
  return {
    'config.json': ours['config.json'],
    'a.safetensors': part('a.safetensors'),
    'b.safetensors': part('b.safetensors'),
    [INDEX_FILE]: json({ metadata: { total_size: 1 }, weight_map }),
  };
}

/** What `decodeModel` says to these files. */
function refusal(files: Files): string {
  try {
    decodeModel(engine, files);
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError);
    return (error as Error).message;
  }
  return 'none';
}

/** Opens, as the same model: it writes the same bytes. */
function expectOurs(files: Files): void {
  expect(encodeModel(decodeModel(engine, files))).toEqual(ours);
}

describe('our own model', () => {
  test('says that it is sealed, and the committed one writes the same bytes again', () => {
    expect(readModel(ours).sealed).toBe(true);
    const file = (name: string) =>
      new Uint8Array(readFileSync(new URL(`../../results/tiny/checkpoint/${name}`, import.meta.url)));
    const committed = { 'config.json': file('config.json'), 'model.safetensors': file('model.safetensors') };
    expect(encodeModel(decodeModel(engine, committed))).toEqual(committed);
  });

  test('that has lost its seal is refused, not taken for another’s', () => {
    const without = withHeader(ours['model.safetensors'], (text) => text.replace('"sha256"', '"sha257"'));
    expect(refusal({ ...ours, 'model.safetensors': without })).toBe(
      'model.safetensors: altered: it has lost its checksum (sha256 in __metadata__)',
    );
  });

  test('with any bit altered, in either file, is refused', () => {
    const files = encodeModel(
      tinyModel(engine, { vocab_size: 2, n_embd: 8, n_inner: 1, n_layer: 1, n_positions: 1, rotary_dim: 2 }),
    );
    for (const file of ['config.json', 'model.safetensors'] as const) {
      for (let bit = 0; bit < 8 * files[file].length; bit++) {
        const changed = files[file].slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => readModel({ ...files, [file]: changed }), `${file}, bit ${bit}`).toThrow(CheckpointError);
      }
    }
  });
});

describe('a model of others', () => {
  test('opens without a seal, and says so', () => {
    expect(readModel(model(tensors)).sealed).toBe(false);
    expectOurs(model(tensors));
  });

  test('opens in double precision, rounded to single by an engine of that', () => {
    expectOurs(
      model(new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]))),
    );
  });

  test('opens with names without transformer., as CodeGenModel has them', () => {
    expectOurs(model(renamed((name) => name.replace('transformer.', ''))));
  });

  test('opens with the buffers of older versions, of whatever type, and skips them', () => {
    const file = withHeader(foreign(tensors), (text) => {
      const { __metadata__, ...entries } = JSON.parse(text) as Record<string, { data_offsets: [number, number] }>;
      const end = Math.max(...Object.values(entries).map((entry) => entry.data_offsets[1]));
      const scalar = { dtype: 'F32', shape: [], data_offsets: [end, end + 4] };
      const mask = (begin: number) => ({ dtype: 'BOOL', shape: [1, 1, 2, 2], data_offsets: [begin, begin + 4] });
      return JSON.stringify({
        ...entries,
        'transformer.h.0.attn.masked_bias': scalar,
        'transformer.h.0.attn.causal_mask': mask(end + 4),
        'h.1.attn.bias': mask(end + 8),
      });
    });
    expectOurs({ ...ours, 'model.safetensors': Uint8Array.of(...file, ...new Uint8Array(12)) });
  });

  test('opens from Node Buffers', () => {
    const buffers = Object.entries(sharded()).map(([name, bytes]) => [name, Buffer.from(bytes)]);
    expectOurs(Object.fromEntries(buffers));
  });

  const tied = { tie_word_embeddings: true };
  test('opens with tied embeddings when the file has both, and both are the same', () => {
    const both = new Map(tensors).set('lm_head.weight', tensors.get('transformer.wte.weight')!);
    expect(decodeModel(engine, model(both, tied)).config).toEqual(TINY);
    const reason = 'config.json: config: tie_word_embeddings is true, which works with an lm_head.weight equal to';
    expect(refusal(model(tensors, tied))).toMatch(reason);
    both.delete('lm_head.weight');
    expect(refusal(model(both, tied))).toMatch(reason);
  });

  test.each(parameterSpecs(TINY).map(({ name }) => name))('without %s is refused by that name', (name) => {
    const without = new Map(tensors);
    without.delete(name);
    expect(refusal(model(without))).toBe(`model.safetensors: has no ${name}`);
  });

  test('with a parameter of another shape, or an unknown one, is refused by its name in the file', () => {
    const wte = { shape: [16, 11], data: tensors.get('transformer.wte.weight')!.data };
    const short = renamed((name) => name.replace('transformer.', ''));
    expect(refusal(model(short.set('wte.weight', wte)))).toBe(
      'model.safetensors: wte.weight has the shape [16, 11], expected [11, 16]',
    );
    for (const name of ['color', 'h.2.ln_1.bias', 'transformer.h.0.attn.qkv_proj.bias', 'transformer.lm_head.weight']) {
      expect(refusal(model(new Map(tensors).set(name, wte)))).toBe(
        `model.safetensors: ${name} is not a parameter of this model`,
      );
    }
  });

  test('with one parameter under both of its names is refused', () => {
    const both = new Map(tensors).set('ln_f.bias', tensors.get('transformer.ln_f.bias')!);
    expect(refusal(model(both))).toMatch(/^model.safetensors: .*ln_f.bias and .*ln_f.bias are the same parameter$/);
  });

  test('with a config.json of another model is refused, a million million layers in no time', () => {
    expect(refusal(model(tensors, { activation_function: 'relu' }))).toBe(
      'config.json: config: activation_function is "relu", only "gelu_new" works',
    );
    expect(refusal(model(tensors, { n_layer: 1e12 }))).toBe('model.safetensors: has no transformer.h.2.ln_1.weight');
    expect(refusal(model(tensors, { n_layer: 1 }))).toMatch('transformer.h.1.');
    expect(refusal(model(tensors, { n_embd: 2 ** 40 }))).toMatch('transformer.wte.weight has the shape [11, 16]');
    expect(refusal({ ...model(tensors), 'config.json': json([]) })).toBe('config.json: config: not an object');
    expect(refusal({ ...model(tensors), 'config.json': new TextEncoder().encode('{"n_head":4,"n_head":8}') })).toBe(
      'config.json: names n_head twice',
    );
  });

  test('that is no file of ours is refused by the name of what is missing', () => {
    expect(refusal({})).toBe('model.safetensors: is missing');
    expect(refusal({ 'model.safetensors': foreign(tensors) })).toBe('config.json: is missing');
  });
});

describe('a model in shards', () => {
  test('opens, and is sealed when each of its shards is', () => {
    expectOurs(sharded());
    expect(readModel(sharded()).sealed).toBe(false);
  });

  test('gives way to a whole model beside it, as in transformers', () => {
    expectOurs({ ...sharded(), 'b.safetensors': new Uint8Array(3), 'model.safetensors': foreign(tensors) });
  });

  test('opens with names without transformer.', () => {
    const { [INDEX_FILE]: index, ...files } = sharded();
    const shorten = (text: string): string => text.replaceAll('"transformer.', '"');
    expectOurs({
      'config.json': files['config.json'],
      'a.safetensors': withHeader(files['a.safetensors'], shorten),
      'b.safetensors': withHeader(files['b.safetensors'], shorten),
      [INDEX_FILE]: new TextEncoder().encode(shorten(new TextDecoder().decode(index))),
    });
  });

  test('is refused when a shard is missing, or broken, by its name', () => {
    const { 'a.safetensors': bytes, ...files } = sharded();
    expect(refusal(files)).toBe('a.safetensors: is missing');
    expect(refusal({ ...files, 'a.safetensors': bytes.slice(0, -1) })).toMatch(
      /^a.safetensors: truncated: transformer/,
    );
  });

  test('is refused when a parameter has another shape, by the name of its shard', () => {
    const changes = json({ ...config, n_inner: 3 });
    expect(refusal({ ...sharded(), 'config.json': changes })).toBe(
      'a.safetensors: transformer.h.0.mlp.fc_in.weight has the shape [64, 16], expected [3, 16]',
    );
  });

  const index = JSON.parse(new TextDecoder().decode(sharded()[INDEX_FILE])) as { weight_map: Record<string, string> };
  const { 'lm_head.bias': bias, ...others } = index.weight_map;
  test.each<[string, unknown, string]>([
    ['names a tensor that the shard lacks', { more: 'a.safetensors' }, 'a.safetensors: has no more, which'],
    [
      'puts a tensor into another shard',
      { 'lm_head.bias': 'a.safetensors' },
      'a.safetensors: has no lm_head.bias, which model.safetensors.index.json says that it holds',
    ],
    ['names a file that is not there', { more: 'c.safetensors' }, 'c.safetensors: is missing'],
    ['names a file as JavaScript names methods', { more: 'toString' }, 'toString: is missing'],
    ['names no file', { more: 3 }, 'model.safetensors.index.json: more lies in 3, not in a file'],
  ])('is refused when its index %s', (_, more, message) => {
    const weight_map = { ...index.weight_map, ...(more as object) };
    expect(refusal({ ...sharded(), [INDEX_FILE]: json({ weight_map }) })).toContain(message);
  });

  test('is refused when its index leaves out a tensor, or is none', () => {
    expect(bias).toBe('b.safetensors');
    const withIndex = (value: unknown) => refusal({ ...sharded(), [INDEX_FILE]: json(value) });
    const reason = 'lm_head.bias is not among the tensors that model.safetensors.index.json says that it holds';
    expect(withIndex({ weight_map: others })).toBe(`b.safetensors: ${reason}`);
    expect(withIndex({ weight_map: [] })).toBe(`${INDEX_FILE}: weight_map is [], expected tensors with files`);
    expect(withIndex([])).toBe(`${INDEX_FILE}: weight_map is undefined, expected tensors with files`);
    expect(withIndex({ weight_map: {} })).toBe(`${INDEX_FILE}: has no transformer.wte.weight`);
    const twice = new TextEncoder().encode('{"weight_map":{"a":"b","a":"c"}}');
    expect(refusal({ ...sharded(), [INDEX_FILE]: twice })).toBe(`${INDEX_FILE}: names weight_map.a twice`);
  });
});
