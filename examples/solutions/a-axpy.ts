// y = a x + y for any number of floats: whole vectors, then what is left over.
import { ModuleBuilder, routine } from '../../src/tensor/wasm/assembler.ts';
import { f32x4_splat } from '../../src/tensor/wasm/instructions.ts';
import { forVectors } from '../../src/tensor/wasm/vectors.ts';

const axpy = routine('axpy', ['f32', 'i32', 'i32', 'i32'], undefined, (f, a, x, y, bytes) => {
  forVectors(f, bytes, ({ load, store }) => store(y, f.madd(f32x4_splat(a), load(x), load(y))));
});

const builder = new ModuleBuilder({ relaxed: false, tileRows: 6 });
builder.addExport(axpy);
const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const floats = new Float32Array(memory.buffer);
const { exports } = new WebAssembly.Instance(await WebAssembly.compile(builder.encode(1)), { env: { memory } });
const call = exports['axpy'] as (a: number, x: number, y: number, bytes: number) => void;

for (const count of [3, 4, 7]) {
  floats.set([1, 2, 3, 4, 5, 6, 7, 8], 0);
  floats.fill(100, 8, 16);
  call(10, 0, 32, 4 * count);
  console.log(floats.subarray(8, 16).join(' '));
}
// =>
// 110 120 130 100 100 100 100 100
// 110 120 130 140 100 100 100 100
// 110 120 130 140 150 160 170 100
