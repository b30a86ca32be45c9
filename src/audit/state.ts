/** @file All numbers that a training goes on from. Appendix E. */
import type { FloatArray, Shape } from '../tensor/index.ts';
import type { Trainer } from '../transformer/index.ts';
import { differingBits, placeIn } from './verdict.ts';

export interface NamedTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly data: FloatArray;
}

/** Parameters, then what the optimizers remember. */
export function tensorsOf(trainer: Trainer): NamedTensor[] {
  const parameters = trainer.model.parameters.map(({ name, value }) => ({ name: name!, ...value }));
  const moments = Array.from(trainer.state().moments, ([name, { shape, data }]) => ({ name, shape, data }));
  return [...parameters, ...(moments as NamedTensor[])];
}

/** The first number in which two trainings differ, in words; undefined where all bits are the same. */
export function stateDifference(one: Trainer, other: Trainer): string | undefined {
  const theirs = new Map(tensorsOf(other).map(({ name, data }) => [name, data]));
  for (const { name, shape, data } of tensorsOf(one)) {
    const others = theirs.get(name);
    if (others === undefined) return `${name} is in one of them alone`;
    const { first, count } = differingBits(data, others);
    if (first === undefined) continue;
    return `${name}${placeIn(shape, first)} is ${data[first]} and ${others[first]} (${count} of ${data.length} differ)`;
  }
  return undefined;
}

/** Outside of the engine's memory. */
export const copyOfState = (trainer: Trainer): FloatArray[] => tensorsOf(trainer).map(({ data }) => data.slice());

/** The numbers alone: how many steps were taken is not changed. */
export function setState(trainer: Trainer, state: readonly FloatArray[]): void {
  for (const [i, { data }] of tensorsOf(trainer).entries()) data.set(state[i]!);
}
