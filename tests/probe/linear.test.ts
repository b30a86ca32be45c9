/** Linear probes, against the optimum that scikit-learn finds on hidden states of a trained model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../src/node/threads.ts';
import {
  type FeatureShape,
  fitLinear,
  PAPER_PROBE_TRAINING,
  PENALTIES,
  Probe,
  type ProbeData,
  testProbe,
  trainProbe,
} from '../../src/probe/index.ts';
import type { Engine } from '../../src/tensor/index.ts';

type Split = 'train' | 'validation' | 'test';
interface Optimum {
  penalty: number;
  objective: number;
  validationCrossEntropy: number;
  testCrossEntropy: number;
}
interface Golden extends Record<Split, { x: number[]; direction: number[]; position: number[] }> {
  width: number;
  optimum: Record<'direction' | 'position', Optimum[]>;
}

/** Hidden states of a checkpoint of `tiny`, standardised, before actions, with the state there; rounded to two digits. */
const golden: Golden = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, '../fixtures/linear-probe.json.gz'))).toString(),
);
const SHAPES: Record<'direction' | 'position', FeatureShape> = {
  direction: { heads: 1, classes: 4 },
  position: { heads: 2, classes: 7 },
};

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ threads: 1 });
});

function dataOf(split: Split, feature: 'direction' | 'position'): ProbeData {
  const { x, ...labels } = golden[split];
  return {
    x: engine.tensor([x.length / golden.width, golden.width], x),
    labels: Int32Array.from(labels[feature]),
  };
}

const atZero = (feature: 'direction' | 'position'): Probe =>
  new Probe(engine, golden.width, 0, SHAPES[feature], () => 0.5);

describe('fitLinear', () => {
  test.each(['direction', 'position'] as const)('%s: the penalised loss is within 0.5 % of its minimum', (feature) => {
    engine.scope(() => {
      const data = dataOf('train', feature);
      for (const { penalty, objective } of golden.optimum[feature]) {
        const probe = atZero(feature);
        const { crossEntropy, converged } = fitLinear(engine, probe, data, penalty);
        const squares = Array.from(probe.weight).reduce((sum, weight) => sum + weight ** 2, 0);
        const found = crossEntropy + (penalty / 2) * squares;
        expect(converged, `penalty ${penalty}`).toBe(true);
        expect(Math.abs(found - objective) / objective, `penalty ${penalty}: ${found} for ${objective}`).toBeLessThan(
          0.005,
        );
      }
    });
  });

  test('it says so when the minimum is not reached: labels at random and one iteration', () => {
    engine.scope(() => {
      const probe = atZero('direction');
      const fit = fitLinear(engine, probe, dataOf('train', 'direction'), 1e-4, { maxIterations: 1 });
      expect(fit).toMatchObject({ converged: false, iterations: 1 });
    });
  });

  test('the order of the pairs changes the minimum by rounding alone', () => {
    engine.scope(() => {
      const data = dataOf('train', 'direction');
      const [pairs = 0, width = 0] = data.x.shape;
      const reversed = engine.empty([pairs, width]);
      for (let pair = 0; pair < pairs; pair++) {
        reversed.data.set(data.x.data.subarray(pair * width, (pair + 1) * width), (pairs - 1 - pair) * width);
      }
      const other = { x: reversed, labels: data.labels.slice().reverse() };
      const [one, two] = [data, other].map((each) => fitLinear(engine, atZero('direction'), each, 0.004).crossEntropy);
      expect(Math.abs(one! - two!)).toBeLessThan(2e-4);
    });
  });
});

describe('a linear probe', () => {
  const trained = () => ({
    data: { train: dataOf('train', 'direction'), validation: dataOf('validation', 'direction') },
    asked: { ...PAPER_PROBE_TRAINING, samples: 1 },
  });

  test('has the penalty that does best on validation, and its test cross-entropy is within 1 % of that of the optimum', () => {
    engine.scope(() => {
      const { data, asked } = trained();
      const { probe, validation, best, converged } = trainProbe(engine, data, 0, SHAPES.direction, asked, () => 0.1);
      const bits = golden.optimum.direction.map((row) => row.validationCrossEntropy / Math.LN2);
      expect(PENALTIES[best]).toBe(golden.optimum.direction[bits.indexOf(Math.min(...bits))]!.penalty);
      expect(converged).toBe(true);
      expect(Math.abs(validation[best]! / Math.min(...bits) - 1)).toBeLessThan(0.01);
      const { testCrossEntropy } = golden.optimum.direction[best]!;
      const { crossEntropy } = testProbe(engine, probe, dataOf('test', 'direction'));
      expect(Math.abs((crossEntropy * Math.LN2) / testCrossEntropy - 1)).toBeLessThan(0.01);
    });
  });

  test('is the same whatever the training samples, the learning rate and the random numbers', () => {
    engine.scope(() => {
      const { data, asked } = trained();
      const one = trainProbe(engine, data, 0, SHAPES.direction, asked, () => 0.3);
      const two = trainProbe(engine, data, 0, SHAPES.direction, { ...asked, samples: 9e9, learningRate: 7 }, () => 0.9);
      expect(two.validation).toEqual(one.validation);
      expect([...two.probe.weight]).toEqual([...one.probe.weight]);
    });
  });
});
