/** @file A run directory made by hand: untrained weights and random programs, in the time of a test. Chapter 9. */
import { join } from 'node:path';
import { ACTIONS, type Action, SPLITS } from '../../../src/karel/index.ts';
import { bySplit } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import { makeCorpus } from '../../../src/study/corpus-files.ts';
import { writeDirectoryAtomically } from '../../../src/study/files.ts';
import { modelConfig } from '../../../src/study/model-config.ts';
import { presetNamed } from '../../../src/study/presets.ts';
import { silent } from '../../../src/study/progress.ts';
import { RunDirectory } from '../../../src/study/run-directory.ts';
import { checkSettings, type Settings, withOverrides } from '../../../src/study/settings.ts';
import { createReferenceEngine, type Engine } from '../../../src/tensor/index.ts';
import { CodeGen, encodeModel, encodeSafetensors } from '../../../src/transformer/index.ts';

export const engine: Engine = createReferenceEngine('float32');

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
export async function madeUpRun(
  path: string,
  changes: Partial<Settings> = {},
  words = ACTIONS.join(' '),
): Promise<RunDirectory> {
  const actions = words.split(' ').filter((word) => word !== '') as Action[];
  const settings = checkSettings(withOverrides(presetNamed('smoke').settings, { ...SIZES, ...changes }));
  const run = RunDirectory.create(join(path, 'run'), { preset: 'smoke', seed: 'made up', settings });
  await makeCorpus(run, silent);
  const counts = { train: settings.traceTrain, validation: settings.traceValidation, test: settings.traceTest };
  for (const step of run.checkpointSteps()) {
    const random = randomStream('made up', `step ${step}`);
    const model = CodeGen.initialize(engine, modelConfig(settings), random);
    writeDirectoryAtomically(run.checkpoint(step), encodeModel(model));
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
    writeDirectoryAtomically(run.traces(step), {
      'programs.json': JSON.stringify(bySplit((split) => programs[split].map((program) => program.join(' ')))),
      'hidden-states.safetensors': encodeSafetensors(new Map(hidden)),
    });
  }
  return run;
}
