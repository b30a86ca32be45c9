/** @file AdamW, clipping and schedules against PyTorch's formulas, worked out by hand. */
import { expect, test } from 'vitest';
import {
  AdamW,
  clipScale,
  cosineSchedule,
  exponentialSchedule,
  gradientNorm,
  linearSchedule,
  parameter,
} from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { expectClose } from '../helpers/close.ts';

const engine = createReferenceEngine('float64');
const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 };

function trained(shape: number[], value: number, gradient: number): ReturnType<typeof parameter> {
  const v = parameter(engine, engine.tensor(shape, [value]), 'w');
  v.gradient!.data[0] = gradient;
  return v;
}

test('AdamW, first step: matrices shrink by 1 - lr wd, then move by lr against the sign of the gradient', () => {
  const [matrix, vector] = [trained([1, 1], 2, 0.3), trained([1], 2, -50)];
  const optimizer = new AdamW(engine, [matrix, vector], settings);
  optimizer.step(0.01);
  // Both averages are exactly corrected at step 1, so the step is lr g / (|g| + epsilon).
  expectClose(matrix.value.data, [2 * (1 - 0.01 * 0.1) - (0.01 * 0.3) / (0.3 + 1e-8)], { absolute: 1e-15 });
  expectClose(vector.value.data, [2 + (0.01 * 50) / (50 + 1e-8)], { absolute: 1e-15 });
  expect(optimizer.stepCount).toBe(1);
});

test('AdamW, second step: averages of both gradients with their bias corrections', () => {
  const w = trained([1, 1], 1, 1);
  const optimizer = new AdamW(engine, [w], settings);
  optimizer.step(0.1);
  expectClose(w.value.data, [0.99 - 0.1 / (1 + 1e-8)], { absolute: 1e-15 });
  w.gradient!.data[0] = -3;
  optimizer.step(0.2);
  // m = 0.9 x 0.1 - 0.1 x 3, v = 0.99 x 0.01 + 0.01 x 9; corrections 1 - 0.9^2 and 1 - 0.99^2
  const first = 0.99 - 0.1 / (1 + 1e-8);
  const step = -0.21 / 0.19 / (Math.sqrt(0.0999 / 0.0199) + 1e-8);
  expectClose(w.value.data, [first * (1 - 0.2 * 0.1) - 0.2 * step], { absolute: 1e-14 });
  expectClose([optimizer.state[0]!.m.data[0]!, optimizer.state[0]!.v.data[0]!], [-0.21, 0.0999], { absolute: 1e-15 });
});

test('AdamW: epsilon is added after the correction: a gradient of 1e-8 moves half as far', () => {
  const w = trained([1], 0, 1e-8);
  new AdamW(engine, [w], settings).step(1);
  expectClose(w.value.data, [-0.5], { absolute: 1e-9 });
});

test('AdamW: the gradient scale multiplies the gradient, not the decay', () => {
  const [scaled, plain] = [trained([1, 1], 2, 30), trained([1, 1], 2, 0.3)];
  new AdamW(engine, [scaled], { ...settings, epsilon: 1 }).step(0.01, 0.01);
  new AdamW(engine, [plain], { ...settings, epsilon: 1 }).step(0.01);
  expectClose(scaled.value.data, plain.value.data, { absolute: 1e-15 });
});

test('AdamW continues from a saved state to the bit', () => {
  const gradients = [0.3, -0.2, 0.7, 0.1];
  const whole = trained([1, 1], 2, 0);
  const optimizer = new AdamW(engine, [whole], settings);
  let saved: { value: number; m: number; v: number } | undefined;
  gradients.forEach((gradient, i) => {
    const { m, v } = optimizer.state[0]!;
    if (i === 2) saved = { value: whole.value.data[0]!, m: m.data[0]!, v: v.data[0]! };
    whole.gradient!.data[0] = gradient;
    optimizer.step(0.01);
  });
  const resumed = trained([1, 1], saved!.value, 0);
  const second = new AdamW(engine, [resumed], settings);
  second.stepCount = 2;
  second.state[0]!.m.data[0] = saved!.m;
  second.state[0]!.v.data[0] = saved!.v;
  for (const gradient of gradients.slice(2)) {
    resumed.gradient!.data[0] = gradient;
    second.step(0.01);
  }
  expect(resumed.value.data[0]).toBe(whole.value.data[0]);
});

test('AdamW names a parameter without gradient', () => {
  const w = parameter(engine, new Tensor([1], Float64Array.of(1)), 'w');
  w.gradient = undefined;
  expect(() => new AdamW(engine, [w], settings).step(0.1)).toThrow('AdamW: parameter w has no gradient');
});

test('clipping: gradients [3] and [4] have the norm 5; clipped to 1 they are scaled by 1 / (5 + 1e-6), never up', () => {
  const norm = gradientNorm(engine, [trained([1], 0, 3), trained([1, 1], 0, -4)]);
  expect(norm).toBe(5);
  expect(clipScale(norm, 1)).toBe(1 / (5 + 1e-6));
  expect(clipScale(norm, 10)).toBe(1);
  expect(clipScale(0, 1)).toBe(1);
  expect(clipScale(NaN, 1)).toBeNaN();
});

test('linearSchedule: 0, half, peak, half, 0 and 0 ever after', () => {
  const rate = linearSchedule({ peak: 4, warmupSteps: 10, totalSteps: 110 });
  expect([0, 5, 10, 60, 110, 200].map(rate)).toEqual([0, 2, 4, 2, 0, 0]);
  expect([0, 1, 2].map(linearSchedule({ peak: 4, warmupSteps: 0, totalSteps: 2 }))).toEqual([4, 2, 0]);
});

test('exponentialSchedule: a factor after every interval', () => {
  const rate = exponentialSchedule({ peak: 8, decay: 0.5, interval: 3 });
  expect([0, 2, 3, 5, 6].map(rate)).toEqual([8, 8, 4, 4, 2]);
});

test('cosineSchedule: peak, half, 0 and 0 ever after', () => {
  const rate = cosineSchedule({ peak: 8, totalSteps: 6 });
  expectClose([0, 2, 3, 4, 6, 9].map(rate), [8, 6, 4, 2, 0, 0], { absolute: 1e-15 });
});
