/** @file Models that Hugging Face's transformers has written, against the logits that it computes. */
import { describe, expect, test } from 'vitest';
import { Tape } from '../../src/autograd/index.ts';
import { openEngine } from '../../src/node/threads.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { decodeModel, INDEX_FILE, pack, readModel } from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { FIXTURES, type Fixture, fixture, headerText } from './files.ts';

function logitsOf(engine: Engine, { files, tokens }: Fixture): Float64Array {
  const model = decodeModel(engine, files);
  return Float64Array.from(model.forward(new Tape(engine), pack(engine, tokens)).value.data);
}

describe.each(FIXTURES)('transformers, %s', (name) => {
  const given = fixture(name);

  test('logits within 1e-5 of those that PyTorch computes: reference kernels, single and double, and fast ones', async () => {
    const fast = await openEngine({ threads: 2 });
    for (const engine of [createReferenceEngine('float64'), createReferenceEngine('float32'), fast]) {
      expectClose(
        logitsOf(engine, given),
        given.logits,
        { absolute: 1e-5 },
        `${engine.arithmetic} ${engine.precision}`,
      );
    }
    await fast.close();
  });

  test('its config.json is read: sizes, and no begin or end where the vocabulary has none', () => {
    const { config, sealed } = readModel(given.files);
    expect(config).toEqual({
      vocab_size: 30,
      n_positions: 24,
      n_embd: 32,
      n_layer: 2,
      n_head: 4,
      rotary_dim: 4,
      n_inner: name === 'sharded-f32' ? null : 16,
      layer_norm_epsilon: 1e-5,
      initializer_range: 0.02,
      bos_token_id: null,
      eos_token_id: null,
    });
    expect(sealed).toBe(false);
  });
});

test('the fixtures are what they are called: three shards, bfloat16, and half precision with buffers', () => {
  const [shards, brain, older] = FIXTURES.map((name) => fixture(name).files);
  expect(Object.keys(shards!).filter((name) => name.endsWith('.safetensors'))).toHaveLength(3);
  expect(shards).toHaveProperty([INDEX_FILE]);
  const headers = [brain!, older!].map((files) => headerText(files['model.safetensors']!));
  expect(headers[0]).toContain('"dtype":"BF16"');
  expect(headers[1]).toContain('"dtype":"F16"');
  expect(headers[1]).toContain('"transformer.h.1.attn.causal_mask":{"dtype":"BOOL"');
});

test('queries, values and keys in another order give other logits: the comparison can fail', () => {
  const given = fixture('bf16');
  const engine = createReferenceEngine('float32');
  const model = decodeModel(engine, given.files);
  const { data } = model.parameter('transformer.h.0.attn.qkv_proj.weight').value;
  const rows = 8 * 32; // of each of the four groups: queries, then values, then keys
  const values = data.slice(rows, 2 * rows);
  data.copyWithin(rows, 2 * rows, 3 * rows);
  data.set(values, 2 * rows);
  const logits = model.forward(new Tape(engine), pack(engine, given.tokens)).value.data;
  expect(() => expectClose(logits, given.logits, { absolute: 1e-2 })).toThrow('elements differ');
});
