/** @file The language model: what other folders use of it. Chapter 6. */
export { chunks, nextTokens, type PackedBatch, pack, weightsFrom } from './batch.ts';
export {
  CHECKPOINT_FILES,
  decodeCheckpoint,
  decodeModel,
  decodeTrainingState,
  encodeCheckpoint,
  encodeModel,
  type Json,
  type TrainingState,
} from './checkpoint.ts';
export {
  type CodeGenConfig,
  type CodeGenSettings,
  codeGenConfig,
  headLayout,
  innerWidth,
  QKV_GROUPS,
} from './config.ts';
export { configFromJson, configToJson } from './config-json.ts';
export { cachedDecoder, type Decoder, type NextToken, type Prefix } from './decoder.ts';
export { BatchError, CheckpointError, ConfigError, NonFiniteLossError } from './errors.ts';
export { productWeights, stepFlops } from './flops.ts';
export { cachedAtATime, type GenerateOptions, type Generation, generate, mostProbable } from './generate.ts';
export { type HiddenStatesOptions, hiddenStates, hiddenStatesOfLayers } from './hidden-states.ts';
export { tokenLosses } from './losses.ts';
export { CodeGen, type ForwardOptions } from './model.ts';
export { type Files, INDEX_FILE, MODEL_FILES, readModel, type StoredModel } from './model-files.ts';
export { standardNormal } from './normal.ts';
export {
  initialValues,
  type OptimizerName,
  optimizerOf,
  type ParameterSpec,
  parameterCount,
  parameterSpecs,
} from './parameters.ts';
export {
  type Activation,
  type ActivationName,
  attentionScores,
  attentionWeights,
  nextTokenProbabilities,
  type Reading,
  readSequence,
  softmax,
} from './reading.ts';
export { type Named, type RecordedPass, recordGeneration, recordReading, recordTraining } from './recorded.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors, type StoredTensor } from './safetensors.ts';
export { SEAL_PLACEHOLDER, seal, verifySeal } from './seal.ts';
export { sha256 } from './sha256.ts';
export { BLOCK_TAPS, type HiddenStateLayer, requireTaps, type TapName, type Taps, tapNames } from './taps.ts';
export {
  type StepReport,
  Trainer,
  type TrainerSettings,
  type TrainerState,
  type TrainingBatch,
} from './trainer.ts';
