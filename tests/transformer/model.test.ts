import { describe, expect, test } from 'vitest';
import { crossEntropy, gradcheck, parameter, Tape, type Variable } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  BatchError,
  CheckpointError,
  CodeGen,
  codeGenConfig,
  initialValues,
  nextTokens,
  pack,
  parameterSpecs,
  standardNormal,
} from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { sequences, TINY, tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float64');
const samples = sequences(3, 2, 6);

/** The weighted loss of `samples`, for gradcheck. */
function lossOf(model: CodeGen): (tape: Tape) => Variable {
  const batch = pack(engine, samples);
  const targets = engine.integers(samples.flatMap((sample) => [...nextTokens(sample)]));
  const weights = Float64Array.from(targets, (_, row) => 1 + (row % 3));
  return (tape) => crossEntropy(tape, model.forward(tape, batch), targets, weights).loss;
}

describe('whole model', () => {
  test.each([
    { n_inner: null, rotary_dim: 2 },
    { n_inner: 10, rotary_dim: 4 },
  ])('gradcheck of the loss with %j: relative error below 1e-6 for every parameter', (settings) => {
    const model = tinyModel(engine, settings);
    const loss = lossOf(model);
    for (const weights of model.parameters) {
      const result = gradcheck(loss, [weights], { engine, samples: 24 });
      expect(result.relativeError, `${weights.name}: ${JSON.stringify(result)}`).toBeLessThan(1e-6);
    }
  });

  test('gradcheck fails for a model whose residual sum forgets to pass the gradient on', () => {
    const model = tinyModel(engine);
    const batch = pack(engine, samples);
    const cut = (tape: Tape): Variable =>
      model.forward(tape, batch, { taps: { 'h.0': ({ value }) => parameter(engine, value) } });
    const result = gradcheck(cut, [model.parameter('transformer.h.0.mlp.fc_out.bias')], { engine });
    expect(result.relativeError).toBeGreaterThan(0.5);
  });

  test('a token sees nothing of later tokens, and nothing of other samples', () => {
    const model = tinyModel(engine);
    const logits = (batch: number[][]): number[] =>
      Array.from(model.forward(new Tape(engine), pack(engine, batch)).value.data);
    const [a, b] = [samples[0]!, samples[1]!];
    const size = a.length * TINY.vocab_size;
    const alone = logits([a]);
    expect(logits([a, b]).slice(0, size)).toEqual(alone);
    expect(logits([b, a]).slice(-size)).toEqual(alone);
    const changed = [...a.slice(0, -1), (a.at(-1)! + 1) % TINY.vocab_size];
    const kept = size - TINY.vocab_size;
    expect(logits([changed]).slice(0, kept)).toEqual(alone.slice(0, kept));
    expect(logits([changed]).slice(kept)).not.toEqual(alone.slice(kept));
  });

  test('the order of the tokens matters', () => {
    const model = tinyModel(engine);
    const last = (sample: number[]): number[] =>
      Array.from(model.forward(new Tape(engine), pack(engine, [sample])).value.data.slice(-TINY.vocab_size));
    expect(last([1, 2, 3, 4])).not.toEqual(last([2, 1, 3, 4]));
  });

  test('without recording, and at chosen rows only, the logits are the same bits', () => {
    const model = tinyModel(engine);
    const batch = pack(engine, samples);
    const all = model.forward(new Tape(engine), batch).value;
    const tape = new Tape(engine, { recording: false });
    expect(model.forward(tape, batch).value.data).toEqual(all.data);
    const some = model.forward(tape, batch, { logitsAt: engine.integers([4, 1]) }).value;
    expect(some.shape).toEqual([2, TINY.vocab_size]);
    expect(some.data).toEqual(Float64Array.of(...all.rows(4, 5).data, ...all.rows(1, 2).data));
  });

  test.each([
    [[[11]], 'token 11 in a vocabulary of 11'],
    [[[3, -1]], 'token -1'],
    [[new Array(25).fill(0)], 'more than n_positions = 24 tokens'],
    [[[1], []], 'sequence 1 is empty'],
    [[], 'no sequences'],
  ])('%j is refused: %s', (batch, message) => {
    const model = tinyModel(engine);
    const run = (): unknown => model.forward(new Tape(engine), pack(engine, batch as number[][]));
    expect(run).toThrow(BatchError);
    expect(run).toThrow(message);
  });

  test('fromTensors refuses a missing, an unknown and a misshapen parameter', () => {
    const tensors = new Map(tinyModel(engine).parameters.map(({ name, value }) => [name!, value]));
    const without = new Map(tensors);
    without.delete('lm_head.bias');
    const load = (changed: typeof tensors) => () => CodeGen.fromTensors(engine, TINY, changed, 'a.safetensors');
    expect(load(without)).toThrow(new CheckpointError('a.safetensors', 'has no lm_head.bias'));
    expect(load(new Map([...tensors, ['extra', engine.zeros([1])]]))).toThrow('extra is not a parameter of this model');
    expect(load(new Map([...tensors, ['lm_head.bias', engine.zeros([3])]]))).toThrow('shape [3], expected [11]');
    expect(load(tensors)).not.toThrow();
  });
});

describe('first values', () => {
  const config = codeGenConfig({ ...TINY, vocab_size: 500, n_embd: 64, n_layer: 8, initializer_range: 0.125 });
  const values = new Map(
    parameterSpecs(config).map(({ name }, index) => [name, initialValues(config, uniform(3))[index]!]),
  );
  const deviation = (name: string): number => {
    const data = values.get(name)!;
    return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
  };

  test('matrices have deviation initializer_range, residual outputs that / sqrt(2 x layers), within 5 %', () => {
    const wide = ['transformer.wte.weight', 'transformer.h.3.attn.qkv_proj.weight', 'transformer.h.7.mlp.fc_in.weight'];
    for (const name of [...wide, 'lm_head.weight'])
      expectClose([deviation(name)], [0.125], { relative: 0.05, absolute: 0 }, name);
    for (const name of ['transformer.h.0.attn.out_proj.weight', 'transformer.h.7.mlp.fc_out.weight']) {
      expectClose([deviation(name)], [0.125 / 4], { relative: 0.05, absolute: 0 }, name);
    }
  });

  test('every bias is zero, every norm weight is one', () => {
    for (const [name, data] of values) {
      if (name.endsWith('.bias')) expect(new Set(data), name).toEqual(new Set([0]));
      if (/ln_\w\.weight$/.test(name)) expect(new Set(data), name).toEqual(new Set([1]));
    }
  });

  test('the generator decides: equal seeds give equal bits, others do not', () => {
    expect(initialValues(TINY, uniform(1))).toEqual(initialValues(TINY, uniform(1)));
    expect(initialValues(TINY, uniform(1))).not.toEqual(initialValues(TINY, uniform(2)));
  });

  test('standardNormal: of 20,000 numbers mean within 0.02 of 0, variance within 0.03 of 1, 68.3 % within one deviation, to 1 %', () => {
    const normal = standardNormal(uniform(7));
    const drawn = Array.from({ length: 20_000 }, normal);
    const mean = (f: (x: number) => number): number => drawn.reduce((sum, x) => sum + f(x), 0) / drawn.length;
    expectClose([mean((x) => x)], [0], { relative: 0, absolute: 0.02 });
    expectClose([mean((x) => x * x)], [1], { relative: 0, absolute: 0.03 });
    expectClose([mean((x) => Number(Math.abs(x) < 1))], [0.683], { relative: 0, absolute: 0.01 });
  });

  test('standardNormal stays finite where the uniform number is 0 or nearly 1', () => {
    for (const u of [0, 1 - 2 ** -32, 1 - 2 ** -53]) expect(Number.isFinite(standardNormal(() => u)())).toBe(true);
  });
});
