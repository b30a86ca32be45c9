/** @file Weight decay of a probe, where nothing else moves its weights. */
import { expect, test } from 'vitest';
import { PAPER_PROBE_TRAINING, Probe, trainProbe } from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine } from './toys.ts';

test('inputs of zeros: weights only decay, to w (1 - lr decay) of each step within 1e-6, and biases do not', () => {
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
      interval: 40,
      weightDecay,
    };
    return trainProbe(engine, { train: zeros, validation: zeros }, 1, two, training, uniform(2)).probe;
  };
  const weightsOf = (probe: Probe) => probe.parameters[0]!.value.data; // of the hidden layer, whose inputs are zeros
  const initial = new Probe(engine, 2, 1, two, uniform(2)); // the same numbers come first
  const [decayed, free] = [trained(3), trained(0)];
  const left = (1 - 3 * PAPER_PROBE_TRAINING.learningRate) ** 10; // ten steps
  expectClose(
    weightsOf(decayed),
    weightsOf(initial).map((weight) => weight * left),
    { relative: 1e-6 },
  );
  expect(left).toBeLessThan(0.8);
  expect([...weightsOf(free)]).toEqual([...weightsOf(initial)]);
  const biasOf = (probe: Probe) => probe.parameters[1]!.value.data;
  expect([...biasOf(decayed)]).toEqual([...biasOf(initial)]);
});
