/** @file One array of a step judged: its bits against the exact kernels', its rounding against the bound. Appendix E. */
import type { FloatArray, Shape } from '../tensor/index.ts';

/** What was computed: an op's output or what it keeps, what it adds to a gradient, or what an optimizer writes. */
export interface Judged {
  readonly op: string;
  /** `forward`, `gradient of h.0`, `update`. */
  readonly direction: string;
  /** Of the op's output, or of the parameter that is updated. */
  readonly name: string;
  readonly shape: Shape;
  readonly fast: FloatArray;
  readonly exact: FloatArray;
  /** In Float64. */
  readonly reference: FloatArray;
  /** How far `fast` may lie from `reference`. */
  readonly bounds: ArrayLike<number>;
  readonly formula: string;
}

export interface Difference {
  readonly at: number;
  readonly fast: number;
  readonly exact: number;
}

export interface Verdict extends Omit<Judged, 'fast' | 'exact' | 'reference' | 'bounds'> {
  /** The first element with other bits. */
  readonly otherBits: Difference | undefined;
  /** How many there are. */
  readonly others: number;
  /** The element that comes nearest to its bound, or goes furthest beyond it. */
  readonly nearest: { readonly at: number; readonly fast: number; readonly reference: number; readonly bound: number };
  /** |fast - reference| / bound of that element; above 1 it is more than rounding. */
  readonly ratio: number;
  /** Largest |fast - reference| of all, over the largest |reference|. */
  readonly relative: number;
}

/** Single precision of the reference itself is 2^-29 of that of the fast kernels; so much is left for it. */
const REFERENCE_SHARE = 1 + 2 ** -20;

export function judge({ fast, exact, reference, bounds, ...what }: Judged): Verdict {
  const { first, count } = differingBits(fast, exact);
  let [at, ratio, largest, size] = [0, 0, 0, 0];
  for (let i = 0; i < fast.length; i++) {
    const difference = Math.abs(fast[i]! - reference[i]!);
    const share = shareOf(difference, bounds[i]! * REFERENCE_SHARE);
    if (share > ratio) [at, ratio] = [i, share];
    largest = Math.max(largest, difference);
    size = Math.max(size, Math.abs(reference[i]!));
  }
  return {
    ...what,
    otherBits: first === undefined ? undefined : { at: first, fast: fast[first]!, exact: exact[first]! },
    others: count,
    nearest: { at, fast: fast[at]!, reference: reference[at]!, bound: bounds[at]! },
    ratio,
    relative: largest === 0 ? 0 : largest / size,
  };
}

/** What is no number is beyond every bound. */
function shareOf(difference: number, bound: number): number {
  if (difference === 0) return 0;
  const share = difference / bound;
  return Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
}

const bits = (x: Float32Array): Int32Array => new Int32Array(x.buffer, x.byteOffset, x.length);

/** The first element whose bits differ, and how many do. */
export function differingBits(a: FloatArray, b: FloatArray): { readonly first: number | undefined; count: number } {
  const single = a instanceof Float32Array && b instanceof Float32Array;
  const [one, other] = single ? [bits(a), bits(b)] : [a, b];
  let [first, count]: [number | undefined, number] = [undefined, 0];
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    if (Object.is(one[i], other[i])) continue;
    first ??= i;
    count++;
  }
  return { first, count };
}

/** `[3,17]`: where element `at` of a tensor is. */
export function placeIn(shape: Shape, at: number): string {
  const index: number[] = [];
  let rest = at;
  for (const axis of [...shape].reverse()) {
    index.unshift(rest % axis);
    rest = Math.floor(rest / axis);
  }
  return index.length === 0 ? '' : `[${index.join(',')}]`;
}
