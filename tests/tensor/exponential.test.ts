/** @file Error bounds of the vector exp and log and of GELU, against double precision. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enableRelaxedSimd, openEngine } from '../../src/node/threads.ts';
import { type Engine, reference } from '../../src/tensor/index.ts';
import { type FunctionBuilder, ModuleBuilder, type Routine, routine } from '../../src/tensor/wasm/assembler.ts';
import { EXP_HIGHEST, EXP_LOWEST, exp, log } from '../../src/tensor/wasm/exponential.ts';
import { type V128, v128_load, v128_store } from '../../src/tensor/wasm/instructions.ts';
import { expectClose } from '../helpers/close.ts';

enableRelaxedSimd();

const COUNT = 200_000;

async function apply(relaxed: boolean, body: (f: FunctionBuilder, x: V128) => V128, values: Float32Array) {
  const all = routine('all', ['i32'], undefined, (f, end) => {
    const at = f.i32();
    f.for(at, 0, end, 16, () => f.do(v128_store(at, body(f, v128_load(at)))));
  });
  const builder = new ModuleBuilder({ relaxed, tileRows: 6 });
  builder.addExport(all as unknown as Routine<readonly [], undefined>);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  const instance = new WebAssembly.Instance(await WebAssembly.compile(builder.encode(64)), { env: { memory } });
  const floats = new Float32Array(memory.buffer, 0, values.length);
  floats.set(values);
  (instance.exports['all'] as (end: number) => void)(4 * values.length);
  return floats.slice();
}

function spread(from: number, to: number): Float32Array {
  return Float32Array.from({ length: COUNT }, (_, i) => from + ((to - from) * i) / (COUNT - 1));
}

describe.each([
  ['relaxed-simd', true],
  ['simd', false],
])('%s', (_, relaxed) => {
  it('exp: relative error below 2e-7 from -86.6 to 88.37', async () => {
    const x = spread(EXP_LOWEST, EXP_HIGHEST);
    const y = await apply(relaxed, (f, v) => exp(f, v, true), x);
    expectClose(y, Float64Array.from(x, Math.exp), { relative: 2e-7 });
  });

  it('exp of what is below its range is below 3e-38, above it above 2e38; of NaN it is NaN', async () => {
    const x = Float32Array.of(-87, -1000, -Infinity, -3e38, 89, 1e5, Infinity, NaN);
    const y = await apply(relaxed, (f, v) => exp(f, v, true), x);
    for (const value of y.subarray(0, 4)) expect(value).toBeLessThan(3e-38);
    for (const value of y.subarray(4, 7)) expect(value).toBeGreaterThan(2e38);
    expect(y[7]).toBeNaN();
  });

  it('exp without its upper limit: NaN stays NaN, 0 gives exactly 1', async () => {
    const y = await apply(relaxed, (f, v) => exp(f, v), Float32Array.of(NaN, 0, -0, -1e9));
    expect(y[0]).toBeNaN();
    expect([y[1], y[2]]).toEqual([1, 1]);
  });

  it('log: error below 1e-7 + 1.5e-7 |log x| from 1e-30 to 1e30 and around 1', async () => {
    for (const x of [spread(-69, 69).map(Math.exp), spread(0.5, 2)]) {
      const y = await apply(relaxed, log, x);
      expectClose(y, Float64Array.from(x, Math.log), { relative: 1.5e-7, absolute: 1e-7 });
    }
  });

  it('log of NaN is NaN', async () => {
    expect((await apply(relaxed, log, Float32Array.of(NaN, 1, 1, 1)))[0]).toBeNaN();
  });
});

describe('GELU', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
  });
  afterAll(() => engine.close());

  it.each([
    ['gelu', -6, 6, 3e-7],
    ['gelu', -100, 100, 3e-7],
  ] as const)('%s: error below 3e-7 times max(1, |x|) from %s to %s', (_, from, to, bound) => {
    const x = engine.tensor([COUNT], spread(from, to)).data;
    const y = engine.empty([COUNT]).data;
    engine.kernels.gelu(y, x);
    const expected = new Float64Array(COUNT);
    reference.gelu(expected, Float64Array.from(x));
    const scaled = (values: ArrayLike<number>) => Float64Array.from(values, (v, i) => v / Math.max(1, Math.abs(x[i]!)));
    expectClose(scaled(y), scaled(expected), { absolute: bound });
  });

  it('derivative of gelu: error below 5e-7 from -100 to 100', () => {
    const x = engine.tensor([COUNT], spread(-100, 100)).data;
    const dx = engine.empty([COUNT]).data;
    const one = engine.tensor([COUNT], new Float32Array(COUNT).fill(1)).data;
    engine.kernels.geluBackward(dx, one, x, false);
    const expected = new Float64Array(COUNT);
    reference.geluBackward(expected, new Float64Array(COUNT).fill(1), Float64Array.from(x), false);
    expectClose(dx, expected, { absolute: 5e-7 });
  });

  it('NaN comes through gelu, softmax and attention, so that a broken run is noticed', () => {
    const { kernels } = engine;
    const x = engine.tensor([4], [0, NaN, 1, 2]).data;
    kernels.gelu(x, x);
    expect(x[1]).toBeNaN();
    const losses = engine.empty([1]).data;
    kernels.crossEntropy(losses, engine.tensor([5], [1, 2, NaN, 4, 5]).data, engine.integers([0]), 1, 5);
    expect(losses[0]).toBeNaN();
    const layout = { heads: 1, headSize: 4, groups: 1 };
    const qkv = engine.tensor([24], [...new Array(23).fill(0.5), 0.5]).data;
    qkv[0] = NaN; // the first token's query
    const out = engine.empty([8]).data;
    kernels.causalAttention(out, engine.empty([2]).data, qkv, engine.integers([0, 2]), 1, layout);
    expect([out[0], out[4]]).toEqual([NaN, 0.5]);
  });
});
