/** @file What an explanation of a number says. Appendix D. */
import type { Rounding } from './roundings.ts';

/** One number that went in. Where the operation adds up, `part` is what it adds: the number, or its product with `factor`. */
export interface Operand {
  /** Null for a number that follows from others of this explanation. */
  readonly address: string | null;
  readonly name: string;
  readonly value: number;
  readonly factor?: { readonly address: string | null; readonly name: string; readonly value: number };
  /** What it adds to the number, in double precision, where the operation is a sum. */
  readonly part?: number;
}

/** The number found again by itself with the exact kernels. */
export interface Again {
  /** The same bits, or else something is wrong with the run. */
  readonly value: number;
  /** How many roundings there were, and the first some thousand of them. */
  readonly count: number;
  readonly roundings: readonly Rounding[];
}

export interface Explanation {
  readonly address: string;
  readonly value: number;
  /** How it is kept: a share or a count is `float64` or `integer`. */
  readonly precision: 'float32' | 'float64' | 'integer';
  /** What the operation is, as an equation. */
  readonly formula: string;
  /** What else one should know, such as the program that was written. */
  readonly note?: string;
  /** In the order in which they are added, or enter the formula. */
  readonly operands: readonly Operand[];
  /** Null where no kernel of ours rounds: counts, choices, and what double precision computes in a single expression. */
  readonly again: Again | null;
}

/** The operand with the largest part or, where there are no parts, the first one that can be explained in its turn. */
export function largest({ operands }: Explanation): Operand | undefined {
  const known = operands.filter(({ address, factor }) => address !== null || factor?.address);
  const size = ({ part }: Operand): number => Math.abs(part ?? 0);
  return known.reduce<Operand | undefined>((most, one) => (!most || size(one) > size(most) ? one : most), undefined);
}

/** The rounding at which a product of this operand was added, if it is among those that were written down. */
export function roundingOf(again: Again, { value, factor }: Operand): Rounding | undefined {
  if (!factor) return undefined;
  return again.roundings.find(
    ({ does, operands: [a, b] }) =>
      (does === 'fused' || does === 'unfused' || does === 'mul') &&
      ((a === value && b === factor.value) || (b === value && a === factor.value)),
  );
}
