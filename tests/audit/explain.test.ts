/** Explanations against what the model computed. */
import { expect, test } from 'vitest';
import { explainer, parseAddress } from '../../src/audit/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  attentionWeights,
  CodeGen,
  codeGenConfig,
  nextTokenProbabilities,
  readSequence,
  tapNames,
} from '../../src/transformer/index.ts';

const engine = createReferenceEngine('float64');
let state = 1;
const random = (): number => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
const model = CodeGen.initialize(
  engine,
  codeGenConfig({
    vocab_size: 11,
    n_positions: 12,
    n_embd: 16,
    n_layer: 2,
    n_head: 4,
    rotary_dim: 2,
    initializer_range: 0.4,
  }),
  random,
);
const reading = readSequence(engine, model, [1, 7, 3, 3, 9, 10]);
const audit = explainer(model, reading);

test('every activation of every token follows from its operands, to 1e-9', () => {
  for (const [name, { data, width }] of reading.activations) {
    for (let token = 0; token < 6; token++) {
      for (let i = 0; i < width; i++) {
        const { value, computed } = audit.explain({ token, name, index: [i] });
        expect(value).toBe(data[token * width + i]);
        expect(Math.abs(value - computed), `${name} ${token} ${i}`).toBeLessThan(1e-9);
      }
    }
  }
});

test('from a logit one comes down to parameters alone, whichever operand one takes', () => {
  let address = 'token 5/logits[4]';
  const ends = new Set<string>();
  for (let turn = 0; turn < 40; turn++) {
    let at = address;
    for (let depth = 0; depth < 60; depth++) {
      const { operands } = audit.explain(parseAddress(at));
      if (operands.length === 0) break;
      const addresses = operands
        .flatMap((one) => [one.address, one.factor?.address ?? null])
        .filter((one) => one !== null);
      at = addresses[Math.floor(random() * addresses.length)]!;
    }
    expect(at.startsWith('token')).toBe(false);
    ends.add(at.split('[')[0]!);
  }
  expect(ends.size).toBeGreaterThan(4);
  address = '';
});

test('a changed parameter no longer explains what was computed before', () => {
  const weight = model.parameter('lm_head.weight').value.data;
  const kept = weight[3]!;
  weight[3] = kept + 1;
  const { value, computed } = audit.explain(parseAddress('token 5/logits[0]'));
  expect(Math.abs(value - computed)).toBeGreaterThan(1e-3);
  weight[3] = kept;
});

test('a reading holds every tap; weights of a head and probabilities add up to 1', () => {
  for (const name of tapNames(model.config)) expect(reading.activations.has(name)).toBe(true);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  for (let head = 0; head < 4; head++) expect(sum(attentionWeights(reading, model, 1, head, 5))).toBeCloseTo(1, 12);
  expect(sum(nextTokenProbabilities(reading, 5))).toBeCloseTo(1, 12);
});

test.each([
  'token 9/logits[0]',
  'token 1/logits[11]',
  'token 1/h.2.mlp.act[0]',
  'logits',
  'token x/logits[1]',
  'lm_head.weight[99,0]',
])('%s is an AuditError', (text) => {
  expect(() => audit.explain(parseAddress(text))).toThrow(expect.objectContaining({ name: 'AuditError' }));
});
