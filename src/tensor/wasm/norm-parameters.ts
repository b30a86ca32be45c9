/** @file Gradients of the weights and biases of layer norm and batch norm, again sums over the rows. Appendix A. */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type Task, task } from './assembler.ts';
import { columnChunks, forColumns, sumRows, type Vector } from './columns.ts';
import { f32x4_add, f32x4_mul, f32x4_sub, i32_shl, v128_load32_splat } from './instructions.ts';
import type { Runner } from './runner.ts';
import { accumulating, type Lanes } from './vectors.ts';

/**
 * Gradients of a norm's weight and bias. Layer norm has one mean and rstd a row, batch norm one a column: that is all
 * that differs.
 */
function normParameters(name: string, statistics: 'row' | 'column') {
  return task(
    name,
    {
      dweight: 'i32',
      dbias: 'i32',
      dout: 'i32',
      x: 'i32',
      mean: 'i32',
      rstd: 'i32',
      rows: 'i32',
      width: 'i32',
      accumulate: 'i32',
    },
    (f, { dweight, dbias, dout, x, mean, rstd, rows, width, accumulate }, chunk) => {
      const starts = [dout, x, mean, rstd].map((array) => [array, f.i32(array)] as const);
      forColumns(f, chunk, width, (vectors) => {
        for (const [array, start] of starts) f.set(array, start);
        const perColumn =
          statistics === 'column' ? vectors.map((lanes) => [f.v128(lanes.load(mean)), f.v128(lanes.load(rstd))]) : [];
        const m = f.v128();
        const r = f.v128();
        const terms = (lanes: Lanes, i: number, [weightSum, biasSum]: readonly Vector[]) => {
          if (statistics === 'row' && i === 0) {
            f.set(m, v128_load32_splat(mean));
            f.set(r, v128_load32_splat(rstd));
          }
          const [centre, factor] = statistics === 'row' ? [m, r] : [perColumn[i]![0]!, perColumn[i]![1]!];
          const d = f.v128(lanes.load(dout));
          const normalized = f32x4_mul(f32x4_sub(lanes.load(x), centre), factor);
          f.set(weightSum!, f.madd(d, normalized, weightSum!));
          f.set(biasSum!, f32x4_add(biasSum!, d));
        };
        const totals = sumRows(f, rows, vectors, terms, 2, () => {
          f.increase(dout, i32_shl(width, 2));
          f.increase(x, i32_shl(width, 2));
          if (statistics === 'row') {
            f.increase(mean, 4);
            f.increase(rstd, 4);
          }
        });
        accumulating(f, accumulate, (put) => {
          vectors.forEach((lanes, i) => {
            put(lanes, dweight, totals[i]![0]!);
            put(lanes, dbias, totals[i]![1]!);
          });
        });
      });
    },
  );
}

const layerNormParametersTask = normParameters('layerNormBackwardParameters', 'row');
const batchNormParametersTask = normParameters('batchNormBackwardParameters', 'column');

export const NORM_PARAMETER_TASKS = [layerNormParametersTask, batchNormParametersTask] as unknown as readonly Task[];

type NormParameterKernels = Pick<Kernels, 'layerNormBackwardParameters' | 'batchNormBackwardParameters'>;

export function normParameterKernels(runner: Runner): NormParameterKernels {
  const at = (array: FloatArray) => runner.address(array);
  const kernelOf =
    (task: typeof layerNormParametersTask): Kernels['layerNormBackwardParameters'] =>
    (dweight, dbias, dout, x, mean, rstd, rows, width, accumulate) => {
      const arrays = {
        dweight: at(dweight),
        dbias: at(dbias),
        dout: at(dout),
        x: at(x),
        mean: at(mean),
        rstd: at(rstd),
      };
      runner.run(task, { ...arrays, rows, width, accumulate: Number(accumulate) }, columnChunks(width));
    };
  return {
    layerNormBackwardParameters: kernelOf(layerNormParametersTask),
    batchNormBackwardParameters: kernelOf(batchNormParametersTask),
  };
}
