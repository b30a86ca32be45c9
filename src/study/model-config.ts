/** @file From a run's settings to the sizes of its corpus and its model. Appendix B. */
import { muonScratch } from '../autograd/index.ts';
import { type CorpusSettings, sampleLength, TOKEN, vocabularySize } from '../karel/index.ts';
import { sizeOf } from '../tensor/index.ts';
import {
  type CodeGenConfig,
  codeGenConfig,
  type HiddenStateLayer,
  optimizerOf,
  parameterCount,
  parameterSpecs,
} from '../transformer/index.ts';
import { StudyError } from './errors.ts';
import type { Settings } from './settings.ts';
import { formatBytes } from './units.ts';

export function corpusSettings(settings: Settings): CorpusSettings {
  const { gridWidth, gridHeight, examples, minLength, maxLength, wallRatio, markerRatio, actionWeights } = settings;
  const { programs } = settings;
  return {
    width: gridWidth,
    height: gridHeight,
    examples,
    minLength,
    maxLength,
    wallRatio,
    markerRatio,
    actionWeights,
    ...(programs === 'straight' ? {} : { programs }), // straight lines go without saying, in corpus files too
  };
}

/** Hugging Face's config of the run's model; it reads at most the longest sample: reference, generated, or read for probes. */
export function modelConfig(settings: Settings): CodeGenConfig {
  const { n_embd, n_layer, n_head, rotary_dim, initializer_range, maxLength, maxProgramLength, readLength } = settings;
  const longest = { ...corpusSettings(settings), maxLength: Math.max(maxLength, maxProgramLength, readLength) };
  return codeGenConfig({
    vocab_size: vocabularySize(settings.programs),
    n_positions: sampleLength(longest),
    n_embd,
    n_layer,
    n_head,
    rotary_dim,
    initializer_range,
    bos_token_id: TOKEN.BOS,
    eos_token_id: TOKEN.END,
  });
}

/** Which hidden state the traces of a run with these settings hold. */
export function layerOf({ layer }: Settings): HiddenStateLayer {
  return layer === -1 ? 'mean' : layer;
}

/** Most that one WebAssembly memory with 32-bit addresses can hold. */
export const WASM_LIMIT_BYTES = 4 * 2 ** 30;

/** Bytes of the model itself. */
export function weightBytes(settings: Settings): number {
  return 4 * parameterCount(modelConfig(settings));
}

/** Bytes of training that stay from step to step: weights, gradients, and AdamW's two moments of each or Muon's one. */
export function lastingBytes(settings: Settings): number {
  const numbers = parameterSpecs(modelConfig(settings)).map(
    (spec) => (optimizerOf(spec, settings.optimizer) === 'muon' ? 3 : 4) * sizeOf(spec.shape),
  );
  return 4 * numbers.reduce((total, each) => total + each, 0);
}

/**
 * Bytes that training needs: what stays; what Muon takes for its largest matrix; and per token of a batch the activations with
 * their gradients, about 40 numbers of the model's width a block, and the logits.
 */
export function trainingBytes(settings: Settings): number {
  const config = modelConfig(settings);
  const tokens = settings.batchSize * config.n_positions;
  const activations = tokens * (config.n_layer * 40 * config.n_embd + 2 * config.vocab_size);
  const byMuon = parameterSpecs(config).filter((spec) => optimizerOf(spec, settings.optimizer) === 'muon');
  const scratch = Math.max(0, ...byMuon.map(({ shape }) => muonScratch(shape)));
  return lastingBytes(settings) + 4 * (activations + scratch);
}

/** Why training does not fit one WebAssembly memory, or undefined when it does. */
export function tooLarge(settings: Settings): string | undefined {
  const needed = trainingBytes(settings);
  if (needed <= WASM_LIMIT_BYTES) return undefined;
  const parameters = parameterCount(modelConfig(settings)).toLocaleString('en-US');
  return (
    `${parameters} parameters and batches of ${settings.batchSize} samples need about ${formatBytes(needed)}; ` +
    `one WebAssembly memory holds at most ${formatBytes(WASM_LIMIT_BYTES)}`
  );
}

/** Throws {@link StudyError}, naming the limit, when training does not fit one WebAssembly memory. */
export function refuseTooLarge(settings: Settings): void {
  const reason = tooLarge(settings);
  if (reason !== undefined) throw new StudyError(reason);
}
