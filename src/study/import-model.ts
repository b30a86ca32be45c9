/** @file A run of a model that was trained elsewhere. Appendix B. */
import { vocabularySize } from '../karel/index.ts';
import type { Store } from '../store/index.ts';
import { createReferenceEngine } from '../tensor/index.ts';
import {
  CheckpointError,
  CodeGen,
  type CodeGenConfig,
  encodeModel,
  type Files,
  innerWidth,
  readModel,
  sha256,
} from '../transformer/index.ts';
import { StudyError } from './errors.ts';
import { modelConfig } from './model-config.ts';
import { checkpointFile, modelFiles } from './names.ts';
import { Run, type RunPlan } from './run.ts';
import { checkSettings, type Settings } from './settings.ts';
import type { Stage } from './stage.ts';

/**
 * Begins a run whose last checkpoint, of step 1, is the model in these files, as karelscope or Hugging Face's `transformers` saved
 * it; its settings of shape take the place of those in `plan`. The untrained model is drawn from the seed, as of any run. Throws
 * {@link StudyError}, before anything is written, when files are damaged, or the model is not for the tokens and samples of `plan`.
 */
export function importModel(store: Store, files: Files, plan: Omit<RunPlan, 'imported'>): Run {
  const { config, tensors } = reading(files);
  const settings = settingsFor(config, plan.settings);
  const model = CodeGen.fromTensors(createReferenceEngine('float32'), config, tensors);
  const encoded = encodeModel(model);
  const run = Run.create(store, { ...plan, settings, imported: sha256(encoded['model.safetensors']) });
  const named = Object.entries(encoded).map(([name, bytes]) => [checkpointFile(settings.steps, name), bytes]);
  run.keep(IMPORT, [], Object.fromEntries(named));
  return run;
}

const IMPORT = 'train/import';

/** In the place of training: it is done, or cannot be done from what the run holds. */
export function importStage({ settings }: RunPlan): Stage {
  return {
    name: IMPORT,
    kind: 'train',
    needs: [],
    makes: modelFiles(settings.steps),
    work: 1,
    make: () => {
      throw new StudyError('the model of this run was imported, and is gone: karelscope import brings it back');
    },
  };
}

function reading(files: Files) {
  try {
    return readModel(files);
  } catch (error) {
    if (error instanceof CheckpointError) throw new StudyError(error.message);
    throw error;
  }
}

/** Those of the run, with the model's shape, and as if it had been trained in one step. */
function settingsFor(config: CodeGenConfig, settings: Settings): Settings {
  const { n_embd, n_layer, n_head, rotary_dim } = config;
  const shape = { n_embd, n_layer, n_head, rotary_dim, steps: 1, checkpoints: 1, warmupSteps: 0 };
  const own = checkSettings({ ...settings, ...shape, layer: Math.min(settings.layer, n_layer) });
  const refuse = (name: string, found: unknown, expected: unknown): never => {
    throw new StudyError(`config.json: ${name} is ${found}, and a run with these settings has ${expected}`);
  };
  const tokens = vocabularySize(own.programs);
  if (config.vocab_size !== tokens) refuse('vocab_size', config.vocab_size, tokens);
  const longest = modelConfig(own).n_positions;
  if (config.n_positions < longest) refuse('n_positions', config.n_positions, `samples of ${longest} tokens`);
  if (innerWidth(config) !== 4 * n_embd) refuse('n_inner', innerWidth(config), 4 * n_embd);
  return own;
}
