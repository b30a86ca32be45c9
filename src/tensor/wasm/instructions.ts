/**
 * @file WebAssembly's instructions as typed functions: each takes and returns the bytes that compute a value, so that a
 * nest of calls reads like the expression that it emits and an f32 cannot be passed where a vector belongs. Appendix A.
 *
 * Names are WebAssembly's own with `.` written `_`. This file is the only one with opcodes of instructions.
 */

export type ValueType = 'i32' | 'f32' | 'v128';

/** Code that leaves one value of type T on the stack. */
export interface Expression<T extends ValueType> {
  readonly type: T;
  readonly bytes: readonly number[];
}
export type I32 = Expression<'i32'>;
export type F32 = Expression<'f32'>;
export type V128 = Expression<'v128'>;

/** A number stands for the constant instruction. */
export type I32Like = I32 | number;
export type F32Like = F32 | number;

const SIMD = 0xfd;

/** LEB128, as WebAssembly writes unsigned numbers below 2^32. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** LEB128 of a signed 32-bit number. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

function float32Bytes(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

export function i32(value: I32Like): I32 {
  return typeof value === 'number' ? { type: 'i32', bytes: [0x41, ...signed(value)] } : value;
}
export function f32(value: F32Like): F32 {
  return typeof value === 'number' ? { type: 'f32', bytes: [0x43, ...float32Bytes(value)] } : value;
}

function i32Binary(opcode: number) {
  return (a: I32Like, b: I32Like): I32 => ({ type: 'i32', bytes: [...i32(a).bytes, ...i32(b).bytes, opcode] });
}
export const i32_eq = i32Binary(0x46);
export const i32_ne = i32Binary(0x47);
export const i32_lt_s = i32Binary(0x48);
export const i32_lt_u = i32Binary(0x49);
export const i32_gt_s = i32Binary(0x4a);
export const i32_gt_u = i32Binary(0x4b);
export const i32_le_u = i32Binary(0x4d);
export const i32_ge_s = i32Binary(0x4e);
export const i32_ge_u = i32Binary(0x4f);
export const i32_sub = i32Binary(0x6b);
export const i32_mul = i32Binary(0x6c);
export const i32_div_u = i32Binary(0x6e);
export const i32_rem_u = i32Binary(0x70);
export const i32_and = i32Binary(0x71);
export const i32_or = i32Binary(0x72);
export const i32_shl = i32Binary(0x74);
export const i32_shr_u = i32Binary(0x76);
const i32_add_2 = i32Binary(0x6a);
export function i32_add(a: I32Like, b: I32Like, ...more: I32Like[]): I32 {
  return more.reduce<I32>((sum, term) => i32_add_2(sum, term), i32_add_2(a, b));
}
export function i32_eqz(a: I32): I32 {
  return { type: 'i32', bytes: [...a.bytes, 0x45] };
}

function f32Binary(opcode: number) {
  return (a: F32Like, b: F32Like): F32 => ({ type: 'f32', bytes: [...f32(a).bytes, ...f32(b).bytes, opcode] });
}
export const f32_add = f32Binary(0x92);
export const f32_sub = f32Binary(0x93);
export const f32_mul = f32Binary(0x94);
export const f32_div = f32Binary(0x95);
export const f32_max = f32Binary(0x97);
export function f32_sqrt(a: F32): F32 {
  return { type: 'f32', bytes: [...a.bytes, 0x91] };
}
export function f32_neg(a: F32): F32 {
  return { type: 'f32', bytes: [...a.bytes, 0x8c] };
}
export function f32_convert_i32_u(a: I32): F32 {
  return { type: 'f32', bytes: [...a.bytes, 0xb3] };
}

/** `condition` ? a : b, both computed. */
export function select<T extends ValueType>(condition: I32, a: Expression<T>, b: Expression<T>): Expression<T> {
  return { type: a.type, bytes: [...a.bytes, ...b.bytes, ...condition.bytes, 0x1b] };
}

/** Alignment hint (the logarithm), then the offset in bytes that is added to the address. */
function memarg(alignment: number, offset: number): number[] {
  return [alignment, ...unsigned(offset)];
}
export function i32_load(address: I32Like, offset = 0): I32 {
  return { type: 'i32', bytes: [...i32(address).bytes, 0x28, ...memarg(2, offset)] };
}
export function f32_load(address: I32Like, offset = 0): F32 {
  return { type: 'f32', bytes: [...i32(address).bytes, 0x2a, ...memarg(2, offset)] };
}
export function v128_load(address: I32Like, offset = 0): V128 {
  return { type: 'v128', bytes: [...i32(address).bytes, SIMD, 0x00, ...memarg(2, offset)] };
}
/** One float in all four lanes. */
export function v128_load32_splat(address: I32Like, offset = 0): V128 {
  return { type: 'v128', bytes: [...i32(address).bytes, SIMD, 0x09, ...memarg(2, offset)] };
}
/** One float in lane 0, zeros in the others. */
export function v128_load32_zero(address: I32Like, offset = 0): V128 {
  return { type: 'v128', bytes: [...i32(address).bytes, SIMD, 0x5c, ...memarg(2, offset)] };
}
export function v128_load32_lane(address: I32Like, vector: V128, lane: number, offset = 0): V128 {
  return {
    type: 'v128',
    bytes: [...i32(address).bytes, ...vector.bytes, SIMD, 0x56, ...memarg(2, offset), lane],
  };
}

