/** @file One call of every kernel over many sizes, for the tests that compare engines with each other. */
import type { FloatArray, HeadLayout, Kernels } from '../../src/tensor/index.ts';

/** Makes the arrays that a case works on, wherever the engine keeps them. */
export interface Maker {
  floats(values: ArrayLike<number>): FloatArray;
  integers(values: ArrayLike<number>): Int32Array;
}

export interface Case {
  readonly name: string;
  /** Runs the kernel on fresh arrays and returns what it wrote. */
  run(kernels: Kernels, make: Maker): { readonly [output: string]: FloatArray };
  /** Allowed difference as a part of the output's largest absolute value; 2e-6 unless the sums are long. */
  readonly tolerance?: number;
}

/** The same numbers for everybody: a small generator, uniform in [-1, 1). */
function generator(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

function numbers(seed: number, length: number, scale = 1): Float32Array {
  const random = generator(seed + length);
  return Float32Array.from({ length }, () => scale * random());
}

function ids(seed: number, length: number, from: number, to: number): number[] {
  const random = generator(seed + length);
  return Array.from({ length }, () => from + Math.floor(((random() + 1) / 2) * (to - from)));
}

const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 63, 1000, 20_001, 70_003];
const MATRICES = [
  [1, 1],
  [2, 3],
  [3, 4],
  [5, 5],
  [4, 16],
  [7, 17],
  [9, 26],
  [130, 31],
  [65, 64],
  [301, 100],
  [1200, 64],
] as const;
const BOTH = [false, true];

type Sizes = readonly (readonly [m: number, n: number, k: number])[];
const PRODUCTS: Sizes = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((size) => [size, 10 - size, (size * 3) % 10] as const),
  [1, 64, 64],
  [64, 1, 64],
  [17, 33, 65],
  [31, 26, 64],
  [130, 70, 257],
  [300, 9, 300],
  [8, 272, 515],
  [301, 64, 64],
  [64, 96, 1200],
];

function matmulCases(): Case[] {
  const cases: Case[] = [];
  for (const [m, n, k] of PRODUCTS) {
    for (const transposeA of BOTH) {
      for (const transposeB of BOTH) {
        for (const accumulate of BOTH) {
          const options = { m, n, k, transposeA, transposeB, accumulate };
          cases.push({
            name: `matmul [${m}, ${k}] x [${k}, ${n}]${transposeA ? ' A^T' : ''}${transposeB ? ' B^T' : ''}${accumulate ? ' +=' : ''}`,
            tolerance: 4e-6,
            run(kernels, make) {
              const c = make.floats(numbers(3, m * n));
              kernels.matmul(c, make.floats(numbers(1, m * k)), make.floats(numbers(2, k * n)), options);
              return { c };
            },
          });
        }
      }
    }
  }
  for (const [m, n, k] of [...PRODUCTS, [7, 3, 0]] as const) {
    cases.push({
      name: `matmul [${m}, ${k}] x [${k}, ${n}] B^T + bias`,
      tolerance: 4e-6,
      run(kernels, make) {
        const c = make.floats(numbers(3, m * n));
        const options = { m, n, k, transposeB: true, bias: make.floats(numbers(4, n)) };
        kernels.matmul(c, make.floats(numbers(1, m * k)), make.floats(numbers(2, k * n)), options);
        return { c };
      },
    });
  }
  for (const strides of [{}, { strideA: 0 }, { strideB: 0 }, { strideA: 50, strideB: 44, strideC: 31 }]) {
    cases.push({
      name: `matmul of a batch, ${JSON.stringify(strides)}`,
      run(kernels, make) {
        const c = make.floats(numbers(3, 5 * 31));
        const options = { m: 5, n: 6, k: 7, batch: 5, transposeB: true, ...strides };
        kernels.matmul(c, make.floats(numbers(1, 5 * 50)), make.floats(numbers(2, 5 * 44)), options);
        return { c };
      },
    });
  }
  return cases;
}

