/** @file Whether weights of the size that a model made by hand has make rounding matter. */
import { expect } from 'vitest';
import { Tape } from '../../../src/autograd/index.ts';
import type { HandmadeWeights } from '../../../src/study/handmade/weights.ts';
import { createReferenceEngine } from '../../../src/tensor/index.ts';
import { pack } from '../../../src/transformer/index.ts';
import { engine } from '../memory-runs.ts';

/** The logits for these tokens are the same on the fast and on the reference engine, within 0.001, and not all small. */
export function expectSameLogits(weights: HandmadeWeights, tokens: readonly number[]): void {
  const [fast, reference] = [engine, createReferenceEngine('float32')].map((one) => {
    const model = weights.model(one);
    return Array.from(model.forward(new Tape(one, { recording: false }), pack(one, [tokens])).value.data);
  }) as [number[], number[]];
  expect(Math.max(...fast.map((logit, at) => Math.abs(logit - reference[at]!)))).toBeLessThan(0.001);
  expect(Math.max(...reference.map(Math.abs))).toBeGreaterThan(1);
}
