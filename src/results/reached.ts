/** @file How far the training of a run had come at its last checkpoint. Chapter 8. */
import { linearSchedule } from '../autograd/index.ts';
import type { Results } from './results.ts';

export interface Reached {
  /** Training steps done at the last checkpoint, 0 without one. */
  readonly step: number;
  /** Training steps that the run is to have. */
  readonly steps: number;
  readonly ended: boolean;
  /** Learning rate of the last step done, as a share of its peak; null where no step is done or the settings do not tell. */
  readonly rate: number | null;
}

/** Results that do not say how many steps they were to have count as ended at their last checkpoint. */
export function progressOf({ checkpoints, settings }: Pick<Results, 'checkpoints' | 'settings'>): Reached {
  const step = checkpoints.at(-1)?.step ?? 0;
  const planned = settings['steps'];
  const known = typeof planned === 'number' && Number.isFinite(planned) && planned > 0;
  const steps = known ? planned : step;
  const warmupSteps = settings['warmupSteps'];
  const rate =
    known && step > 0 && typeof warmupSteps === 'number'
      ? linearSchedule({ peak: 1, warmupSteps, totalSteps: steps + 1 })(step)
      : null;
  return { step, steps, ended: checkpoints.length > 0 && step >= steps, rate };
}

/** `training has not ended: step 1500 of 3600 at the last checkpoint, learning rate at 62% of its peak`; nothing of a training that has. */
export function describeReached({ step, steps, ended, rate }: Reached): string | undefined {
  if (ended) return undefined;
  const left = rate === null ? '' : `, learning rate at ${(100 * rate).toFixed(0)}% of its peak`;
  return `training has not ended: step ${step} of ${steps} at the last checkpoint${left}`;
}
