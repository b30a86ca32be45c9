/** @file The fast kernels against the reference kernels, and against themselves with other numbers of threads. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openEngine } from '../../src/node/threads.ts';
import { ArithmeticError, type Engine, type FloatArray, type Kernels, reference } from '../../src/tensor/index.ts';
import { fuses } from '../../src/tensor/wasm/fused.ts';
import { expectClose, expectSameBits } from '../helpers/close.ts';
import { CASES, type Case, type Maker } from './wasm-cases.ts';

const heap: Maker = {
  floats: (values) => Float64Array.from(values),
  integers: (values) => Int32Array.from(values),
};
function inside(engine: Engine): Maker {
  return {
    floats: (values) => engine.tensor([values.length], values).data,
    integers: (values) => engine.integers(values),
  };
}

const THREADS = [1, 2, 3, 5];

/** What the reference makes of a case; both kinds of arithmetic are held against it. */
const made = new Map<string, { [output: string]: FloatArray }>();
function expectedOf({ name, run }: Case): { [output: string]: FloatArray } {
  const expected = made.get(name) ?? run(reference, heap);
  made.set(name, expected);
  return expected;
}

describe.each(['relaxed-simd', 'simd'] as const)('%s', (arithmetic) => {
  const engines: Engine[] = [];
  beforeAll(async () => {
    for (const threads of arithmetic === 'simd' ? [1, 2] : THREADS)
      engines.push(await openEngine({ threads, arithmetic }));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  it('records its arithmetic', () => {
    for (const engine of engines) expect(engine.arithmetic).toBe(arithmetic);
  });

  it.each(CASES.map((testCase) => [testCase.name, testCase] as const))('%s', (_, testCase) => {
    const { run, tolerance = 2e-6 } = testCase;
    const expected = expectedOf(testCase);
    let first: { [output: string]: Float32Array } | undefined;
    for (const engine of engines) {
      engine.scope(() => {
        const outputs = run(engine.kernels, inside(engine)) as { [output: string]: Float32Array };
        if (first === undefined) {
          first = Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, values.slice()]));
          for (const [name, values] of Object.entries(outputs)) {
            const largest = (expected[name] as Float64Array).reduce(
              (most, value) => Math.max(most, Math.abs(value)),
              0,
            );
            expectClose(values, expected[name]!, { relative: 0, absolute: tolerance * largest }, name);
          }
        }
        for (const [name, values] of Object.entries(outputs)) {
          expectSameBits(values, first[name]!, `${name} on ${engine.threads} threads`);
        }
      });
    }
  });
});

test('relaxed-simd is what fuses, found out by a product; where it does not, it is refused', async () => {
  expect([fuses(true), fuses(false)]).toEqual([true, false]);
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  try {
    await expect(openEngine({ threads: 1, arithmetic: 'relaxed-simd' })).rejects.toThrow(ArithmeticError);
    for (const engine of [await openEngine({ threads: 1 }), await openEngine({ threads: 1, arithmetic: 'simd' })]) {
      expect(engine.arithmetic).toBe('simd');
      await engine.close();
    }
  } finally {
    WebAssembly.validate = validate;
  }
});

it('every kernel has a case', () => {
  const called = new Set<string>();
  const spy = new Proxy(reference, {
    get(target, name: keyof Kernels) {
      if (name in target) called.add(name);
      return () => {}; // which are called does not depend on what they write
    },
  });
  for (const { run } of CASES) run(spy, heap);
  expect([...called].sort()).toEqual(Object.keys(reference).sort());
});
