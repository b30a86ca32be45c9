/** @file How far the training of a run had come at its last checkpoint. Appendix B. */
import { linearSchedule } from '../autograd/index.ts';
import type { Results } from './results.ts';

export interface Reached {
  /** Training steps done at the last checkpoint, 0 without one. */
  readonly step: number;
  /** Training steps that the run is to have. */
  readonly steps: number;
  readonly ended: boolean;
  /** Learning rate of the last step done, as a share of its peak; null where no step is done. */
  readonly rate: number | null;
}

export function progressOf({ checkpoints, settings }: Pick<Results, 'checkpoints' | 'settings'>): Reached {
  const step = checkpoints.at(-1)?.step ?? 0;
  const [steps, warmupSteps] = [Number(settings['steps']), Number(settings['warmupSteps'])];
  const rate = step > 0 ? linearSchedule({ peak: 1, warmupSteps, totalSteps: steps + 1 })(step) : null;
  return { step, steps, ended: step >= steps, rate };
}

/** `training has not ended: step 1500 of 3600 at the last checkpoint, learning rate at 62% of its peak`; nothing of a training that has. */
export function describeReached({ step, steps, ended, rate }: Reached): string | undefined {
  if (ended) return undefined;
  const left = rate === null ? '' : `, learning rate at ${(100 * rate).toFixed(0)}% of its peak`;
  return `training has not ended: step ${step} of ${steps} at the last checkpoint${left}`;
}
