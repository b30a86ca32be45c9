/** @file What an accuracy is worth: base rates and usable information. Chapter 9. */
import { logarithm2 } from '../tensor/functions/logarithm.ts';
import { type FeatureShape, jointClasses, labelCounts } from './features.ts';

/** Share of the test labels that are the most frequent training label, the lower of equals; heads are taken jointly. */
export function majorityAccuracy(train: Int32Array, test: Int32Array, shape: FeatureShape): number {
  const counts = labelCounts(train, shape);
  const majority = counts.indexOf(Math.max(...counts));
  const classes = jointClasses(test, shape);
  return classes.filter((joint) => joint === majority).length / classes.length;
}

/**
 * Cross-entropy of the class frequencies of `train` on `test`, in bits a pair, heads summed. A class that occurs on
 * test alone counts as if it had been seen once in train, so that the figure is finite; all other counts are as they are.
 */
export function frequencyCrossEntropy(train: Int32Array, test: Int32Array, { heads, classes }: FeatureShape): number {
  let bits = 0;
  for (let head = 0; head < heads; head++) {
    const { tested, surprise } = surprisesOf(train, test, head, { heads, classes });
    tested.forEach((count, c) => {
      if (count > 0) bits += count * surprise(c);
    });
  }
  return (bits * heads) / test.length;
}

/** The same for each test pair. [pairs] */
export function frequencyBits(train: Int32Array, test: Int32Array, shape: FeatureShape): Float64Array {
  const bits = new Float64Array(test.length / shape.heads);
  for (let head = 0; head < shape.heads; head++) {
    const { surprise } = surprisesOf(train, test, head, shape);
    for (let pair = 0; pair < bits.length; pair++) bits[pair]! += surprise(test[pair * shape.heads + head]!);
  }
  return bits;
}

/** How often each class of a head occurs on test, and what one occurrence costs by the frequencies of train. */
function surprisesOf(train: Int32Array, test: Int32Array, head: number, { heads, classes }: FeatureShape) {
  const ofHead = (labels: Int32Array): number[] => {
    const counts = new Array<number>(classes).fill(0);
    for (let at = head; at < labels.length; at += heads) counts[labels[at]!]!++;
    return counts;
  };
  const tested = ofHead(test);
  const fitted = ofHead(train).map((count, c) => (count === 0 && tested[c]! > 0 ? 1 : count));
  const total = fitted.reduce((sum, count) => sum + count, 0);
  return { tested, surprise: (c: number): number => logarithm2(total / fitted[c]!) };
}

export interface UsableInformation {
  /** In bits a pair; negative if the probe predicts worse than the class frequencies. */
  readonly bits: number;
  /** As a share of what there is to know, the cross-entropy of the class frequencies; null where that is 0. */
  readonly share: number | null;
}

/**
 * What a probe with this cross-entropy on test (bits a pair, heads summed) adds to the class frequencies. After Xu et
 * al. 2020, predictive V-information.
 */
export function usableInformation(frequencyBits: number, probeBits: number): UsableInformation {
  const bits = frequencyBits - probeBits;
  return { bits, share: frequencyBits === 0 ? null : bits / frequencyBits };
}
