/** @file The exact kernels of tokens, attention and units against the fast ones: the same bits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/node/threads.ts';
import { ARITHMETIC } from '../../../src/tensor/exact/arithmetic.ts';
import { attentionKernels } from '../../../src/tensor/exact/attention.ts';
import { columnCrossEntropyKernels } from '../../../src/tensor/exact/column-cross-entropy.ts';
import { tokenKernels } from '../../../src/tensor/exact/tokens.ts';
import { unitKernels } from '../../../src/tensor/exact/units.ts';
import type { Engine, Kernels } from '../../../src/tensor/index.ts';
import { expectSameBits } from '../../helpers/close.ts';
import { CASES, type Maker } from '../wasm-cases.ts';

const plain: Maker = {
  floats: (values) => Float32Array.from(values),
  integers: (values) => Int32Array.from(values),
};
const inside = (engine: Engine): Maker => ({
  floats: (values) => engine.tensor([values.length], values).data,
  integers: (values) => engine.integers(values),
});

/** What becomes of the numbers of a case: as they are, or some of them replaced by what arithmetic treats specially. */
const KINDS: { readonly [kind: string]: (value: number, i: number) => number } = {
  'as they are': (value) => value,
  'some of them zeros, others so small that products vanish': (value, i) => value * [1, 1e-24, 0, 1e-24, 0][i % 5]!,
  'large and small': (value, i) => value * 10 ** (((i * 37) % 60) - 30),
  'a few of them infinite or not a number': (value, i) =>
    i % 211 === 40 ? value / 0 : i % 1009 === 10 ? Number.NaN : value,
};
const changed = ({ floats, integers }: Maker, change: (value: number, i: number) => number): Maker => ({
  floats: (values) => floats(Float32Array.from(values, change)),
  integers,
});

/** One NaN is as good as another. */
const oneNaN = (values: Float32Array): Float32Array =>
  values.map((value) => (Number.isNaN(value) ? Number.NaN : value));

type Outputs = { [output: string]: Float32Array };

describe.each(['relaxed-simd', 'simd'] as const)('%s: bits of the fast kernels from one number at a time', (name) => {
  const arithmetic = ARITHMETIC[name];
  const kernels = {
    ...tokenKernels(arithmetic),
    ...attentionKernels(arithmetic),
    ...unitKernels(arithmetic),
    ...columnCrossEntropyKernels(arithmetic),
  };
  const engines: Engine[] = [];
  beforeAll(async () => {
    for (const [threads, tileRows] of [
      [1, 6],
      [3, 4],
    ] as const)
      engines.push(await openEngine({ threads, tileRows, arithmetic: name }));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  it('the fast engine has this arithmetic', () => {
    for (const engine of engines) expect(engine.arithmetic).toBe(name);
  });

  const mine = CASES.filter((testCase) => testCase.name.split(/[ ,]/)[0]! in kernels);
  const all = mine.flatMap((testCase) => {
    const kinds = Object.keys(KINDS).slice(0, testCase.name.includes('00') ? 1 : undefined); // large ones take long
    return kinds.map((kind) => [testCase.name, kind, testCase] as const);
  });
  it.each(all)('%s, numbers %s', (_, kind, { run }) => {
    const exact = run(kernels as Kernels, changed(plain, KINDS[kind]!)) as Outputs;
    for (const engine of engines) {
      engine.scope(() => {
        const fast = run(engine.kernels, changed(inside(engine), KINDS[kind]!)) as Outputs;
        for (const [output, values] of Object.entries(fast)) {
          expectSameBits(oneNaN(exact[output]!), oneNaN(values), `${output} on ${engine.threads} threads`);
        }
      });
    }
  });
});
