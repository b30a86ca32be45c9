/** @file A run made by hand: untrained weights and random programs, in the time of a test. */
import { ACTIONS, type Action, SPLITS } from '../../../src/karel/index.ts';
import { bySplit } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import { encodeText } from '../../../src/store/index.ts';
import { modelConfig } from '../../../src/study/model-config.ts';
import { checkpointFile, hiddenStatesFile, programsFile } from '../../../src/study/names.ts';
import { checkpointSteps, type Run } from '../../../src/study/run.ts';
import type { Settings } from '../../../src/study/settings.ts';
import { CodeGen, encodeModel, encodeSafetensors } from '../../../src/transformer/index.ts';
import { engine, runWithCorpus } from '../memory-runs.ts';

export { engine };

const SIZES: Partial<Settings> = {
  trainSamples: 40,
  validationSamples: 20,
  testSamples: 30,
  n_embd: 8,
  n_layer: 2,
  rotary_dim: 2,
  steps: 2,
  checkpoints: 1,
  probeSamples: 32,
  probeBatch: 16,
  probePatience: 1,
};

/**
 * Checkpoints 0 and 2; at each, programs of 1 to 3 random actions among `words`, or empty ones if that is empty, and
 * random numbers behind each action.
 */
export async function madeUpRun(changes: Partial<Settings> = {}, words = ACTIONS.join(' ')): Promise<Run> {
  const actions = words.split(' ').filter((word) => word !== '') as Action[];
  const run = await runWithCorpus({ ...SIZES, ...changes }, 'made up');
  const { settings } = run.plan;
  const counts = { train: settings.traceTrain, validation: settings.traceValidation, test: settings.traceTest };
  for (const step of checkpointSteps(run.plan)) {
    const random = randomStream('made up', `step ${step}`);
    const model = CodeGen.initialize(engine, modelConfig(settings), random);
    const files = Object.entries(encodeModel(model)).map(([name, bytes]) => [checkpointFile(step, name), bytes]);
    run.keep(`train/${step}`, [], Object.fromEntries(files));
    const programs = bySplit((split) =>
      Array.from({ length: counts[split] }, (_, index) =>
        Array.from(
          { length: actions.length === 0 ? 0 : 1 + (index % 3) },
          () => actions[Math.floor(random() * actions.length)]!,
        ),
      ),
    );
    const hidden = SPLITS.map((split) => {
      const rows = programs[split].reduce((sum, { length }) => sum + length, 0);
      const data = Float32Array.from({ length: rows * settings.n_embd }, () => random() - 0.5);
      return [split, { shape: [rows, settings.n_embd], data }] as const;
    });
    const texts = bySplit((split) => programs[split].map((program) => program.join(' ')));
    run.keep(`trace/${step}`, [], {
      [programsFile(step)]: encodeText(JSON.stringify(texts)),
      [hiddenStatesFile(step)]: encodeSafetensors(new Map(hidden)),
    });
  }
  return run;
}
