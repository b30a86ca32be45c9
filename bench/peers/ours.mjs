/** @file The contender karelscope, as built into `dist/`. */
import { openEngine } from '../../dist/node/threads.js';
import { CodeGen, Trainer } from '../../dist/transformer/index.js';

/** @param {number} threads */
export async function open(threads) {
  const engine = await openEngine({ threads });
  return {
    /** @param {import('./task.mjs').Product} product */
    matmul: ({ m, n, k, transposeB }, a, b) => {
      const [A, B, C] = [
        engine.tensor([m, k], a),
        engine.tensor(transposeB ? [n, k] : [k, n], b),
        engine.empty([m, n]),
      ];
      const run = () => engine.kernels.matmul(C.data, A.data, B.data, { m, n, k, transposeB });
      const result = () => {
        run();
        return C.data.slice();
      };
      return { run, result };
    },

    /** @param {import('./task.mjs').TrainingTask} task */
    training: (task) => {
      const { learningRate, ...settings } = task.optimizer;
      const stored = task.parameters.map(({ name, shape, values }) => [name, { shape, data: values }]);
      const model = CodeGen.fromTensors(engine, task.config, new Map(stored));
      const trainer = new Trainer(engine, model, { ...settings, schedule: () => learningRate });
      const rows = (values) =>
        Array.from({ length: task.batch }, (_, s) => values.subarray(s * task.length, (s + 1) * task.length));
      const batch = { sequences: rows(task.ids), targets: rows(task.targets) };
      return { step: () => trainer.step(batch).loss };
    },
  };
}
