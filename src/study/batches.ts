/** @file Which samples make up the batch of a training step. Chapter 7. */
import { randomStream } from '../random.ts';

/**
 * Sample numbers of the batches over a corpus of `count` samples. The first epoch takes them as they were drawn; each
 * later one in an order of its own, x -> (a x + b) mod count, so that the batch of any step is known without the ones
 * before it and an interrupted run goes on with the same batches.
 */
export class BatchOrder {
  private readonly count: number;
  private readonly batchSize: number;
  private readonly seed: string;
  private readonly orders = new Map<number, { a: number; b: number }>();

  constructor(count: number, batchSize: number, seed: string) {
    this.count = count;
    this.batchSize = batchSize;
    this.seed = seed;
  }

  /** How many times the corpus has been gone through when `steps` steps are done. */
  epochs(steps: number): number {
    return (steps * this.batchSize) / this.count;
  }

  /** The samples of the batch of step `step`, counted from 0. */
  batch(step: number): number[] {
    return Array.from({ length: this.batchSize }, (_, at) => {
      const drawn = step * this.batchSize + at;
      const epoch = Math.floor(drawn / this.count);
      const { a, b } = this.order(epoch);
      return Number((BigInt(a) * BigInt(drawn % this.count) + BigInt(b)) % BigInt(this.count));
    });
  }

  private order(epoch: number): { a: number; b: number } {
    if (epoch === 0) return { a: 1, b: 0 };
    let order = this.orders.get(epoch);
    if (!order) {
      const random = randomStream(this.seed, `epoch/${epoch}`);
      const below = (limit: number): number => Math.floor(random() * limit);
      let a = 1 + below(this.count);
      while (greatestCommonDivisor(a, this.count) !== 1) a = 1 + below(this.count);
      order = { a, b: below(this.count) };
      this.orders.set(epoch, order);
    }
    return order;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
