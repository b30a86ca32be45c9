/** @file What the commands of the audit read alike. Appendix E. */
import { InvalidArgumentError } from 'commander';
import { MAX_THREADS } from '../../tensor/index.ts';

/** A whole number from `least` up. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} up.`);
  };

export function threadCount(text: string): number {
  const value = wholeNumber(1)(text);
  if (value <= MAX_THREADS) return value;
  throw new InvalidArgumentError(`expected at most ${MAX_THREADS}.`);
}
