/** @file The study: what the command line uses of it. Appendix B. */

export { firstSeed } from '../results/plan.ts';
export { VERSION } from '../version.ts';
export { reproduceCommand } from './command.ts';
export { CorpusReader, withCorpus } from './corpus-reader.ts';
export { StudyError } from './errors.ts';
export { estimate, type Machine } from './estimate.ts';
export { describeEstimate } from './estimate-text.ts';
export { gather } from './gather.ts';
export { HANDMADE, type HandmadeName, handmadeModel } from './handmade/index.ts';
export { importModel } from './import-model.ts';
export { refuseTooLarge } from './model-config.ts';
export { checkpointFile, corpusFile, isNoArtefact } from './names.ts';
export { PRESETS, presetNamed } from './presets.ts';
export { type Progress, silent } from './progress.ts';
export { Run, type RunPlan } from './run.ts';
export { type Context, firstUndone } from './runner.ts';
export { describeBaselines, reportStudy, reproduceSeeds, runsOf, seedsFrom, seedsIn } from './seeds.ts';
export {
  checkSettings,
  nearest,
  optionName,
  parseSetting,
  SETTING_DEFINITIONS,
  SETTING_NAMES,
  type SettingName,
  withOverrides,
} from './settings.ts';
export { STAGE_KINDS, type StageKind } from './stage.ts';
export { reproduce, runSome } from './study.ts';
export {
  describePresets,
  describeWriting,
  exampleFor,
  modelOf,
  runKarel,
  showCorpus,
  specificationFrom,
} from './tools.ts';
export { type DirectionReader, TrainedModel, type WrittenProgram } from './trained-model.ts';
export { verifyRun } from './verify-run.ts';
