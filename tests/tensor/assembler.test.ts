/** @file The assembler: what it emits runs, and what makes no sense does not compile. */
import { expect, it } from 'vitest';
import { enableRelaxedSimd } from '../../src/node/threads.ts';
import { ModuleBuilder, type Routine, routine } from '../../src/tensor/wasm/assembler.ts';
import {
  f32_add,
  f32x4_add,
  f32x4_extract_lane,
  f32x4_mul,
  f32x4_splat,
  i32_add,
  i32_and,
  i32_eqz,
  i32_gt_s,
  i32_mul,
  i32_sub,
  i32x4_shuffle,
  select,
  signed,
  unsigned,
  type ValueType,
  v128_load,
  v128_store,
} from '../../src/tensor/wasm/instructions.ts';

enableRelaxedSimd();

type AnyRoutine = Routine<readonly ValueType[], ValueType | undefined>;

/** The routine as a JavaScript function, and the memory that it works on. */
function assemble(target: AnyRoutine, relaxed = false) {
  const builder = new ModuleBuilder({ relaxed, tileRows: 6 });
  builder.addExport(target);
  const bytes = builder.encode(4);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  return WebAssembly.compile(bytes).then((module) => {
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    return { run: instance.exports[target.name] as (...args: number[]) => number, memory };
  });
}

it('LEB128 of the numbers in the WebAssembly specification', () => {
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(127)).toEqual([0x7f]);
  expect(unsigned(128)).toEqual([0x80, 1]);
  expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  expect(signed(0)).toEqual([0]);
  expect(signed(63)).toEqual([0x3f]);
  expect(signed(64)).toEqual([0xc0, 0]);
  expect(signed(-64)).toEqual([0x40]);
  expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
  expect(signed(-(2 ** 31))).toEqual([0x80, 0x80, 0x80, 0x80, 0x78]);
});

it('a loop, a condition and a call compute what they say', async () => {
  const square = routine('square', ['i32'], 'i32', (_, x) => i32_mul(x, x));
  const sumOfOddSquares = routine('sumOfOddSquares', ['i32'], 'i32', (f, n) => {
    const sum = f.i32(0);
    const i = f.i32();
    f.for(i, 0, n, 1, () => {
      f.if(i32_and(i, 1), () => f.increase(sum, f.call(square, i)));
    });
    return sum;
  });
  const { run } = await assemble(sumOfOddSquares as AnyRoutine);
  expect(run(8)).toBe(1 + 9 + 25 + 49);
  expect(run(0)).toBe(0);
  expect(run(-5)).toBe(0);
});

it('if takes its other branch, doWhile runs at least once, select chooses', async () => {
  const steps = routine('steps', ['i32'], 'i32', (f, n) => {
    const count = f.i32(0);
    f.doWhile(i32_gt_s(n, 0), () => {
      f.increase(count, 1);
      f.set(n, i32_sub(n, 2));
    });
    f.if(
      i32_gt_s(count, 3),
      () => f.set(count, i32_add(count, 100)),
      () => f.set(count, i32_add(count, 1000)),
    );
    return select(i32_eqz(n), count, i32_sub(0, count));
  });
  const { run } = await assemble(steps as AnyRoutine);
  expect(run(0)).toBe(1001 * -1);
  expect(run(4)).toBe(1002);
  expect(run(5)).toBe(-1003);
  expect(run(8)).toBe(104);
});

it('a recursive routine is emitted once and calls itself', async () => {
  const factorial: Routine<readonly ['i32'], 'i32'> = routine('factorial', ['i32'], 'i32', (f, n) => {
    const result = f.i32(1);
    f.if(i32_gt_s(n, 1), () => f.set(result, i32_mul(n, f.call(factorial, i32_sub(n, 1)))));
    return result;
  });
  const { run } = await assemble(factorial as AnyRoutine);
  expect(run(6)).toBe(720);
});

it.each([false, true])('vectors: load, madd (relaxed: %s), shuffle, store', async (relaxed) => {
  const work = routine('work', ['i32'], 'f32', (f, at) => {
    const x = f.v128(v128_load(at));
    const y = f.v128(f.madd(x, x, f32x4_splat(0.5)));
    f.do(v128_store(at, i32x4_shuffle(x, y, [3, 4, 1, 6]), 16));
    return f32_add(f32x4_extract_lane(y, 0), f32x4_extract_lane(f32x4_mul(y, f32x4_add(x, x)), 3));
  });
  const { run, memory } = await assemble(work as AnyRoutine, relaxed);
  const floats = new Float32Array(memory.buffer, 64, 8);
  floats.set([1, 2, 3, 4]);
  expect(run(64)).toBe(1.5 + 16.5 * 8);
  expect([...floats]).toEqual([1, 2, 3, 4, 4, 1.5, 2, 9.5]);
});

it('mixing types does not compile', () => {
  const builder = new ModuleBuilder({ relaxed: false, tileRows: 6 });
  const wrong = routine('wrong', ['i32', 'f32'], 'i32', (f, a, b) => {
    // @ts-expect-error an f32 is no i32
    f.set(a, b);
    // @ts-expect-error an i32 is no vector
    f.do(v128_store(a, a));
    return i32_add(a, 1);
  });
  builder.addExport(wrong as AnyRoutine);
  expect(WebAssembly.validate(builder.encode(1))).toBe(false);
});
