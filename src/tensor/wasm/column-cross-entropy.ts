/**
 * @file Cross-entropy where each row is a class and the samples of a batch lie side by side: softmax down the columns.
 * Appendix A.
 *
 * What this adds to the plain loops: the exponentials of four samples at once, however few the classes are. A chunk is
 * one head.
 */
import type { Kernels } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { type FunctionBuilder, type Local, type Task, task } from './assembler.ts';
import { exp, log } from './exponential.ts';
import {
  f32_store,
  f32x4_add,
  f32x4_div,
  f32x4_mul,
  f32x4_pmax,
  f32x4_splat,
  f32x4_sub,
  type I32,
  i32_mul,
  i32_shl,
  i32x4_eq,
  i32x4_splat,
  type V128,
  v128_and,
  v128_bitselect,
  v128_load32_splat,
} from './instructions.ts';
import type { Runner } from './runner.ts';
import { sumRow } from './units.ts';
import { forVectors, type Lanes } from './vectors.ts';

/** Where the logits of a head are: a row for each class, `bytes` long, and a bias for each. */
interface Head {
  readonly logits: Local<'i32'>;
  readonly bias: Local<'i32'>;
  readonly classes: I32;
  readonly bytes: I32;
}

/** Runs `body` for each class with the logits, bias added, of four samples; `others` are moved on with them. */
function forClasses(
  f: FunctionBuilder,
  head: Head,
  lanes: Lanes,
  body: (logit: Local<'v128'>, c: Local<'i32'>, row: Local<'i32'>) => void,
  other: I32 = head.logits,
): void {
  const { logits, bias, classes, bytes } = head;
  const logit = f.i32(logits);
  const b = f.i32(bias);
  const row = f.i32(other);
  const c = f.i32();
  f.for(c, 0, classes, 1, () => {
    body(f.v128(f32x4_add(lanes.load(logit), v128_load32_splat(b))), c, row);
    f.increase(logit, bytes);
    f.increase(b, 4);
    f.increase(row, bytes);
  });
}

/** All ones where class c is the target. */
const isTarget = (target: V128, c: I32): V128 => i32x4_eq(target, i32x4_splat(c));

function largestOf(f: FunctionBuilder, head: Head, lanes: Lanes): Local<'v128'> {
  const largest = f.v128(f32x4_splat(-Infinity));
  forClasses(f, head, lanes, (logit) => f.set(largest, f32x4_pmax(largest, logit)));
  return largest;
}

const columnCrossEntropyTask = task(
  'columnCrossEntropy',
  { losses: 'i32', logits: 'i32', bias: 'i32', targets: 'i32', classes: 'i32', rows: 'i32' },
  (f, { losses, logits, bias, targets, classes, rows }, chunk) => {
    const bytes = f.i32(i32_shl(rows, 2));
    for (const array of [losses, targets]) f.increase(array, i32_mul(chunk, bytes));
    f.increase(logits, i32_mul(chunk, i32_mul(classes, bytes)));
    f.increase(bias, i32_shl(i32_mul(chunk, classes), 2));
    const head = { logits, bias, classes, bytes };
    forVectors(f, bytes, (lanes) => {
      const target = f.v128(lanes.load(targets));
      const largest = largestOf(f, head, lanes);
      const sum = f.v128(f32x4_splat(0));
      const chosen = f.v128(f32x4_splat(0));
      forClasses(f, head, lanes, (logit, c) => {
        f.set(sum, f32x4_add(sum, exp(f, f32x4_sub(logit, largest))));
        f.set(chosen, v128_bitselect(logit, chosen, isTarget(target, c)));
      });
      lanes.store(losses, f32x4_add(log(f, sum), f32x4_sub(largest, chosen)));
    });
  },
);

// forward: loss = log sum exp(logits + bias) - (logits + bias)[target], so dlogits = softmax - onehot(target), times factor,
// and dbias = the sum of dlogits over the samples
const columnCrossEntropyBackwardTask = task(
  'columnCrossEntropyBackward',
  {
    dlogits: 'i32',
    dbias: 'i32',
    logits: 'i32',
    bias: 'i32',
    targets: 'i32',
    classes: 'i32',
    rows: 'i32',
    factor: 'f32',
  },
  (f, { dlogits, dbias, logits, bias, targets, classes, rows, factor }, chunk) => {
    const bytes = f.i32(i32_shl(rows, 2));
    f.increase(targets, i32_mul(chunk, bytes));
    for (const array of [dlogits, logits]) f.increase(array, i32_mul(chunk, i32_mul(classes, bytes)));
    for (const array of [dbias, bias]) f.increase(array, i32_shl(i32_mul(chunk, classes), 2));
    const head = { logits, bias, classes, bytes };
    const factors = f.v128(f32x4_splat(factor));
    forVectors(f, bytes, (lanes) => {
      const target = f.v128(lanes.load(targets));
      const largest = largestOf(f, head, lanes);
      const sum = f.v128(f32x4_splat(0));
      const addPower = (logit: V128, _: I32, power: Local<'i32'>) => {
        const e = f.v128(exp(f, f32x4_sub(logit, largest)));
        lanes.store(power, e);
        f.set(sum, f32x4_add(sum, e));
      };
      forClasses(f, head, lanes, addPower, dlogits);
      const scale = f.v128(f32x4_div(factors, sum));
      const subtractTarget = (_: V128, c: I32, power: Local<'i32'>) => {
        const hot = v128_and(isTarget(target, c), factors);
        lanes.store(power, f32x4_sub(f32x4_mul(lanes.load(power), scale), hot));
      };
      forClasses(f, head, lanes, subtractTarget, dlogits);
    });
    const c = f.i32();
    f.for(c, 0, classes, 1, () => {
      const [sum] = sumRow(f, bytes, 1, (lanes) => [lanes.load(dlogits)]);
      f.do(f32_store(dbias, sum!));
      f.increase(dlogits, bytes);
      f.increase(dbias, 4);
    });
  },
);

export const COLUMN_CROSS_ENTROPY_TASKS = [
  columnCrossEntropyTask,
  columnCrossEntropyBackwardTask,
] as unknown as readonly Task[];

type ColumnCrossEntropyKernels = Pick<Kernels, 'columnCrossEntropy' | 'columnCrossEntropyBackward'>;

export function columnCrossEntropyKernels(runner: Runner): ColumnCrossEntropyKernels {
  const at = (array: FloatArray | Int32Array) => runner.address(array);
  return {
    columnCrossEntropy(losses, logits, bias, targets, heads, classes, rows) {
      const arrays = { losses: at(losses), logits: at(logits), bias: at(bias), targets: at(targets) };
      runner.run(columnCrossEntropyTask, { ...arrays, classes, rows }, heads);
    },
    columnCrossEntropyBackward(dlogits, dbias, logits, bias, targets, factor, heads, classes, rows) {
      const gradients = { dlogits: at(dlogits), dbias: at(dbias) };
      const inputs = { logits: at(logits), bias: at(bias), targets: at(targets) };
      runner.run(columnCrossEntropyBackwardTask, { ...gradients, ...inputs, classes, rows, factor }, heads);
    },
  };
}
