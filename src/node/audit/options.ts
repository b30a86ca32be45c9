/** @file What the audit's options are read with. Chapter 13. */
import { InvalidArgumentError } from 'commander';

/** A state of training: how many steps are done. */
export function stateNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('expected a whole number from 0 up.');
  }
  return value;
}
