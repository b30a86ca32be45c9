/** @file The study: what the command line uses of it. Chapter 8. */

export type { Results } from '../results/results.ts';
export type { ClaimResult, StudyResults } from '../results/study-results.ts';
export { StudyError } from './errors.ts';
export { type Estimate, estimate } from './estimate/estimate.ts';
export { describeEstimate } from './estimate/estimate-text.ts';
export { machineFor } from './estimate/machine.ts';
export { refuseTooLarge } from './model-config.ts';
export { type Context, reproduce, runStages, STAGES, type Stage } from './pipeline.ts';
export { PRESETS, type Preset, presetNamed } from './presets.ts';
export { type Progress, progressTo, silent } from './progress.ts';
export { RunDirectory, type RunPlan } from './run-directory.ts';
export { reportStudy, reproduceSeeds, runsOf, seedsFrom } from './seeds.ts';
export {
  checkSettings,
  nearest,
  optionName,
  parseSetting,
  SETTING_DEFINITIONS,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  withOverrides,
} from './settings.ts';
export { describePresets, generateFor, runKarel, showCorpus } from './tools.ts';
export { VERSION } from './version.ts';
