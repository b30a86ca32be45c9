/**
 * @file Checkpoints: a model, and what training needs to go on, as the bytes of a few files. Appendix B.
 *
 * `model.safetensors` and `config.json` are what Hugging Face's `CodeGenForCausalLM.from_pretrained` reads. A checkpoint
 * depends on nothing but its content (no times, no paths), and every altered byte is noticed: each `.safetensors` carries
 * its own SHA-256, the model's that of `config.json`, and `training-state.json` its own and those of all the others, so
 * that files of two checkpoints cannot be mixed.
 */
import type { Engine } from '../tensor/engine.ts';
import { configToJson } from './config-json.ts';
import { CheckpointError } from './errors.ts';
import { parseJson } from './json.ts';
import { CodeGen } from './model.ts';
import { contentOf, type Files, MODEL_FILES, readModel } from './model-files.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { SEAL_PLACEHOLDER, seal, verifySeal } from './seal.ts';
import { sha256 } from './sha256.ts';
import type { Trainer, TrainerState } from './trainer.ts';

/** Exactly the files of a checkpoint from which training can go on. */
export const CHECKPOINT_FILES = [...MODEL_FILES, 'optimizer.safetensors', 'training-state.json'] as const;

/** Anything that JSON can hold: states of random generators, positions in the corpus, counts. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What training goes on from, besides the model. */
export interface TrainingState extends TrainerState {
  /** What the caller gave to {@link encodeCheckpoint}. */
  readonly extra: Json;
}

const FORMAT_VERSION = 1;

/** The model alone: `config.json` and `model.safetensors`. */
export function encodeModel(model: CodeGen): Record<(typeof MODEL_FILES)[number], Uint8Array> {
  const config = encodeJson(configToJson(model.config));
  const tensors = new Map(model.parameters.map(({ name, value }) => [name!, value]));
  return {
    'config.json': config,
    'model.safetensors': encodeSafetensors(tensors, { config_sha256: sha256(config) }),
  };
}

/** Model, optimizer and `extra`, such as the states of random generators: all of {@link CHECKPOINT_FILES}. */
export function encodeCheckpoint(
  trainer: Trainer,
  extra: Json = null,
): Record<(typeof CHECKPOINT_FILES)[number], Uint8Array> {
  const { step, moments } = trainer.state();
  const files = { ...encodeModel(trainer.model), 'optimizer.safetensors': encodeSafetensors(moments) };
  const digests = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));
  const state = { sha256: SEAL_PLACEHOLDER, format: FORMAT_VERSION, step, files: digests, extra };
  return { ...files, 'training-state.json': seal(encodeJson(state)) };
}

/**
 * The model that these files hold, ours or another's ({@link readModel} says which), in the engine's memory; call it
 * outside of any `engine.scope`. Throws {@link CheckpointError}, naming file, tensor and reason, when a file is missing,
 * truncated, altered or of another model.
 */
export function decodeModel(engine: Engine, files: Files): CodeGen {
  const { config, tensors } = readModel(files);
  return CodeGen.fromTensors(engine, config, tensors);
}

/**
 * All of a checkpoint: the model, and what {@link Trainer.restore} and the caller's generators go on from. Throws as
 * {@link decodeModel}; call it outside of any `engine.scope`.
 */
export function decodeCheckpoint(engine: Engine, files: Files): { model: CodeGen; state: TrainingState } {
  const state = decodeTrainingState(files); // first: it knows the checksum of every other file
  return { model: decodeModel(engine, files), state };
}

/** What {@link Trainer.restore} takes, and `extra`. Throws as {@link decodeModel}; looks at all of {@link CHECKPOINT_FILES}. */
export function decodeTrainingState(files: Files): TrainingState {
  const file = 'training-state.json';
  const bytes = contentOf(files, file);
  const state = parseJson(bytes, file) as { format: number; step: number; files?: Record<string, string>; extra: Json };
  verifySeal(bytes, file);
  if (state.format !== FORMAT_VERSION) {
    throw new CheckpointError(file, `has format ${state.format}, this version reads ${FORMAT_VERSION}`);
  }
  for (const name of [...MODEL_FILES, 'optimizer.safetensors']) {
    const found = sha256(contentOf(files, name));
    const reason = `altered or of another checkpoint: its checksum is ${found}, not ${state.files?.[name]}`;
    if (found !== state.files?.[name]) throw new CheckpointError(name, reason);
  }
  const { tensors } = decodeSafetensors(contentOf(files, 'optimizer.safetensors'), 'optimizer.safetensors');
  return { step: state.step, moments: tensors, extra: state.extra };
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
