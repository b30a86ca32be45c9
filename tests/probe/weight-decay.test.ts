/** @file Weight decay of a probe, where nothing else moves its weights. Chapter 7. */
import { expect, test } from 'vitest';
import { PAPER_PROBE_TRAINING, Probe, trainProbe } from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine } from './toys.ts';

test('inputs of zeros: weights only decay, to w (1 - lr decay) of each step within 1e-6, and biases learn as without decay', () => {
  const [pairs, two] = [40, { heads: 1, classes: 2 }];
  const zeros = {
    x: engine.zeros([pairs, 2]),
    labels: Int32Array.from({ length: pairs }, (_, at) => (at % 4 ? 1 : 0)),
  };
  const trained = (weightDecay: number) => {
    const training = {
      ...PAPER_PROBE_TRAINING,
      samples: 40,
      batchSize: 4,
      intervals: 5,
      decay: 0.5,
      validations: 1,
      weightDecay,
    };
    return trainProbe(engine, { train: zeros, validation: zeros }, 0, two, training, uniform(2)).probe;
  };
  const initial = new Probe(engine, 2, 0, two, uniform(2)); // the same numbers come first
  const [decayed, free] = [trained(3), trained(0)];
  // Ten steps, two an interval: twice each of lr, lr / 2, lr / 4, lr / 8, lr / 16.
  const left = [1, 2, 4, 8, 16].reduce((part, by) => part * (1 - (3 * PAPER_PROBE_TRAINING.learningRate) / by) ** 2, 1);
  expectClose(
    decayed.weight,
    initial.weight.map((weight) => weight * left),
    { relative: 1e-6 },
  );
  expect(left).toBeLessThan(0.8);
  expect([...free.weight]).toEqual([...initial.weight]);
  expect([...decayed.bias]).toEqual([...free.bias]);
  expect([...free.bias]).not.toEqual([...initial.bias]);
});
