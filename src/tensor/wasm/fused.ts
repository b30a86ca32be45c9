/** @file Whether this machine multiplies and adds in one rounding. Appendix A. */
import { ModuleBuilder, routine } from './assembler.ts';
import { f32x4_extract_lane, f32x4_splat } from './instructions.ts';
import { TILE_ROWS } from './tile.ts';

const maddTask = routine('madd', ['f32', 'f32', 'f32'], 'f32', (f, a, b, c) =>
  f32x4_extract_lane(f.madd(f32x4_splat(a), f32x4_splat(b), f32x4_splat(c)), 0),
);

/** Whether WebAssembly has `f32x4.relaxed_madd` here and computes it fused: the standard allows either, so it is tried. */
export function fusesMultiplyAdd(): boolean {
  return fuses(true);
}

/** (1 + e)^2 - (1 + 2 e) is e^2, and 0 where the product is rounded first: e = 2^-12 makes e^2 half a unit of its last place. */
export function fuses(relaxed: boolean): boolean {
  const builder = new ModuleBuilder({ relaxed, tileRows: TILE_ROWS });
  builder.addExport(maddTask);
  const bytes = builder.encode(1);
  if (!WebAssembly.validate(bytes)) return false;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const madd = exports['madd'] as (a: number, b: number, c: number) => number;
  const e = 2 ** -12;
  return madd(1 + e, 1 + e, -(1 + 2 * e)) === e * e;
}
