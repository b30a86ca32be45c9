import { describe, expect, test } from 'vitest';
import {
  type HiddenLayers,
  PAPER_PROBE_TRAINING,
  type ProbeData,
  ProbeError,
  type ProbeTraining,
  testProbe,
  trainProbe,
} from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, points } from './toys.ts';

const quick: ProbeTraining = { ...PAPER_PROBE_TRAINING, samples: 12_000, batchSize: 64, interval: 1_200, patience: 99 };
const two = { heads: 1, classes: 2 };

const separable = (x: number, y: number): number => (x + 2 * y > 0 ? 1 : 0);
const xor = (x: number, y: number): number => (x > 0 === y > 0 ? 1 : 0);

function learn(classOf: (x: number, y: number) => number, hiddenLayers: HiddenLayers, training = quick, seed = 1) {
  const random = uniform(seed);
  const [train, validation, test] = [800, 200, 600].map((count) => points(random, count, classOf));
  const result = trainProbe(engine, { train: train!, validation: validation! }, hiddenLayers, two, training, random);
  return { ...result, ...testProbe(engine, result.probe, test!) };
}

test('a linear probe learns what a line separates: above 97 % on test, below 0.2 bits', () => {
  const { accuracy, crossEntropy } = learn(separable, 0);
  expect(accuracy).toBeGreaterThan(0.97);
  expect(crossEntropy).toBeLessThan(0.2);
});

test('XOR: a linear probe stays below 65 %, one hidden layer gets above 93 %', () => {
  expect(learn(xor, 0).accuracy).toBeLessThan(0.65);
  expect(learn(xor, 1).accuracy).toBeGreaterThan(0.93);
});

test('pairs sorted by class are learnt as well, for they are shuffled: XOR above 93 %', () => {
  const random = uniform(4);
  const classes = [(x: number, y: number) => x > 0 === y > 0, (x: number, y: number) => x > 0 !== y > 0];
  const sorted = Float32Array.from(
    classes.flatMap((isMember) => {
      const members = Array.from({ length: 400 }, () => {
        for (;;) {
          const point = [2 * random() - 1, 2 * random() - 1] as const;
          if (isMember(...point)) return point;
        }
      });
      return members.flat();
    }),
  );
  const train = { x: engine.tensor([800, 2], sorted), labels: new Int32Array(800).fill(1, 0, 400) };
  const { probe } = trainProbe(engine, { train, validation: points(random, 200, xor) }, 1, two, quick, random);
  expect(testProbe(engine, probe, points(random, 1000, xor)).accuracy).toBeGreaterThan(0.93);
});

test('on labels that know nothing of the points every depth is at chance: 45 to 55 %, and not below 0.98 bits', () => {
  const coin = uniform(9);
  for (const hiddenLayers of [0, 1] as const) {
    const { accuracy, crossEntropy } = learn(() => (coin() < 0.5 ? 0 : 1), hiddenLayers);
    expect(accuracy).toBeGreaterThan(0.45);
    expect(accuracy).toBeLessThan(0.55);
    expect(crossEntropy).toBeGreaterThan(0.98);
  }
});

test('position: two heads learnt together, right only where both are', () => {
  const random = uniform(3);
  const shape = { heads: 2, classes: 2 };
  const make = (count: number) => {
    const { x } = points(random, count, () => 0);
    return { x, labels: Int32Array.from(x.data, (value) => (value > 0 ? 1 : 0)) }; // head 0 reads x, head 1 reads y
  };
  const [train, validation, all] = [make(800), make(200), make(1000)];
  const { probe } = trainProbe(engine, { train, validation }, 0, shape, quick, random);
  expect(testProbe(engine, probe, all).accuracy).toBeGreaterThan(0.95);
  const wrongAtOneHead = all.labels.map((label, at) => (at % 2 === 0 ? 1 - label : label));
  expect(testProbe(engine, probe, { ...all, labels: wrongAtOneHead }).accuracy).toBeLessThan(0.05);
});

test('the moment of lowest validation cross-entropy is kept, also when the last one is worse', () => {
  const random = uniform(5);
  const noisy = (x: number, y: number): number => (random() < 0.3 ? 1 - separable(x, y) : separable(x, y));
  const [train, validation] = [points(random, 60, noisy), points(random, 300, noisy)]; // few and noisy: it overfits
  const training = { ...quick, weightDecay: 0, decay: 1, batchSize: 20, samples: 3000, interval: 60 };
  const result = trainProbe(engine, { train, validation }, 1, two, training, random);
  expect(result.validation).toHaveLength(50);
  expect(result.validation[result.best]).toBe(Math.min(...result.validation));
  expect(result.validation.at(-1)).toBeGreaterThan(result.validation[result.best]! + 0.1);
  expectClose([testProbe(engine, result.probe, validation).crossEntropy], [result.validation[result.best]!], {
    relative: 1e-12,
    absolute: 0,
  });
});

