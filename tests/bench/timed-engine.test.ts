/** @file The account of a step's time is complete. */
import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { KernelClock, timedEngine } from '../../bench/timed-engine.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { CodeGen, codeGenConfig, Trainer } from '../../src/transformer/index.ts';
import { uniform } from '../helpers/numbers.ts';

const sizes = { vocab_size: 10, n_positions: 8, n_embd: 8, n_layer: 2, n_head: 4, rotary_dim: 2 };
const training = { schedule: () => 1e-3, clip: 1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };

test('the breakdown of a step sums to the step, with the rest as `other`, last; products are told apart', () => {
  const clock = new KernelClock();
  const engine = timedEngine(createReferenceEngine('float32'), clock);
  const trainer = new Trainer(engine, CodeGen.initialize(engine, codeGenConfig(sizes), uniform(1)), training);
  trainer.step({ sequences: [[1, 2, 3]] });
  clock.reset();
  const started = performance.now();
  trainer.step({ sequences: [[1, 2, 3]] });
  const milliseconds = performance.now() - started;

  const breakdown = clock.breakdown(milliseconds);
  const sum = (key: 'milliseconds' | 'share'): number => breakdown.reduce((total, time) => total + time[key], 0);
  expect(sum('milliseconds')).toBeCloseTo(milliseconds, 9);
  expect(sum('share')).toBeCloseTo(1, 9);
  expect(breakdown.at(-1)!.name).toBe('other');
  expect(breakdown.at(-1)!.milliseconds).toBeGreaterThan(0);
  const calls = Object.fromEntries(breakdown.map((time) => [time.name, time.calls]));
  // 4 linear layers in each of 2 blocks, and the head
  expect(calls).toMatchObject({ 'matmul y = x W^T': 9, 'matmul dx = dy W': 9, 'matmul dW = dy^T x': 9 });
});

test('what a kernel takes is added up under its name, and a product has its rate', () => {
  const clock = new KernelClock();
  clock.add('gelu', 1, 0);
  clock.add('matmul', 2, 4e6);
  clock.add('gelu', 4, 0);
  expect(clock.breakdown(10)).toEqual([
    { name: 'gelu', calls: 2, milliseconds: 5, share: 0.5 },
    { name: 'matmul', calls: 1, milliseconds: 2, share: 0.2, gflops: 2 },
    { name: 'other', calls: 0, milliseconds: 3, share: 0.3 },
  ]);
  clock.reset();
  expect(clock.breakdown(10)).toEqual([{ name: 'other', calls: 0, milliseconds: 10, share: 1 }]);
});

test('all but the kernels is the engine itself', () => {
  const engine = timedEngine(createReferenceEngine('float64'), new KernelClock());
  expect(engine.precision).toBe('float64');
  expect(engine.scope(() => engine.zeros([2, 3]).shape)).toEqual([2, 3]);
});
