/** @file The model on the fast engine: threads change nothing, memory does not grow. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orthogonalize } from '../../src/autograd/index.ts';
import { openEngine } from '../../src/node/threads.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  generate,
  hiddenStates,
  sha256,
  Trainer,
  tapNames,
  tokenLosses,
} from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';
import { sequences, TINY, tinyModel } from './tiny.ts';

const settings = { schedule: () => 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };
const OPTIMIZERS = (['adamw', 'muon'] as const).map((optimizer) => ({ ...settings, optimizer }));
const samples = sequences(20, 4, 14);
const generation = { maxNewTokens: 8, endToken: 10 };

describe('fast engine', () => {
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all([1, 2, 3].map((threads) => openEngine({ threads, memoryBytes: 2 ** 26 })));
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
  });

  test.each(OPTIMIZERS)(
    '$optimizer: 1, 2 and 3 threads end three steps in the same bits, and so does a resumed run',
    (settings) => {
      const digests = engines.map((engine) => {
        const trainer = new Trainer(engine, tinyModel(engine), settings);
        for (let step = 0; step < 3; step++) trainer.step({ sequences: samples });
        return sha256(encodeCheckpoint(trainer)['training-state.json']);
      });
      expect(new Set(digests).size).toBe(1);

      const engine = engines[1]!;
      const first = new Trainer(engine, tinyModel(engine), settings);
      first.step({ sequences: samples });
      const { model, state } = decodeCheckpoint(engine, encodeCheckpoint(first));
      const second = new Trainer(engine, model, settings);
      second.restore(state);
      for (let step = 1; step < 3; step++) second.step({ sequences: samples });
      expect(sha256(encodeCheckpoint(second)['training-state.json'])).toBe(digests[0]);
    },
  );

  test('1 to 4, 7, 11 and 16 threads and both heights of the tile end two steps in the same bits, with adamw and with muon', async () => {
    const digests = OPTIMIZERS.map(() => new Set<string>());
    const batch = { sequences: sequences(24, 8, 24) };
    for (const [at, threads] of [1, 2, 3, 4, 7, 11, 16].entries()) {
      const engine = await openEngine({ threads, tileRows: at % 2 === 0 ? 4 : 6, memoryBytes: 2 ** 27 });
      for (const [optimizer, settings] of OPTIMIZERS.entries()) {
        const trainer = new Trainer(engine, tinyModel(engine, { n_embd: 96 }), settings);
        for (let step = 0; step < 2; step++) trainer.step(batch);
        digests[optimizer]!.add(sha256(encodeCheckpoint(trainer)['training-state.json']));
      }
      await engine.close();
    }
    expect(digests.map(({ size }) => size)).toEqual([1, 1]);
  });

  test('orthogonalize is that of the Float64 reference, within 1e-4', () => {
    for (const [rows, columns] of [
      [48, 16],
      [16, 48],
      [40, 40],
    ] as const) {
      const numbers = values(rows * columns);
      const [expected, found] = [createReferenceEngine('float64'), engines[1]!].map((engine) =>
        engine.scope(() => [...orthogonalize(engine, engine.tensor([rows, columns], numbers)).data]),
      );
      expectClose(found!, expected!, { absolute: 1e-4 });
    }
  });

  test('generation, cached and uncached, by 1, 2 and 3 threads gives the same tokens, activations within 1e-5', () => {
    const taps = tapNames(TINY);
    const runs = engines.flatMap((engine) => {
      const model = tinyModel(engine);
      return [true, false].map((cache) =>
        generate(engine, model, samples, { ...generation, taps, cache, batchSize: 7 }),
      );
    });
    for (const run of runs) {
      expect(run.map(({ tokens }) => tokens)).toEqual(runs[0]!.map(({ tokens }) => tokens));
      run.forEach(({ activations }, i) => {
        for (const name of taps) {
          const expected = runs[0]![i]!.activations[name]!;
          expectClose(activations[name]!, expected, { absolute: 1e-5, relative: 1e-5 }, name);
        }
      });
    }
  });

  test('hidden states and losses are those of the Float64 reference, within 1e-5', () => {
    const reference = createReferenceEngine('float64');
    const positions = samples.map((sample) => [0, sample.length - 1]);
    const [expected, found] = [reference, engines[1]!].map((engine) => {
      const model = tinyModel(engine);
      const losses = tokenLosses(engine, model, samples).map((values) => Array.from(values));
      return [...hiddenStates(engine, model, samples, positions), ...losses.flat()];
    });
    expectClose(found!, expected!, { absolute: 1e-5, relative: 1e-5 });
  });

  test.each(OPTIMIZERS)(
    '$optimizer: memory in use is the same after 20 more steps, generations and measurements',
    (settings) => {
      const engine = engines[0]!;
      const model = tinyModel(engine);
      const trainer = new Trainer(engine, model, settings);
      const work = (): void => {
        trainer.step({ sequences: samples });
        generate(engine, model, samples, generation);
        hiddenStates(engine, model, samples, [[0]]);
        tokenLosses(engine, model, samples);
      };
      work();
      const { usedBytes, peakBytes } = engine.memory();
      for (let i = 0; i < 20; i++) work();
      expect(engine.memory()).toEqual({ usedBytes, peakBytes });
    },
  );
});