test('the same seed gives the same bits, another seed others', () => {
  const bits = (seed: number): number[] => [...learn(xor, 1, { ...quick, samples: 640 }, seed).probe.snapshot()[0]!];
  const first = bits(1);
  expect(bits(1)).toEqual(first);
  expect(bits(2)).not.toEqual(first);
});

test('any number of pairs from 2 on can be trained on: no last batch of one, no batch larger than the data', () => {
  const random = uniform(6);
  const validation = points(random, 1, separable);
  for (const pairs of [2, 3, 5, 9]) {
    const train = points(random, pairs, separable);
    const training = { ...quick, samples: 40, batchSize: 4 };
    const { validation: history } = trainProbe(engine, { train, validation }, 1, two, training, random);
    expect(history.every(Number.isFinite)).toBe(true);
  }
});

test('one training pair or no validation pair is refused, by count', () => {
  const [none, one, few] = [0, 1, 5].map((count) => points(uniform(7), count, separable)) as [
    ProbeData,
    ProbeData,
    ProbeData,
  ];
  const train = (data: { train: ProbeData; validation: ProbeData }) => () =>
    trainProbe(engine, data, 0, two, quick, uniform(1));
  expect(train({ train: one, validation: few })).toThrow(new ProbeError('probe: 1 training pairs, expected 2 or more'));
  expect(train({ train: few, validation: none })).toThrow(new ProbeError('probe: no validation pairs'));
});

test('the learning rate decays after each interval: with a decay of 1e-9 nothing moves after the first', () => {
  const weightsAfter = (samples: number, decay: number): Float32Array => {
    const { probe } = learn(separable, 1, { ...quick, samples, interval: 400, decay });
    return Float32Array.from(probe.parameters[0]!.value.data);
  };
  const first = weightsAfter(448, 1); // the step in which 400 pairs are reached
  expectClose(weightsAfter(4_000, 1e-9), first, { absolute: 1e-6 });
  expect(() => expectClose(weightsAfter(4_000, 1), first, { absolute: 1e-2 })).toThrow();
});

test('an interval is a pass where that is shorter: 100 pairs, 300 samples at most, are 3 validations', () => {
  const random = uniform(8);
  const [train, validation] = [points(random, 100, separable), points(random, 10, separable)];
  const training = { ...quick, batchSize: 50, samples: 300 };
  expect(trainProbe(engine, { train, validation }, 1, two, training, random).validation).toHaveLength(3);
});

describe('the end of training', () => {
  const noisy = (seed: number) => {
    const random = uniform(seed);
    const classOf = (x: number, y: number): number => (random() < 0.3 ? 1 - separable(x, y) : separable(x, y));
    return { train: points(random, 60, classOf), validation: points(random, 300, classOf) };
  };
  const run = (training: Partial<ProbeTraining>) =>
    trainProbe(engine, noisy(5), 1, two, { ...quick, batchSize: 20, interval: 60, ...training }, uniform(6));

  test('comes so many intervals after the last improvement of 0.1 %, and is then said to have converged', () => {
    const { validation, converged, best } = run({ patience: 3, samples: 1e9 });
    expect(converged).toBe(true);
    let lowest = validation[0]!;
    let improved = 0;
    for (const [at, bits] of validation.entries()) {
      if (at > 0 && bits < 0.999 * lowest) [lowest, improved] = [bits, at];
    }
    expect(validation).toHaveLength(improved + 4);
    expect(validation[best]).toBe(Math.min(...validation));
  });

  test('comes with the samples, if they are spent before, and is then said not to have converged', () => {
    const { validation, converged } = run({ patience: 3, samples: 120 });
    expect([validation.length, converged]).toEqual([2, false]);
  });

  test('is later with more patience, and never loses what was best', () => {
    const [short, long] = [2, 12].map((patience) => run({ patience, samples: 1e9 }));
    expect(long!.validation.length).toBeGreaterThan(short!.validation.length);
    expect(long!.validation[long!.best]).toBeLessThanOrEqual(short!.validation[short!.best]!);
  });
});

test('a probe without pairs to test on has no accuracy: NaN', () => {
  const { probe } = learn(separable, 0, { ...quick, samples: 64 });
  expect(testProbe(engine, probe, points(uniform(1), 0, separable)).accuracy).toBeNaN();
});
