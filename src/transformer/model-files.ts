/**
 * @file The files of a model, ours or as Hugging Face's `transformers` saves one: whole, or in shards. Appendix B.
 *
 * Ours are sealed: a digest in `model.safetensors` covers it and `config.json`. Files of others have none, and are
 * checked for what they say only.
 */
import type { CodeGenConfig } from './config.ts';
import { configFromJson } from './config-json.ts';
import { CheckpointError, ConfigError } from './errors.ts';
import { isObject, parseJson, shown } from './json.ts';
import { decodeSafetensors, type Safetensors } from './safetensors.ts';
import { sha256 } from './sha256.ts';
import { fullName, isBuffer, type LocatedTensor, requireParameters } from './stored-parameters.ts';

/** File name to content. */
export type Files = Readonly<Record<string, Uint8Array>>;

export const MODEL_FILES = ['config.json', 'model.safetensors'] as const;
/** Says which tensor of a model lies in which of several files; stands in the place of `model.safetensors`. */
export const INDEX_FILE = 'model.safetensors.index.json';

export interface StoredModel {
  readonly config: CodeGenConfig;
  /** Exactly the parameters of `config`, under their names. */
  readonly tensors: ReadonlyMap<string, LocatedTensor>;
  /** Whether the files carry our checksums, which then are right: not a byte has changed since they were written. */
  readonly sealed: boolean;
}

/** The model that these files hold, checked whole. Throws {@link CheckpointError} naming file, tensor and reason. */
export function readModel(files: Files): StoredModel {
  const whole = Object.hasOwn(files, 'model.safetensors') || !Object.hasOwn(files, INDEX_FILE); // as transformers chooses
  const parts = whole ? new Map([['model.safetensors', decodePart(files, 'model.safetensors')]]) : decodeShards(files);
  const configBytes = contentOf(files, 'config.json');
  const sealed = [...parts].map(([file, part]) => coversConfig(part, file, configBytes)).every(Boolean);
  const tensors = locate(parts);
  const config = configOf(configBytes, tensors);
  requireParameters(config, tensors, whole ? 'model.safetensors' : INDEX_FILE);
  return { config, tensors, sealed };
}

/** Throws {@link CheckpointError} when it is not there. */
export function contentOf(files: Files, name: string): Uint8Array {
  if (!Object.hasOwn(files, name)) throw new CheckpointError(name, 'is missing');
  return files[name]!;
}

function decodePart(files: Files, file: string): Safetensors {
  return decodeSafetensors(contentOf(files, file), file, isBuffer);
}

/** Every shard that the index names, holding the tensors that it says and no others. */
function decodeShards(files: Files): Map<string, Safetensors> {
  const index = parseJson(contentOf(files, INDEX_FILE), INDEX_FILE);
  const map = isObject(index) ? index['weight_map'] : undefined;
  if (!isObject(map)) throw new CheckpointError(INDEX_FILE, `weight_map is ${shown(map)}, expected tensors with files`);
  const shards = new Map<string, Safetensors>();
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string')
      throw new CheckpointError(INDEX_FILE, `${name} lies in ${shown(file)}, not in a file`);
    const shard = shards.get(file) ?? decodePart(files, file);
    shards.set(file, shard);
    if (shard.tensors.has(name) || shard.skipped.has(name)) continue;
    throw new CheckpointError(file, `has no ${name}, which ${INDEX_FILE} says that it holds`);
  }
  for (const [file, { tensors }] of shards) {
    for (const name of tensors.keys()) {
      if (Object.hasOwn(map, name) && map[name] === file) continue;
      throw new CheckpointError(file, `${name} is not among the tensors that ${INDEX_FILE} says that it holds`);
    }
  }
  return shards;
}

/** Whether the part's seal covers this config. A part that names a digest of it, and has lost its own, is refused. */
function coversConfig(part: Safetensors, file: string, config: Uint8Array): boolean {
  const written = part.metadata['config_sha256'];
  if (written === undefined) return false;
  if (!part.sealed) throw new CheckpointError(file, 'altered: it has lost its checksum (sha256 in __metadata__)');
  if (sha256(config) === written) return true;
  throw new CheckpointError('config.json', `altered: its checksum is not the one in ${file}`);
}

/** All tensors of all parts, under full names. */
function locate(parts: ReadonlyMap<string, Safetensors>): Map<string, LocatedTensor> {
  const located = new Map<string, LocatedTensor>();
  for (const [file, { tensors }] of parts) {
    for (const [nameInFile, tensor] of tensors) {
      const name = fullName(nameInFile);
      const other = located.get(name)?.nameInFile;
      if (other !== undefined) throw new CheckpointError(file, `${nameInFile} and ${other} are the same parameter`);
      located.set(name, { ...tensor, file, nameInFile });
    }
  }
  return located;
}

/** Tied embeddings are ours when the file holds the tied matrix twice: as two parameters that are the same. */
function configOf(bytes: Uint8Array, tensors: ReadonlyMap<string, LocatedTensor>): CodeGenConfig {
  const json = parseJson(bytes, 'config.json');
  const tied = isObject(json) && json['tie_word_embeddings'] === true;
  try {
    if (!tied) return configFromJson(json);
    const [head, embedding] = [tensors.get('lm_head.weight'), tensors.get('transformer.wte.weight')];
    const same = head?.data.every((value, i) => Object.is(value, embedding?.data[i]));
    if (!same) {
      throw new ConfigError(
        'config: tie_word_embeddings is true, which works with an lm_head.weight equal to wte.weight',
      );
    }
    return configFromJson({ ...json, tie_word_embeddings: false });
  } catch (error) {
    if (error instanceof ConfigError) throw new CheckpointError('config.json', error.message);
    throw error;
  }
}
