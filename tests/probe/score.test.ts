import { expect, test } from 'vitest';
import { Probe, testProbe } from '../../src/probe/index.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, integer } from './toys.ts';

const shape = { heads: 2, classes: 3 };
const pairs = 1100; // three batches
const random = uniform(1);
const probe = new Probe(engine, 4, 0, shape, random);
const x = Float32Array.from({ length: pairs * 4 }, () => 6 * random() - 3);
const labels = Int32Array.from({ length: pairs * 2 }, () => integer(random, 3));
const score = testProbe(engine, probe, { x: engine.tensor([pairs, 4], x), labels });

/** The logits of a linear probe, one multiplication after the other. */
function logitsByHand(pair: number, head: number): number[] {
  const [weight, bias] = probe.parameters.map(({ value }) => value.data);
  return [0, 1, 2].map((c) => {
    const out = 3 * head + c;
    return [0, 1, 2, 3].reduce((sum, i) => sum + weight![4 * out + i]! * x[4 * pair + i]!, bias![out]!);
  });
}

test('bits of each pair are -log2 of the softmax at its label, heads summed, to 1e-5', () => {
  const expected = Array.from({ length: pairs }, (_, pair) =>
    [0, 1].reduce((sum, head) => {
      const logits = logitsByHand(pair, head);
      const all = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      return sum - Math.log2(Math.exp(logits[labels[2 * pair + head]!]!) / all);
    }, 0),
  );
  expectClose(score.bits, expected, { relative: 1e-5, absolute: 1e-5 });
});

test('a pair is right if the largest logit of both heads is that of its label', () => {
  const expected = Array.from({ length: pairs }, (_, pair) => {
    const right = [0, 1].every((head) => {
      const logits = logitsByHand(pair, head);
      return logits.indexOf(Math.max(...logits)) === labels[2 * pair + head];
    });
    return right ? 1 : 0;
  });
  expect([...score.right]).toEqual(expected);
  expect(new Set(expected).size).toBe(2);
});

test('accuracy and cross-entropy are the means over pairs, to 1e-12', () => {
  const mean = (values: Iterable<number>) => [...values].reduce((sum, one) => sum + one, 0) / pairs;
  expectClose([score.accuracy, score.crossEntropy], [mean(score.right), mean(score.bits)], { relative: 1e-12 });
});
