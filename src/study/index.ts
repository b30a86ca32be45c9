/** @file The study: what the command line uses of it. Chapter 8. */

export { firstSeed } from '../results/plan.ts';
export { StudyError } from './errors.ts';
export { estimate } from './estimate/estimate.ts';
export { describeEstimate } from './estimate/estimate-text.ts';
export { machineFor } from './estimate/machine.ts';
export { refuseTooLarge } from './model-config.ts';
export { type Context, reproduce, runStages } from './pipeline.ts';
export { PRESETS, presetNamed } from './presets.ts';
export { progressTo, silent } from './progress.ts';
export { RunDirectory, type RunPlan } from './run-directory.ts';
export { describeBaselines, reportStudy, reproduceSeeds, runsOf, seedsFrom } from './seeds.ts';
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
export { describePresets, generateFor, runKarel, showCorpus } from './tools.ts';
export { VERSION } from './version.ts';
