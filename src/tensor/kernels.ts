/**
 * @file The kernels: every loop over numbers that training, generation and probing run. Chapter 3.
 *
 * There are two implementations with these same signatures. `reference/` is plain loops, for any float type: the
 * specification, the oracle and the double-precision path. `wasm/` is WebAssembly SIMD split over threads.
 *
 * Conventions. Arrays are row-major. Outputs come first, as in `memcpy`. A name that starts with `d` is the gradient of
 * the loss with respect to the value of that name. `accumulate` says whether a gradient is added to what the array
 * holds (true) or replaces it (false). Unless said otherwise an output does not overlap an input.
 */
import type { FloatArray } from './tensor.ts';

/**
 * C = A B, C = A B + bias, or C += A B with `accumulate`, for each of `batch` matrices. C is [m, n]. A is [m, k], or [k, m] with
 * `transposeA`; B is [k, n], or [n, k] with `transposeB`. Strides count elements between two matrices of the batch:
 * dense by default; 0 uses the same matrix for all.
 */
export interface MatmulOptions {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly accumulate?: boolean;
  /** [n], added to every row of C; not together with `accumulate`. */
  readonly bias?: FloatArray;
  readonly batch?: number;
  readonly strideA?: number;
  readonly strideB?: number;
  readonly strideC?: number;
}

/**
 * Where queries, keys and values of each head lie in a row of `qkv_proj`'s output, [3 x heads x headSize]. CodeGen cuts
 * the row into `groups` equal parts (4 in Hugging Face's model), each holding query, value and key, in this order, of
 * `heads / groups` heads. See `qkvOffsets`.
 */
export interface HeadLayout {
  readonly heads: number;
  readonly headSize: number;
  readonly groups: number;
}

/** Offsets of head `head`'s query, key and value within a row of `qkv_proj`'s output. */
export function qkvOffsets(layout: HeadLayout, head: number): { query: number; key: number; value: number } {
  const headsPerGroup = layout.heads / layout.groups;
  const part = headsPerGroup * layout.headSize; // width of one group's queries
  const group = Math.floor(head / headsPerGroup);
  const within = (head % headsPerGroup) * layout.headSize;
  const start = group * 3 * part + within;
  return { query: start, value: start + part, key: start + 2 * part };
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Number of this step, from 1: sets the bias corrections 1 - beta^step. */
  readonly step: number;
  /** Every gradient is multiplied by this first: the clipping factor. */
  readonly gradientScale: number;
}

export interface Kernels {
  /** Matrix product, see {@link MatmulOptions}. The sum over k runs in an order that does not depend on m, n or threads. */
  matmul(c: FloatArray, a: FloatArray, b: FloatArray, options: MatmulOptions): void;

  /** out[r, j] = x[r, j] + bias[j]. `out` may be `x`. */
  addBias(out: FloatArray, x: FloatArray, bias: FloatArray, rows: number, width: number): void;
  /** out[j] = sum over rows of x[r, j]: the gradient of a bias. */
  columnSums(out: FloatArray, x: FloatArray, rows: number, width: number, accumulate: boolean): void;

  /** out = a + b. `out` may be `a` or `b`. */
  add(out: FloatArray, a: FloatArray, b: FloatArray): void;
  /** out = a + b + c: the residual sum of a CodeGen block. */
  add3(out: FloatArray, a: FloatArray, b: FloatArray, c: FloatArray): void;
  /** out = factor x, or out += factor x. `out` may be `x`. */
  scale(out: FloatArray, x: FloatArray, factor: number, accumulate: boolean): void;

