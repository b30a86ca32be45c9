/** @file Who takes part, and how each is run: in a process of its own, so that no memory or thread of another disturbs it. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** @typedef {{ name: string, module: string, threads: number }} Contender */

/**
 * What a contender is asked for: the result of each product and the first losses, and how fast it is unless `seconds` is 0.
 * @typedef {{ products: readonly import('./task.mjs').Product[], seconds: number }} Request
 */

/**
 * Values and losses are there to be compared; seconds are those of the fastest repetition, undefined if none was asked for.
 * @typedef {object} Result
 * @property {{ name: string, values: Float32Array, seconds: number | undefined }[]} products
 * @property {{ losses: number[], seconds: number | undefined }} training
 * @property {string[]} notes
 */

/** All cores. */
export const THREADS = availableParallelism();

/** The first one is what the others are compared with. @type {readonly Contender[]} */
export const CONTENDERS = [
  { name: 'karelscope', module: './ours.mjs', threads: 1 },
  { name: 'jax-js', module: './jax.mjs', threads: 1 },
  { name: 'tfjs', module: './tfjs.mjs', threads: 1 },
  ...(THREADS > 1
    ? [
        { name: 'karelscope', module: './ours.mjs', threads: THREADS },
        { name: 'jax-js', module: './jax-threads.mjs', threads: THREADS },
      ]
    : []),
];

/** Longer than any contender takes. */
const LIMIT_MILLISECONDS = 120_000;

/**
 * Runs a contender and waits for its end. Throws with its last words when it has no result.
 * @param {Contender} contender @param {Request} request
 * @returns {Promise<Result>}
 */
export function runContender({ module, threads }, request) {
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
    child.send({ module, threads, request });
  });
}
