/** @file The presets that are measured. */
import { modelConfig } from '../src/study/model-config.ts';
import { PRESETS, type Preset } from '../src/study/presets.ts';
import type { Settings } from '../src/study/settings.ts';

/** `paper` is there to inspect, not to run. */
export const MEASURED_PRESETS: readonly Preset[] = PRESETS.filter(({ name }) => name !== 'paper');

/** The most tokens that a sample of training has: the last of a sample is not read, only predicted. */
export function tokensOfSample(settings: Settings): number {
  return modelConfig(settings).n_positions - 1;
}

/** The most tokens that a training step has. */
export function tokensOfStep(settings: Settings): number {
  return settings.batchSize * tokensOfSample(settings);
}
