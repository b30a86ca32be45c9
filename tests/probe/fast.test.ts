import { expect, test } from 'vitest';
import { openEngine } from '../../src/node/threads.ts';
import {
  type CheckpointTraces,
  evaluateProbes,
  PAPER_PROBE_TRAINING,
  probeGrid,
  type TraceSplit,
  testProbe,
  trainProbe,
} from '../../src/probe/index.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { uniform, values } from '../helpers/numbers.ts';
import { points, randomPrograms, engine as reference } from './toys.ts';

const WIDTH = 16;
const shape = { heads: 2, classes: 3 };

/** Trains and tests on 700 pairs, whose classes are the terciles of the first two dimensions. */
function run(engine: Engine, hiddenLayers: 0 | 1 | 2, samples: number) {
  const make = (pairs: number, seed: number) => {
    const x = engine.tensor([pairs, WIDTH], values(pairs * WIDTH, seed));
    const labels = Int32Array.from({ length: 2 * pairs }, (_, at) => {
      return Math.floor(1.5 * (1 + x.data[WIDTH * (at >> 1) + (at % 2)]!));
    });
    return { x, labels };
  };
  return engine.scope(() => {
    const training = { ...PAPER_PROBE_TRAINING, samples, batchSize: 256 };
    const data = { train: make(700, 1), validation: make(100, 2) };
    const { probe, validation } = trainProbe(engine, data, hiddenLayers, shape, training, uniform(3));
    return { ...testProbe(engine, probe, make(300, 4)), validation };
  });
}

test('a probe of each depth has the same bits with 1, 2 and 3 threads, and the memory of its scope is given back', async () => {
  const results: unknown[] = [];
  for (const threads of [1, 2, 3]) {
    const engine = await openEngine({ threads });
    const before = engine.memory().usedBytes;
    results.push(([0, 1, 2] as const).map((hiddenLayers) => run(engine, hiddenLayers, 2100)));
    expect(engine.memory().usedBytes).toBe(before);
    await engine.close();
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

test('fast and reference kernels train the same probe: cross-entropies within 1e-3 bits, accuracies within 1 %', async () => {
  const engine = await openEngine({ threads: 2 });
  for (const hiddenLayers of [0, 1] as const) {
    const [fast, plain] = [run(engine, hiddenLayers, 2100), run(reference, hiddenLayers, 2100)];
    expect(Math.abs(fast.crossEntropy - plain.crossEntropy)).toBeLessThan(1e-3);
    expect(Math.abs(fast.accuracy - plain.accuracy)).toBeLessThan(0.01);
  }
  await engine.close();
});

test('two hidden layers learn XOR: above 93 % after 6,400 samples', async () => {
  const engine = await openEngine({ threads: 2 });
  const random = uniform(1);
  const [train, validation, unseen] = [800, 200, 1000].map((count) =>
    points(random, count, (x, y) => (x > 0 === y > 0 ? 1 : 0), engine),
  );
  const training = { ...PAPER_PROBE_TRAINING, samples: 6400, batchSize: 128, learningRate: 0.005, interval: 800 };
  const data = { train: train!, validation: validation! };
  const { probe } = trainProbe(engine, data, 2, { heads: 1, classes: 2 }, training, random);
  expect(testProbe(engine, probe, unseen!).accuracy).toBeGreaterThan(0.93);
  await engine.close();
});

test('a record serves every semantics alike: direction from program, its action and input grid, above 90 % under each', async () => {
  const engine = await openEngine({ threads: 2 });
  const random = uniform(5);
  const size = { width: 4, height: 3 };
  const split = (count: number): TraceSplit => {
    const programs = randomPrograms(random, count, { ...size, longest: 2 });
    const none = new Float32Array(WIDTH * programs.reduce((sum, { actions }) => sum + actions.length, 0));
    return { programs, trained: none, untrained: none }; // hidden states that tell nothing
  };
  const traces: CheckpointTraces = {
    ...{ train: split(4000), validation: split(200), test: split(300) },
    ...{ width: WIDTH, world: size, layer: 'mean' },
  };
  const grid = probeGrid({ features: ['direction'], offsets: [0], hiddenLayers: [1] });
  const training = { ...PAPER_PROBE_TRAINING, samples: 60_000, batchSize: 128 };
  const settings = { training, lastState: 'dropped', examples: 0, baselines: true } as const;
  const { outcomes } = evaluateProbes(engine, traces, grid, settings, () => uniform(6));
  expect(outcomes.map(({ semantics }) => semantics)).toEqual(['original', 'flip', 'adversarial']);
  for (const { records, accuracy } of outcomes) {
    expect(accuracy).toBeLessThan(0.5);
    expect(records!['input+action']!.accuracy).toBeGreaterThan(0.9);
  }
  await engine.close();
});
