/** @file Every rounding on the way to a number. Appendix D. */

import type { Engine } from '../tensor/engine.ts';
import { ARITHMETIC, type Arithmetic, bitsOf, createExactEngine } from '../tensor/exact/index.ts';

/** One operation that a processor does in single precision, with its operands and what was left of the exact result. */
export interface Rounding {
  /** `fused` and `unfused` are a b + c, rounded once, and twice: the product, then the sum. */
  readonly does: 'add' | 'sub' | 'mul' | 'div' | 'sqrt' | 'fused' | 'unfused';
  /** Of a b + c: a, b and c. */
  readonly operands: readonly number[];
  readonly result: number;
}

export interface Recording {
  /** With the bits of the fast one, and every rounding written down. */
  readonly engine: Engine;
  /** The first `most` of them. */
  readonly roundings: Rounding[];
  readonly count: () => number;
}

/** An exact engine that writes down its roundings. */
export function recordRoundings(name: Arithmetic['name'], most = 4096): Recording {
  const roundings: Rounding[] = [];
  let count = 0;
  const base = ARITHMETIC[name];
  const written = <A extends number[]>(does: Rounding['does'], compute: (...operands: A) => number) => {
    return (...operands: A): number => {
      const result = compute(...operands);
      if (count++ < most) roundings.push({ does, operands, result });
      return result;
    };
  };
  const arithmetic: Arithmetic = {
    name,
    add: written('add', base.add),
    sub: written('sub', base.sub),
    mul: written('mul', base.mul),
    div: written('div', base.div),
    sqrt: written('sqrt', base.sqrt),
    madd: written(name === 'relaxed-simd' ? 'fused' : 'unfused', base.madd),
  };
  return { engine: createExactEngine(arithmetic), roundings, count: () => count };
}

/** The 32 bits of a single-precision number: sign, exponent, fraction. */
export function formatBits(value: number): string {
  const bits = (bitsOf(value) >>> 0).toString(2).padStart(32, '0');
  return `${bits[0]} ${bits.slice(1, 9)} ${bits.slice(9)}`;
}

/** Distance to the next single-precision number away from zero: the unit in the last place. */
export function unitInLastPlace(value: number): number {
  const size = Math.abs(value);
  const exponent = Math.max(((bitsOf(size) >>> 23) & 255) - 150, -149);
  let unit = 1;
  for (let e = 0; e < Math.abs(exponent); e++) unit = exponent < 0 ? unit / 2 : unit * 2;
  return unit;
}
