/** @file Roundings that are written down say what they are. */
import { expect, test } from 'vitest';
import { describeRounding } from '../../src/audit/explanation-text.ts';
import { recordRoundings } from '../../src/audit/roundings.ts';
import type { Arithmetic } from '../../src/tensor/exact/index.ts';

test.each([
  ['relaxed-simd', 'fused', 'rounded to'],
  ['simd', 'unfused', 'rounded twice to'],
] as const)('a multiply-add of %s is called %s', (name: Arithmetic['name'], does, words) => {
  const { engine, roundings } = recordRoundings(name);
  const out = new Float32Array(1);
  engine.kernels.matmul(out, new Float32Array([3, 5]), new Float32Array([7, 11]), { m: 1, n: 1, k: 2 });
  expect(roundings.map((one) => one.does)).toContain(does);
  expect(describeRounding(roundings.at(-1)!)).toMatch(new RegExp(`^${does}: .* = 76, ${words} 76 `));
});
