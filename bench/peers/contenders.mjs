/** @file Who takes part, and how each is run: in a process of its own, so that no memory or thread of another disturbs it. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * Its step is measured in these presets. `python`: whether `npm run python` must install it.
 * @typedef {{ name: string, module: string, threads: number, presets: readonly string[], python?: boolean }} Contender
 */

/**
 * What a contender is asked for: the result of each product and the first losses in each of its presets, and how fast it is
 * unless `seconds` is 0.
 * @typedef {{ products: readonly import('./task.mjs').Product[], seconds: number }} Request
 */

/**
 * Values and losses are there to be compared; seconds are those of the fastest repetition, undefined if none was asked for.
 * @typedef {object} Result
 * @property {{ name: string, values: Float32Array, seconds: number | undefined }[]} products
 * @property {{ preset: string, tokens: number, losses: number[], seconds: number | undefined }[]} training
 * @property {string[]} notes
 */

/** All cores. */
export const THREADS = availableParallelism();

const ALL = ['tiny', 'small', 'medium'];
const TINY = ['tiny'];

/** The first of each number of threads is what the others are compared with. @type {readonly Contender[]} */
export const CONTENDERS = [...new Set([1, THREADS])].flatMap((threads) => [
  { name: 'karelscope', module: './ours.mjs', threads, presets: ALL },
  { name: 'PyTorch', module: './torch-eager.mjs', threads, presets: ALL, python: true },
  { name: 'torch.compile', module: './torch-compile.mjs', threads, presets: ALL, python: true },
  { name: 'JAX', module: './jax-native.mjs', threads, presets: ALL, python: true },
  { name: 'jax-js', module: threads === 1 ? './jax.mjs' : './jax-threads.mjs', threads, presets: TINY },
  ...(threads === 1 ? [{ name: 'tfjs', module: './tfjs.mjs', threads, presets: TINY }] : []),
]);

/** Longer than any contender takes. */
const LIMIT_MILLISECONDS = 900_000;

/**
 * Runs a contender and waits for its end. Throws with its last words when it has no result.
 * @param {Contender} contender @param {Request} request
 * @returns {Promise<Result>}
 */
export function runContender({ module, threads, presets }, request) {
  const child = fork(fileURLToPath(new URL('measure.mjs', import.meta.url)), {
    serialization: 'advanced', // typed arrays stay typed arrays
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: LIMIT_MILLISECONDS,
  });
  return new Promise((resolve, reject) => {
    let words = '';
    child.stderr?.on('data', (chunk) => (words += chunk));
    child.once('message', resolve);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const reason = words.split('\n').find((line) => /error/i.test(line)) ?? words.trim().split('\n').at(-1);
      reject(new Error(`ended with ${signal ?? `code ${code}`}: ${reason}`));
    });
    child.send({ module, threads, presets, request });
  });
}
