import { expect, test } from 'vitest';
import { frequencyBits, frequencyCrossEntropy, majorityAccuracy, usableInformation } from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { integer } from './toys.ts';

const two = { heads: 1, classes: 2 };
const pair = { heads: 2, classes: 3 };

test('the majority class is picked on train: 3 of 4 right, and 0 of 4 where all of test is the other class', () => {
  const train = Int32Array.of(1, 1, 0);
  expect(majorityAccuracy(train, Int32Array.of(1, 1, 1, 0), two)).toBe(3 / 4);
  expect(majorityAccuracy(train, Int32Array.of(0, 0, 0, 0), two)).toBe(0);
});

test('the majority position is the most frequent (dx, dy), not the most frequent dx with the most frequent dy', () => {
  const train = Int32Array.of(0, 0, 0, 1, 0, 2, 1, 0, 1, 0); // dx 0 is most frequent, dy 0 too, but the pair (1, 0) is
  expect(majorityAccuracy(train, Int32Array.of(1, 0, 0, 0), pair)).toBe(1 / 2);
  expect(majorityAccuracy(train, Int32Array.of(1, 0, 1, 0), pair)).toBe(1);
});

test('frequencies of 3/4 and 1/4 on an even test set: (log2(4/3) + log2(4)) / 2 bits, exact to 1e-12', () => {
  const bits = frequencyCrossEntropy(Int32Array.of(0, 0, 0, 1), Int32Array.of(0, 1), two);
  expectClose([bits], [(Math.log2(4 / 3) + 2) / 2], { relative: 0, absolute: 1e-12 });
});

test('two heads add up: 1 bit of an even dx and log2(3) bits of an even dy', () => {
  const labels = Int32Array.of(0, 0, 1, 0, 0, 1, 1, 1, 0, 2, 1, 2);
  expectClose([frequencyCrossEntropy(labels, labels, pair)], [1 + Math.log2(3)], { relative: 0, absolute: 1e-12 });
});

test('a class that only test has counts as seen once: log2(4) bits after three of the other class', () => {
  expect(frequencyCrossEntropy(Int32Array.of(0, 0, 0), Int32Array.of(1), two)).toBe(2);
  expect(frequencyCrossEntropy(Int32Array.of(0, 0, 0), Int32Array.of(0), two)).toBe(0);
});

test('of each pair, by hand: 1 and 2 bits of halves and quarters, log2(5) of a class that train lacks', () => {
  expect([...frequencyBits(Int32Array.of(0, 0, 1, 2), Int32Array.of(2, 0, 1), { heads: 1, classes: 4 })]).toEqual([
    2, 1, 2,
  ]);
  const unseen = frequencyBits(Int32Array.of(0, 0, 1, 2), Int32Array.of(3), { heads: 1, classes: 4 });
  expectClose(unseen, [Math.log2(5)], { absolute: 1e-12 });
  const halves = Int32Array.of(0, 0, 1, 1); // (0, 0) and (1, 1): a bit for each head
  expect([...frequencyBits(halves, Int32Array.of(0, 1, 1, 1), pair)]).toEqual([2, 2]);
});

test('the bits of pairs have the cross-entropy for their mean, to 1e-12, for 50 random sets of labels', () => {
  const random = uniform(4);
  for (let round = 0; round < 50; round++) {
    const shape = { heads: 1 + integer(random, 2), classes: 2 + integer(random, 4) };
    const labels = () =>
      Int32Array.from({ length: shape.heads * (1 + integer(random, 20)) }, () => integer(random, shape.classes));
    const [train, test] = [labels(), labels()];
    const bits = frequencyBits(train, test, shape);
    expect(bits).toHaveLength(test.length / shape.heads);
    const mean = bits.reduce((sum, one) => sum + one, 0) / bits.length;
    expectClose([mean], [frequencyCrossEntropy(train, test, shape)], { absolute: 1e-12 });
  }
});

test('information: 0.5 of 2 bits left is 1.5 bits, 75 %; 3 of 2 bits is negative; of 0 bits there is no share', () => {
  expect(usableInformation(2, 0.5)).toEqual({ bits: 1.5, share: 0.75 });
  expect(usableInformation(2, 3)).toEqual({ bits: -1, share: -0.5 });
  expect(usableInformation(0, 0.25)).toEqual({ bits: -0.25, share: null });
});
