/** @file The process of one contender: computes what `contenders.mjs` asks for, measures it and sends the result back. */
import { performance } from 'node:perf_hooks';
import { enableRelaxedSimd } from '../../dist/node/threads.js';
import { factors, trainingTask } from './task.mjs';

const MIN_REPETITIONS = 5;

/** Steps whose losses are compared; they also warm up what is measured afterwards. */
const COMPARED_STEPS = 3;

process.once('message', async ({ module, threads, presets, request }) => {
  const result = await measure(module, threads, presets, request);
  process.send?.(result, () => process.exit());
});

/**
 * @param {string} module @param {number} threads @param {readonly string[]} presets
 * @param {import('./contenders.mjs').Request} request
 */
async function measure(module, threads, presets, { products, seconds }) {
  enableRelaxedSimd(); // the same flags of V8 for all; must come before the first WebAssembly
  const { open, notes = [] } = await import(module);
  const contender = await open(threads);

  const measured = [];
  for (const product of products) {
    const { a, b } = factors(product);
    const { run, result } = contender.matmul(product, a, b);
    measured.push({ name: product.name, values: await result(), seconds: await fastest(run, seconds / 4) });
  }

  const training = [];
  for (const preset of presets) {
    const task = trainingTask(preset);
    const { step } = contender.training(task);
    const losses = [];
    while (losses.length < COMPARED_STEPS) losses.push(await step());
    training.push({ preset, tokens: task.batch * task.length, losses, seconds: await fastest(step, seconds) });
  }
  return { products: measured, training, notes };
}

/**
 * Seconds of the fastest repetition: at least {@link MIN_REPETITIONS}, and until `seconds` have passed; none at 0.
 * @param {() => unknown} run @param {number} seconds
 */
async function fastest(run, seconds) {
  if (seconds === 0) return undefined;
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0, sum = 0; count < MIN_REPETITIONS || sum < seconds; count++) {
    const started = performance.now();
    await run();
    const taken = (performance.now() - started) / 1000;
    best = Math.min(best, taken);
    sum += taken;
  }
  return best;
}
