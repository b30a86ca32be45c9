/** @file An engine over ordinary arrays, on the calling thread: for kernels that are plain TypeScript. Chapter 3. */
import type { Engine } from './engine.ts';
import { ShapeError } from './errors.ts';
import { formatShape, type Shape, sizeOf } from './shape.ts';
import { type FloatArray, Tensor } from './tensor.ts';

/**
 * An engine without WebAssembly, threads or arenas: the garbage collector frees what is no longer used, so `scope` only
 * runs its body. `memory()` counts what was asked for, as if nothing outside a scope were ever freed.
 */
export function plainEngine({
  kernels,
  precision,
  arithmetic,
}: Pick<Engine, 'kernels' | 'precision' | 'arithmetic'>): Engine {
  let usedBytes = 0;
  let peakBytes = 0;
  const count = (bytes: number): void => {
    usedBytes += bytes;
    peakBytes = Math.max(peakBytes, usedBytes);
  };

  const zeros = (shape: Shape): Tensor => {
    const size = sizeOf(shape);
    const data: FloatArray = precision === 'float64' ? new Float64Array(size) : new Float32Array(size);
    count(data.byteLength);
    return new Tensor(shape, data);
  };

  return {
    kernels,
    precision,
    threads: 1,
    arithmetic,
    empty: zeros,
    zeros,
    tensor(shape, values) {
      const size = sizeOf(shape);
      if (size !== values.length) {
        throw new ShapeError(`tensor: shape ${formatShape(shape)} does not fit ${values.length} elements`);
      }
      const result = zeros(shape);
      result.data.set(values);
      return result;
    },
    integers(values) {
      const data = typeof values === 'number' ? new Int32Array(values) : Int32Array.from(values);
      count(data.byteLength);
      return data;
    },
    scope(body) {
      const before = usedBytes;
      try {
        return body();
      } finally {
        usedBytes = before;
      }
    },
    memory: () => ({ usedBytes, peakBytes }),
    close: async () => {},
  };
}