/** Code that leaves nothing: stores. */
export type Statement = readonly number[];
export function i32_store(address: I32Like, value: I32Like, offset = 0): Statement {
  return [...i32(address).bytes, ...i32(value).bytes, 0x36, ...memarg(2, offset)];
}
export function f32_store(address: I32Like, value: F32Like, offset = 0): Statement {
  return [...i32(address).bytes, ...f32(value).bytes, 0x38, ...memarg(2, offset)];
}
export function v128_store(address: I32Like, value: V128, offset = 0): Statement {
  return [...i32(address).bytes, ...value.bytes, SIMD, 0x0b, ...memarg(2, offset)];
}
export function v128_store32_lane(address: I32Like, value: V128, lane: number, offset = 0): Statement {
  return [...i32(address).bytes, ...value.bytes, SIMD, 0x5a, ...memarg(2, offset), lane];
}

function simdUnary(opcode: number) {
  return (a: V128): V128 => ({ type: 'v128', bytes: [...a.bytes, SIMD, ...unsigned(opcode)] });
}
function simdBinary(opcode: number) {
  return (a: V128, b: V128): V128 => ({ type: 'v128', bytes: [...a.bytes, ...b.bytes, SIMD, ...unsigned(opcode)] });
}
function simdTernary(opcode: number) {
  return (a: V128, b: V128, c: V128): V128 => ({
    type: 'v128',
    bytes: [...a.bytes, ...b.bytes, ...c.bytes, SIMD, ...unsigned(opcode)],
  });
}
function simdShift(opcode: number) {
  return (a: V128, count: number): V128 => ({
    type: 'v128',
    bytes: [...a.bytes, ...i32(count).bytes, SIMD, ...unsigned(opcode)],
  });
}
export const f32x4_add = simdBinary(0xe4);
export const f32x4_sub = simdBinary(0xe5);
export const f32x4_mul = simdBinary(0xe6);
export const f32x4_div = simdBinary(0xe7);
/** b < a ? b : a in each lane; a when either is not a number. */
export const f32x4_pmin = simdBinary(0xea);
/** a < b ? b : a in each lane; a when either is not a number. */
export const f32x4_pmax = simdBinary(0xeb);
export const f32x4_gt = simdBinary(0x44);
export const f32x4_neg = simdUnary(0xe1);
export const f32x4_sqrt = simdUnary(0xe3);
export const f32x4_convert_i32x4_s = simdUnary(0xfa);
export const i32x4_add = simdBinary(0xae);
export const i32x4_sub = simdBinary(0xb1);
export const i32x4_eq = simdBinary(0x37);
export const i32x4_gt_s = simdBinary(0x3b);
export const i32x4_shl = simdShift(0xab);
export const i32x4_shr_s = simdShift(0xac);
export const v128_and = simdBinary(0x4e);
export const v128_or = simdBinary(0x50);
/** Bits of a where mask is 1, of b where it is 0. */
export const v128_bitselect = simdTernary(0x52);
/** a b + c, rounded once or twice as the machine prefers: see `FunctionBuilder.madd`. */
export const f32x4_relaxed_madd = simdTernary(0x105);

export function f32x4_splat(value: F32Like): V128 {
  if (typeof value !== 'number') return { type: 'v128', bytes: [...value.bytes, SIMD, 0x13] };
  const lane = float32Bytes(value);
  return { type: 'v128', bytes: [SIMD, 0x0c, ...lane, ...lane, ...lane, ...lane] }; // v128.const
}
export function i32x4_splat(value: I32Like): V128 {
  return { type: 'v128', bytes: [...i32(value).bytes, SIMD, 0x11] };
}
/** v128.const of four 32-bit whole numbers. */
export function i32x4_const(a: number, b: number, c: number, d: number): V128 {
  return { type: 'v128', bytes: [SIMD, 0x0c, ...new Uint8Array(new Int32Array([a, b, c, d]).buffer)] };
}
export function f32x4_extract_lane(vector: V128, lane: number): F32 {
  return { type: 'f32', bytes: [...vector.bytes, SIMD, 0x1f, lane] };
}
/** i8x16.shuffle by whole 32-bit lanes: 0..3 choose from a, 4..7 from b. */
export function i32x4_shuffle(a: V128, b: V128, lanes: readonly [number, number, number, number]): V128 {
  const bytes = lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
  return { type: 'v128', bytes: [...a.bytes, ...b.bytes, SIMD, 0x0d, ...bytes] };
}
