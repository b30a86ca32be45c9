/** @file Triples of Float32 numbers where rounding a b + c is hard, and what it is by whole numbers alone. */
import { bitsOf, floatOf } from '../../../src/tensor/exact/arithmetic.ts';

export type Triple = readonly [a: number, b: number, c: number];

const { fround } = Math;
export const LARGEST = 2 ** 128 - 2 ** 104;
const SMALLEST = 2 ** -149;
const SPECIAL = [
  0,
  SMALLEST,
  2 ** -126 - SMALLEST,
  2 ** -126,
  2 ** -75,
  1,
  3,
  2 ** 64,
  LARGEST,
  Number.POSITIVE_INFINITY,
]
  .flatMap((x) => [x, -x])
  .concat(Number.NaN);

/** Deterministic, uniform in [0, 2^32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let t = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
    return (t ^ (t >>> 16)) >>> 0;
  };
}

/** `count` of each kind, and every triple of special numbers. */
export function hardTriples(count: number): Triple[] {
  const random = generator(1);
  const below = (n: number) => random() % n;
  const sign = () => (random() & 1024 ? 1 : -1);
  const mantissa = () => sign() * (1 + below(2 ** 23) * 2 ** -23);
  const power = (from: number, to: number) => 2 ** (from + below(to - from + 1));
  const anything = () => {
    const x = floatOf(random() | 0);
    return Number.isNaN(x) ? 1 : x;
  };
  /** x some steps of its last bit away. */
  const about = (x: number) => floatOf(bitsOf(x) + below(5) - 2);
  const kinds: { readonly [kind: string]: () => Triple } = {
    anything: () => [anything(), anything(), anything()],
    'of like size': () => [mantissa(), mantissa(), mantissa() * power(-30, 30)],
    'half of the last bit of c, or nearly': () => {
      const scale = power(-90, 90);
      const off = below(4) * 2 ** -23;
      return [sign() * (1 + off), scale * 2 ** -24 * (1 - below(2) * off), mantissa() * scale];
    },
    'a product just between two numbers, c tiny': () => {
      const scale = power(-30, 30);
      const product: [number, number] = [sign() * (2 * below(2 ** 11) + 1) * scale, 2 * below(2 ** 12) + 1 + 2 ** 13];
      return [...product, sign() * [0, SMALLEST, scale * 2 ** -40, scale * 2 ** -70][below(4)]!];
    },
    cancellation: () => {
      const [a, b] = [mantissa() * power(-40, 40), mantissa()];
      return [a, b, about(-fround(a * b))];
    },
    'results below the normal numbers': () => [
      mantissa() * power(-80, -60),
      mantissa() * power(-80, -60),
      sign() * below(5) * SMALLEST * power(0, 3),
    ],
    'half of the smallest number, or nearly': () => {
      const off = below(4) * 2 ** -23;
      return [sign() * (1 + off) * 2 ** -75, 2 ** -75 * (1 - below(2) * off), sign() * below(4) * SMALLEST];
    },
    'the border of infinity': () => {
      const off = below(4) * 2 ** -23;
      return [
        sign() * (1 + off) * 2 ** 50,
        2 ** 53 * (1 - below(2) * off),
        sign() * floatOf(bitsOf(LARGEST) - below(3)),
      ];
    },
    'products at the border of infinity': () => [
      about(sign() * 2 ** 64),
      about(2 ** 64),
      sign() * (below(2) ? power(90, 110) : anything()),
    ],
  };
  const triples: Triple[] = [];
  for (const make of Object.values(kinds)) {
    for (let i = 0; i < count; i++) triples.push(make());
  }
  for (const a of SPECIAL) for (const b of SPECIAL) for (const c of SPECIAL) triples.push([a, b, c]);
  return triples;
}

/** A Float32 number as a whole number of 2^-149. */
function whole(x: number): bigint {
  const bits = bitsOf(x);
  const exponent = (bits >>> 23) & 255;
  const fraction = BigInt(bits & 0x7fffff);
  const size = exponent === 0 ? fraction : (fraction + 2n ** 23n) << BigInt(exponent - 1);
  return bits < 0 ? -size : size;
}

/** a b + c as IEEE 754 has it: the exact sum, a whole number of 2^-298, rounded once, ties to even. */
export function roundedOnce(a: number, b: number, c: number): number {
  const exact = [a, b, c].every(Number.isFinite) ? whole(a) * whole(b) + (whole(c) << 149n) : 0n;
  // Infinite, NaN, or a zero, which has a sign: double precision gets these right.
  if (exact === 0n) return a * b + c;
  const size = exact < 0n ? -exact : exact;
  const dropped = BigInt(Math.max(149, size.toString(2).length - 24)); // bits behind the 24th, or below 2^-149
  const kept = size >> dropped;
  const rest = size - (kept << dropped);
  const half = 1n << (dropped - 1n);
  const up = rest > half || (rest === half && kept % 2n === 1n);
  const result = Number(up ? kept + 1n : kept) * 2 ** (Number(dropped) - 298);
  return (exact < 0n ? -1 : 1) * (result > LARGEST ? Number.POSITIVE_INFINITY : result);
}
