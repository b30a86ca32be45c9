/** @file What every contender computes: the products, and one training step of each preset. */
import { generateSplit, SpecificationSet } from '../../dist/karel/index.js';
import { randomStream } from '../../dist/random.js';
import { corpusSettings, modelConfig } from '../../dist/study/model-config.js';
import { presetNamed } from '../../dist/study/presets.js';
import { headLayout, initialValues, parameterSpecs } from '../../dist/transformer/index.js';

const SEED = 'peers';

/**
 * C = A B, or C = A B^T with `transposeB`. C is [m, n], A [m, k], B [k, n] or [n, k].
 * @typedef {{ name: string, m: number, n: number, k: number, transposeB: boolean }} Product
 */

/** Squares, and the forward product of the layer `fc_in` in a step of `tiny`. @type {readonly Product[]} */
export const PRODUCTS = [
  ...[256, 512, 1024].map((size) => ({
    name: `${size} x ${size} x ${size}`,
    m: size,
    n: size,
    k: size,
    transposeB: false,
  })),
  { name: 'fc_in: 4736 x 256 x 64', m: 64 * 74, n: 256, k: 64, transposeB: true },
];

/**
 * Both factors of a product, uniform in [-1, 1).
 * @param {Product} product
 */
export function factors({ name, m, n, k }) {
  const random = randomStream(SEED, name);
  const uniform = (/** @type {number} */ size) => Float32Array.from({ length: size }, () => 2 * random() - 1);
  return { a: uniform(m * k), b: uniform(k * n) };
}

/**
 * The architecture, the first weights and the batch of a preset. All programs have the greatest length, so no
 * sample needs padding: libraries with rectangular batches lose nothing to ours, which packs samples of any length. The
 * learning rate is the preset's peak from the first step on: what three steps change is then large enough to compare.
 */
export function trainingTask(/** @type {string} */ preset) {
  const { settings } = presetNamed(preset);
  const config = modelConfig(settings);
  const values = initialValues(config, randomStream(SEED, 'model'));
  const samples = drawSamples(settings);
  const length = samples[0].length - 1; // the last token has nothing to predict
  return {
    config,
    layout: headLayout(config),
    parameters: parameterSpecs(config).map(({ name, shape }, index) => ({
      name,
      shape: [...shape],
      values: Float32Array.from(values[index]),
    })),
    batch: samples.length,
    length,
    /** Token ids [batch, length], and for each the token that follows. */
    ids: Int32Array.from(samples.flatMap((sample) => [...sample.subarray(0, length)])),
    targets: Int32Array.from(samples.flatMap((sample) => [...sample.subarray(1)])),
    optimizer: {
      learningRate: settings.learningRate,
      beta1: settings.beta1,
      beta2: settings.beta2,
      epsilon: settings.adamEpsilon,
      weightDecay: settings.weightDecay,
      clip: settings.clipNorm,
    },
  };
}

/** @typedef {ReturnType<typeof trainingTask>} TrainingTask */

/** @param {import('../../dist/study/settings.js').Settings} settings */
function drawSamples(settings) {
  const longest = { ...corpusSettings(settings), minLength: settings.maxLength };
  const random = randomStream(SEED, 'corpus');
  const taken = new SpecificationSet();
  const count = settings.batchSize;
  const [bytes] = [...generateSplit(longest, { split: 'train', count, random, taken, recordsPerChunk: count })];
  const length = bytes.length / count;
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length));
}

/**
 * Rotary embedding as arithmetic on whole heads: x becomes x cos + (x swap) sin. The pair (x, y) at 2i, 2i+1 < rotaryDim
 * becomes (x cos a - y sin a, y cos a + x sin a), a = position / 10000^(2i / rotaryDim); the rest stays.
 * @param {number} length @param {number} headSize @param {number} rotaryDim
 * @returns cos and sin [length, headSize], swap [headSize, headSize]
 */
export function rotaryTables(length, headSize, rotaryDim) {
  const angles = Array.from({ length: length * headSize }, (_, at) => {
    const [position, i] = [Math.floor(at / headSize), at % headSize];
    return i < rotaryDim ? position / 10000 ** ((i - (i % 2)) / rotaryDim) : 0;
  });
  const swap = new Float32Array(headSize * headSize);
  for (let i = 0; i < rotaryDim; i += 2) {
    swap[(i + 1) * headSize + i] = -1; // y goes to x's place with a minus
    swap[i * headSize + i + 1] = 1;
  }
  return { cos: Float32Array.from(angles, Math.cos), sin: Float32Array.from(angles, Math.sin), swap };
}

/**
 * Rows of zeros with a one at each index; all zeros where it is negative. [indices, columns]
 * @param {Int32Array} indices @param {number} columns
 */
export function oneHot(indices, columns) {
  const rows = new Float32Array(indices.length * columns);
  indices.forEach((index, row) => {
    if (index >= 0) rows[row * columns + index] = 1;
  });
  return rows;
}
