// A WebAssembly function from nothing but numbers: y = a x + y, four floats at a time.
import { ModuleBuilder, routine } from '../src/tensor/wasm/assembler.ts';
import { f32x4_splat, i32_add, v128_load, v128_store } from '../src/tensor/wasm/instructions.ts';

const axpy = routine('axpy', ['f32', 'i32', 'i32', 'i32'], undefined, (f, a, x, y, bytes) => {
  const offset = f.i32();
  f.for(offset, 0, bytes, 16, () => {
    const target = i32_add(y, offset);
    f.do(v128_store(target, f.madd(f32x4_splat(a), v128_load(i32_add(x, offset)), v128_load(target))));
  });
});

const builder = new ModuleBuilder({ relaxed: false, tileRows: 6 });
builder.addExport(axpy);
const bytes = builder.encode(1);
console.log(bytes.subarray(0, 8).join(' ')); // => 0 97 115 109 1 0 0 0

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const floats = new Float32Array(memory.buffer);
floats.set([1, 2, 3, 4, 5, 6, 7, 8], 0); // x, from byte 0
floats.set([100, 100, 100, 100, 100, 100, 100, 100], 8); // y, from byte 32

const instance = new WebAssembly.Instance(await WebAssembly.compile(bytes), { env: { memory } });
(instance.exports['axpy'] as (a: number, x: number, y: number, bytes: number) => void)(10, 0, 32, 32);
console.log(floats.subarray(8, 16).join(' ')); // => 110 120 130 140 150 160 170 180