function elementwiseCases(): Case[] {
  return LENGTHS.flatMap((length) => {
    const x = numbers(1, length, 6);
    const y = numbers(2, length, 3);
    const z = numbers(3, length);
    const unary = (name: 'gelu' | 'relu'): Case => ({
      name: `${name} of ${length}`,
      run(kernels, make) {
        const out = make.floats(z);
        kernels[name](out, make.floats(x));
        return { out };
      },
    });
    const backward = (name: 'geluBackward' | 'reluBackward', accumulate: boolean): Case => ({
      name: `${name} of ${length}${accumulate ? ' +=' : ''}`,
      run(kernels, make) {
        const dx = make.floats(z);
        kernels[name](dx, make.floats(y), make.floats(x), accumulate);
        return { dx };
      },
    });
    const others: Case[] = [
      {
        name: `add of ${length}, onto its operand too`,
        run(kernels, make) {
          const [out, a] = [make.floats(z), make.floats(x)];
          kernels.add(out, a, make.floats(y));
          kernels.add(a, a, out);
          return { out, a };
        },
      },
      {
        name: `add3 of ${length}`,
        run(kernels, make) {
          const out = make.floats(z);
          kernels.add3(out, make.floats(x), make.floats(y), make.floats(z));
          return { out };
        },
      },
      ...BOTH.map(
        (accumulate): Case => ({
          name: `scale of ${length}${accumulate ? ' +=' : ''}`,
          run(kernels, make) {
            const out = make.floats(z);
            kernels.scale(out, make.floats(x), 0.37, accumulate);
            return { out };
          },
        }),
      ),
      {
        name: `adamw of ${length}`,
        run(kernels, make) {
          const [p, m, v] = [make.floats(x), make.floats(z), make.floats(y.map(Math.abs))];
          const options = { learningRate: 3e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
          kernels.adamw(p, make.floats(y), m, v, { ...options, step: 7, gradientScale: 0.4 });
          return { p, m, v };
        },
      },
      {
        name: `sumOfSquares of ${length}`,
        run: (kernels, make) => ({ sum: Float32Array.of(kernels.sumOfSquares(make.floats(x))) }),
      },
    ];
    return [
      unary('gelu'),
      unary('relu'),
      ...BOTH.flatMap((accumulate) => [backward('geluBackward', accumulate), backward('reluBackward', accumulate)]),
      ...others,
    ];
  });
}

function matrixCases(): Case[] {
  return MATRICES.flatMap(([rows, width]) => {
    const size = rows * width;
    const x = numbers(1, size, 2);
    const dout = numbers(2, size);
    const old = numbers(3, size);
    const mean = numbers(4, rows, 0.2);
    const rstd = numbers(5, rows).map((r) => 1 + 0.5 * r);
    const columnMean = numbers(6, width, 0.2);
    const columnRstd = numbers(7, width).map((r) => 1 + 0.5 * r);
    const weight = numbers(8, width);
    const bias = numbers(9, width);
    const at = `[${rows}, ${width}]`;
    const cases: Case[] = [
      {
        name: `addBias ${at}, in place too`,
        run(kernels, make) {
          const [out, a] = [make.floats(old), make.floats(x)];
          kernels.addBias(out, a, make.floats(bias), rows, width);
          kernels.addBias(a, a, make.floats(bias), rows, width);
          return { out, a };
        },
      },
      {
        name: `layerNorm ${at}`,
        tolerance: 5e-6,
        run(kernels, make) {
          const [out, m, r] = [make.floats(old), make.floats(mean), make.floats(rstd)];
          kernels.layerNorm(out, m, r, make.floats(x), make.floats(weight), make.floats(bias), rows, width, 1e-5);
          return width < 4 ? { m } : { out, m, r };
        },
      },
      {
        name: `columnStatistics and normalizeColumns ${at}`,
        tolerance: 1e-5,
        run(kernels, make) {
          const [out, m, r, a] = [make.floats(old), make.floats(weight), make.floats(weight), make.floats(x)];
          kernels.columnStatistics(m, r, a, rows, width, 1e-5);
          const [w, b] = [make.floats(weight), make.floats(bias)];
          kernels.normalizeColumns(out, a, make.floats(columnMean), make.floats(columnRstd), w, b, rows, width);
          return rows < 4 ? { out, m } : { out, m, r };
        },
      },
      {
        name: `embedding ${at}`,
        run(kernels, make) {
          const out = make.floats(old);
          kernels.embedding(out, make.floats(numbers(1, 26 * width)), make.integers(ids(1, rows, 0, 26)), rows, width);
          return { out };
        },
      },
      {
        name: `crossEntropy ${at}, some targets ignored`,
        run(kernels, make) {
          const losses = make.floats(mean);
          const logits = make.floats(x.map((v) => 10 * v));
          kernels.crossEntropy(losses, logits, make.integers(ids(2, rows, -1, width)), rows, width);
          return { losses };
        },
      },
    ];
    for (const accumulate of BOTH) {
      const plus = accumulate ? ' +=' : '';
      cases.push(
        {
          name: `columnSums ${at}${plus}`,
          tolerance: 1e-5,
          run(kernels, make) {
            const out = make.floats(bias);
            kernels.columnSums(out, make.floats(x), rows, width, accumulate);
            return { out };
          },
        },
        {
          name: `layerNormBackward ${at}${plus}`,
          run(kernels, make) {
            const dx = make.floats(old);
            const inputs = [make.floats(dout), make.floats(x), make.floats(weight)] as const;
            kernels.layerNormBackward(dx, ...inputs, make.floats(mean), make.floats(rstd), rows, width, accumulate);
            return { dx };
          },
        },
        {
          name: `layerNormBackwardParameters ${at}${plus}`,
          tolerance: 1e-5,
          run(kernels, make) {
            const [dw, db] = [make.floats(weight), make.floats(bias)];
            const inputs = [make.floats(dout), make.floats(x), make.floats(mean), make.floats(rstd)] as const;
            kernels.layerNormBackwardParameters(dw, db, ...inputs, rows, width, accumulate);
            return { dw, db };
          },
        },
        {
          name: `batchNormBackwardParameters ${at}${plus}`,
          tolerance: 1e-5,
          run(kernels, make) {
            const [dw, db] = [make.floats(weight), make.floats(bias)];
            const statistics = [make.floats(columnMean), make.floats(columnRstd)] as const;
            const inputs = [make.floats(dout), make.floats(x), ...statistics] as const;
            kernels.batchNormBackwardParameters(dw, db, ...inputs, rows, width, accumulate);
            return { dw, db };
          },
        },
        {
          name: `batchNormBackward ${at}${plus}`,
          run(kernels, make) {
            const dx = make.floats(old);
            const statistics = [make.floats(columnMean), make.floats(columnRstd), make.floats(weight)] as const;
            const inputs = [make.floats(dout), make.floats(x), ...statistics] as const;
            const [dw, db] = [make.floats(bias), make.floats(weight)];
            kernels.batchNormBackward(dx, ...inputs, dw, db, rows, width, accumulate);
            return { dx };
          },
        },
        {
          name: `embeddingBackward ${at}${plus}`,
          tolerance: 1e-5,
          run(kernels, make) {
            const dtable = make.floats(numbers(1, 26 * width));
            const rowIds = make.integers(ids(1, rows, 0, 26));
            kernels.embeddingBackward(dtable, make.floats(dout), rowIds, rows, width, 26, accumulate);
            return { dtable };
          },
        },
        {
          name: `crossEntropyBackward ${at}${plus}`,
          run(kernels, make) {
            const dlogits = make.floats(old);
            const targets = make.integers(ids(2, rows, -1, width));
            const logits = make.floats(x.map((v) => 5 * v));
            kernels.crossEntropyBackward(dlogits, logits, targets, make.floats(mean), rows, width, accumulate);
            return { dlogits };
          },
        },
      );
    }
    return cases;
  });
}

const LAYOUTS: readonly (HeadLayout & { rotaryDim: number; lengths: readonly number[] })[] = [
  { heads: 4, headSize: 16, groups: 4, rotaryDim: 8, lengths: [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 74] },
  { heads: 4, headSize: 8, groups: 2, rotaryDim: 4, lengths: [11, 0, 33, 1] },
  { heads: 4, headSize: 6, groups: 4, rotaryDim: 6, lengths: [3, 30] },
  { heads: 2, headSize: 5, groups: 1, rotaryDim: 2, lengths: [13, 21] },
  { heads: 4, headSize: 24, groups: 4, rotaryDim: 12, lengths: [110, 40] },
  { heads: 2, headSize: 33, groups: 2, rotaryDim: 32, lengths: [67] },
  { heads: 1, headSize: 64, groups: 1, rotaryDim: 32, lengths: [400, 130] },
  { heads: 2, headSize: 32, groups: 1, rotaryDim: 16, lengths: [1, 0, 24, 41] },
  { heads: 2, headSize: 16, groups: 2, rotaryDim: 8, lengths: [600, 1, 0, 20] }, // one so long that heads are taken one by one
];

function attentionCases(): Case[] {
  return LAYOUTS.flatMap((layout) => {
    const { heads, headSize, groups, rotaryDim, lengths } = layout;
    const starts = [0];
    for (const length of lengths) starts.push(starts.at(-1)! + length);
    const tokens = starts.at(-1)!;
    const width = heads * headSize;
    const qkv = numbers(1, tokens * 3 * width, 2);
    const dout = numbers(2, tokens * width);
    const at = `${heads} heads of ${headSize}, ${groups} groups, samples of ${lengths}`;
    const positions = starts.slice(1).flatMap((end, s) => Array.from({ length: end - starts[s]! }, (_, i) => i));
    const cases: Case[] = [
      {
        name: `causalAttention, ${at}`,
        tolerance: 4e-6,
        run(kernels, make) {
          const [out, lse] = [make.floats(dout), make.floats(numbers(3, tokens * heads))];
          kernels.causalAttention(out, lse, make.floats(qkv), make.integers(starts), lengths.length, layout);
          return { out, lse };
        },
      },
      {
        name: `attentionStep, ${at}`,
        tolerance: 4e-6,
        run(kernels, make) {
          const some = lengths.map((length) => Math.max(1, length));
          const capacity = Math.max(...lengths) + 1;
          const cache = numbers(4, lengths.length * capacity * 3 * width, 2);
          const out = make.floats(numbers(5, lengths.length * width));
          kernels.attentionStep(out, make.floats(cache), make.integers(some), lengths.length, capacity, layout);
          return { out };
        },
      },
    ];
    for (const accumulate of BOTH) {
      const plus = accumulate ? ' +=' : '';
      cases.push({
        name: `causalAttentionBackward, ${at}${plus}`,
        tolerance: 1e-5,
        run(kernels, make) {
          const dqkv = make.floats(numbers(6, qkv.length));
          const [out, lse] = [make.floats(dout), make.floats(numbers(3, tokens * heads))];
          const inputs = [make.floats(qkv), make.integers(starts)] as const;
          kernels.causalAttention(out, lse, ...inputs, lengths.length, layout);
          kernels.causalAttentionBackward(
            dqkv,
            make.floats(dout),
            out,
            lse,
            ...inputs,
            lengths.length,
            layout,
            accumulate,
          );
          return { dqkv };
        },
      });
      for (const inverse of BOTH) {
        cases.push({
          name: `rotary, ${at}${inverse ? ', inverse' : ''}${plus}`,
          run(kernels, make) {
            const out = make.floats(numbers(6, qkv.length));
            const inputs = [make.floats(qkv), make.integers(positions)] as const;
            kernels.rotary(out, ...inputs, tokens, layout, rotaryDim, inverse, accumulate);
            return { out };
          },
        });
      }
    }
    return cases;
  });
}

/** The layers of a probe: a row for each unit or class, the samples side by side. */
function unitCases(): Case[] {
  const norms = MATRICES.flatMap(([units, rows]): Case[] => {
    const vector = (seed: number) => numbers(seed, units);
    const [x, dout] = [numbers(1, units * rows, 2), numbers(2, units * rows)];
    const variance = vector(3).map((v) => 1 + 0.5 * v);
    const at = `[${units}, ${rows}]`;
    return [
      ...BOTH.map(
        (training): Case => ({
          name: `reluBatchNorm ${at}${training ? ' in training' : ''}`,
          tolerance: 1e-5,
          run(kernels, make) {
            const [out, m, v] = [make.floats(dout), make.floats(vector(4)), make.floats(variance)];
            const inputs = [make.floats(x), make.floats(vector(5)), make.floats(vector(6)), make.floats(vector(7))];
            const [a, b, w, s] = inputs as [FloatArray, FloatArray, FloatArray, FloatArray];
            kernels.reluBatchNorm(out, m, v, a, b, w, s, units, rows, 1e-5, training);
            return training && rows < 8 ? { m, v } : { out, m, v }; // few rows may all be the same: out is then rounding
          },
        }),
      ),
      ...BOTH.map(
        (inPlace): Case => ({
          name: `reluBatchNormBackward ${at}${inPlace ? ', onto its operand' : ''}`,
          tolerance: 1e-5,
          run(kernels, make) {
            const d = make.floats(dout);
            const dx = inPlace ? d : make.floats(x);
            const [db, dw, ds] = [make.floats(vector(4)), make.floats(vector(5)), make.floats(vector(6))];
            const [a, b, w] = [make.floats(x), make.floats(vector(5)), make.floats(vector(6))];
            const statistics = [make.floats(vector(4)), make.floats(variance)] as const;
            kernels.reluBatchNormBackward(dx, db, dw, ds, d, a, b, ...statistics, w, units, rows, 1e-5);
            return { dx, db, dw, ds };
          },
        }),
      ),
    ];
  });
  const HEADS: readonly (readonly [heads: number, classes: number, rows: number])[] = [
    [1, 2, 1],
    [1, 4, 256],
    [2, 7, 53],
    [3, 1, 6],
    [2, 23, 1031],
  ];
  const losses = HEADS.flatMap(([heads, classes, rows]): Case[] => {
    const logits = numbers(1, heads * classes * rows, 10);
    const bias = numbers(2, heads * classes);
    const targets = ids(3, heads * rows, 0, classes);
    const at = `[${heads}, ${classes}, ${rows}]`;
    return [
      {
        name: `columnCrossEntropy ${at}`,
        run(kernels, make) {
          const out = make.floats(numbers(4, heads * rows));
          const inputs = [make.floats(logits), make.floats(bias), make.integers(targets)] as const;
          kernels.columnCrossEntropy(out, ...inputs, heads, classes, rows);
          return { out };
        },
      },
      {
        name: `columnCrossEntropyBackward ${at}`,
        tolerance: 5e-6,
        run(kernels, make) {
          const [dl, db] = [make.floats(logits), make.floats(bias)];
          const inputs = [make.floats(logits), make.floats(bias), make.integers(targets)] as const;
          kernels.columnCrossEntropyBackward(dl, db, ...inputs, 0.25, heads, classes, rows);
          return { dl, db };
        },
      },
    ];
  });
  return [...norms, ...losses];
}

export const CASES: readonly Case[] = [
  ...matmulCases(),
  ...elementwiseCases(),
  ...matrixCases(),
  ...attentionCases(),
  ...unitCases(),
];
