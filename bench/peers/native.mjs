/**
 * @file A contender in Python, as a process that answers questions: PyTorch and JAX, native libraries with vectors as wide as
 * the processor's. `npm run python` installs them into `python/.venv`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PYTHON = join(import.meta.dirname, 'python/.venv/bin/python');

/**
 * What `python/SCRIPT THREADS ...args` answers, as measure.mjs asks for it.
 * @param {string} script @param {number} threads @param {readonly string[]} args
 */
export function openPython(script, threads, args = []) {
  if (!existsSync(PYTHON)) throw new Error('error: not installed; npm run python installs PyTorch and JAX');
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const limits = { OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) };
  const child = spawn(PYTHON, [join(import.meta.dirname, 'python', script), String(threads), ...args], {
    env: { ...process.env, ...limits },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (/** @type {object} */ question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await replies.next();
    if (done) throw new Error(`error: ${script} ended`);
    return JSON.parse(value);
  };
  const file = (/** @type {string} */ name, /** @type {ArrayBufferView} */ values) => {
    const path = join(folder, name);
    writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return path;
  };
  let products = 0;

  return {
    /** @param {import('./task.mjs').Product} product */
    matmul: ({ m, n, k, transposeB }, a, b) => {
      const number = products++;
      const loaded = ask({
        do: 'load product',
        m,
        n,
        k,
        transposeB,
        a: file(`a${number}`, a),
        b: file(`b${number}`, b),
      });
      const out = join(folder, `c${number}`);
      return {
        run: async () => {
          await loaded;
          await ask({ do: 'product' });
        },
        result: async () => {
          await loaded;
          await ask({ do: 'save product', out });
          return new Float32Array(new Uint8Array(readFileSync(out)).buffer);
        },
      };
    },

    /** @param {import('./task.mjs').TrainingTask} task */
    training: ({ ids, targets, parameters, ...rest }) => {
      const place = join(folder, 'task');
      mkdirSync(place, { recursive: true });
      const shapes = parameters.map(({ name, shape }) => ({ name, shape }));
      writeFileSync(join(place, 'task.json'), JSON.stringify({ ...rest, parameters: shapes }));
      file('task/ids.i32', ids);
      file('task/targets.i32', targets);
      file('task/parameters.f32', Float32Array.from(parameters.flatMap(({ values }) => [...values])));
      const loaded = ask({ do: 'load task', folder: place });
      return {
        step: async () => {
          await loaded;
          return (await ask({ do: 'step' })).loss;
        },
      };
    },
  };
}