  /** gelu_new: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
  gelu(out: FloatArray, x: FloatArray): void;
  geluBackward(dx: FloatArray, dout: FloatArray, x: FloatArray, accumulate: boolean): void;
  relu(out: FloatArray, x: FloatArray): void;
  reluBackward(dx: FloatArray, dout: FloatArray, x: FloatArray, accumulate: boolean): void;

  /** Each row of x [rows, width] to mean 0 and variance 1, then times weight plus bias [width]. Fills mean and rstd [rows]. */
  layerNorm(
    out: FloatArray,
    mean: FloatArray,
    rstd: FloatArray,
    x: FloatArray,
    weight: FloatArray,
    bias: FloatArray,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  layerNormBackward(
    dx: FloatArray,
    dout: FloatArray,
    x: FloatArray,
    weight: FloatArray,
    mean: FloatArray,
    rstd: FloatArray,
    rows: number,
    width: number,
    accumulate: boolean,
  ): void;
  /** Gradients of weight and bias [width]. */
  layerNormBackwardParameters(
    dweight: FloatArray,
    dbias: FloatArray,
    dout: FloatArray,
    x: FloatArray,
    mean: FloatArray,
    rstd: FloatArray,
    rows: number,
    width: number,
    accumulate: boolean,
  ): void;

  /** Per column of x [rows, width]: mean and rstd = 1 / sqrt(variance + epsilon) [width], the biased variance. */
  columnStatistics(
    mean: FloatArray,
    rstd: FloatArray,
    x: FloatArray,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  /** out[r, j] = (x[r, j] - mean[j]) rstd[j] weight[j] + bias[j]: batch norm, given its statistics. */
  normalizeColumns(
    out: FloatArray,
    x: FloatArray,
    mean: FloatArray,
    rstd: FloatArray,
    weight: FloatArray,
    bias: FloatArray,
    rows: number,
    width: number,
  ): void;
  /** Gradient through batch norm in training mode: mean and rstd depend on x. dweight and dbias are those of this batch. */
  batchNormBackward(
    dx: FloatArray,
    dout: FloatArray,
    x: FloatArray,
    mean: FloatArray,
    rstd: FloatArray,
    weight: FloatArray,
    dweight: FloatArray,
    dbias: FloatArray,
    rows: number,
    width: number,
    accumulate: boolean,
  ): void;
  /** dweight[j] = sum over rows of dout (x - mean) rstd, dbias[j] = sum over rows of dout: batch norm, both modes. */
  batchNormBackwardParameters(
    dweight: FloatArray,
    dbias: FloatArray,
    dout: FloatArray,
    x: FloatArray,
    mean: FloatArray,
    rstd: FloatArray,
    rows: number,
    width: number,
    accumulate: boolean,
  ): void;

  /** out[r] = table[ids[r]], rows of `width`. */
  embedding(out: FloatArray, table: FloatArray, ids: Int32Array, rows: number, width: number): void;
  /** dtable [vocabulary, width] = for each id the sum of its rows of dout, in order of the rows. */
  embeddingBackward(
    dtable: FloatArray,
    dout: FloatArray,
    ids: Int32Array,
    rows: number,
    width: number,
    vocabulary: number,
    accumulate: boolean,
  ): void;

  /**
   * Rotary position embedding of queries and keys in qkv [tokens, 3 x heads x headSize]; values are copied. The first
   * `rotaryDim` numbers of each head are turned in neighbouring pairs (2i, 2i+1) by positions[t] / 10000^(2i / rotaryDim).
   * `inverse` turns back: that is also the derivative. With `accumulate` the turned row is added to out.
   */
  rotary(
    out: FloatArray,
    qkv: FloatArray,
    positions: Int32Array,
    tokens: number,
    layout: HeadLayout,
    rotaryDim: number,
    inverse: boolean,
    accumulate: boolean,
  ): void;

  /**
   * Causal self-attention within each sample: sample s owns the tokens starts[s] to starts[s + 1] - 1 (packed, no
   * padding; starts has batch + 1 entries). qkv [tokens, 3 x heads x headSize], already rotated; out [tokens, heads x
   * headSize]. Scores are scaled by 1 / sqrt(headSize). Fills logSumExp [tokens, heads], from which the backward pass
   * recomputes the probabilities.
   */
  causalAttention(
    out: FloatArray,
    logSumExp: FloatArray,
    qkv: FloatArray,
    starts: Int32Array,
    batch: number,
    layout: HeadLayout,
  ): void;
  /** dqkv of {@link Kernels.causalAttention}; every element of the tokens' rows is written. */
  causalAttentionBackward(
    dqkv: FloatArray,
    dout: FloatArray,
    out: FloatArray,
    logSumExp: FloatArray,
    qkv: FloatArray,
    starts: Int32Array,
    batch: number,
    layout: HeadLayout,
    accumulate: boolean,
  ): void;
  /**
   * One new token a sample against a cache of rotated rows: cache [batch, capacity, 3 x heads x headSize]; sample s has
   * lengths[s] rows, the last one being the new token's own, whose query is used. out [batch, heads x headSize].
   */
  attentionStep(
    out: FloatArray,
    cache: FloatArray,
    lengths: Int32Array,
    batch: number,
    capacity: number,
    layout: HeadLayout,
  ): void;

  /** losses[r] = -log softmax(logits[r])[targets[r]], natural log; 0 where targets[r] < 0 (ignored). logits [rows, classes]. */
  crossEntropy(losses: FloatArray, logits: FloatArray, targets: Int32Array, rows: number, classes: number): void;
  /** dlogits[r] = rowScale[r] (softmax(logits[r]) - onehot(targets[r])); 0 where targets[r] < 0. */
  crossEntropyBackward(
    dlogits: FloatArray,
    logits: FloatArray,
    targets: Int32Array,
    rowScale: FloatArray,
    rows: number,
    classes: number,
    accumulate: boolean,
  ): void;

  /**
   * One unit a row, samples side by side: h = max(x + bias[u], 0) and out = (h - mean[u]) / sqrt(variance[u] + epsilon)
   * weight[u] + shift[u], x and out [units, rows]. In `training` mean and (biased) variance [units] of each row of h are
   * filled in, otherwise they are given.
   */
  reluBatchNorm(
    out: FloatArray,
    mean: FloatArray,
    variance: FloatArray,
    x: FloatArray,
    bias: FloatArray,
    weight: FloatArray,
    shift: FloatArray,
    units: number,
    rows: number,
    epsilon: number,
    training: boolean,
  ): void;
  /** All gradients of {@link Kernels.reluBatchNorm} in training mode. `dx` may be `dout`. */
  reluBatchNormBackward(
    dx: FloatArray,
    dbias: FloatArray,
    dweight: FloatArray,
    dshift: FloatArray,
    dout: FloatArray,
    x: FloatArray,
    bias: FloatArray,
    mean: FloatArray,
    variance: FloatArray,
    weight: FloatArray,
    units: number,
    rows: number,
    epsilon: number,
  ): void;
  /**
   * One class a row, samples side by side: losses[h, r] = -log softmax over c of (logits[h, c, r] + bias[h, c]) at
   * targets[h, r], natural log; logits [heads, classes, rows], targets and losses [heads, rows].
   */
  columnCrossEntropy(
    losses: FloatArray,
    logits: FloatArray,
    bias: FloatArray,
    targets: Int32Array,
    heads: number,
    classes: number,
    rows: number,
  ): void;
  /** dlogits[h, c, r] = factor (softmax(logits[h, all c, r] + bias[h])[c] - onehot(targets[h, r])[c]), dbias its sums over r. */
  columnCrossEntropyBackward(
    dlogits: FloatArray,
    dbias: FloatArray,
    logits: FloatArray,
    bias: FloatArray,
    targets: Int32Array,
    factor: number,
    heads: number,
    classes: number,
    rows: number,
  ): void;

  /** Sum of the squares, added up in an order that depends on the length alone. */
  sumOfSquares(x: FloatArray): number;
  /** One AdamW update in place, as `torch.optim.AdamW` (decoupled decay). */
  adamw(parameter: FloatArray, gradient: FloatArray, m: FloatArray, v: FloatArray, options: AdamWOptions): void;
}
