/** @file Learning rates over the course of training. Chapter 7. */

import { power } from '../tensor/functions/power.ts';
import { cosine } from '../tensor/functions/trigonometry.ts';

/** The learning rate of a step, the first step being 0. */
export type Schedule = (step: number) => number;

/**
 * Rises in a line from 0 to `peak` over `warmupSteps`, then falls in a line to 0 at `totalSteps`, and stays there. As
 * `transformers.get_linear_schedule_with_warmup`.
 */
export function linearSchedule(options: { peak: number; warmupSteps: number; totalSteps: number }): Schedule {
  const { peak, warmupSteps, totalSteps } = options;
  return (step) => {
    if (step < warmupSteps) return peak * (step / warmupSteps);
    return peak * Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
  };
}

/** peak, times `decay` after every `interval` steps. As `torch.optim.lr_scheduler.StepLR`. */
export function exponentialSchedule(options: { peak: number; decay: number; interval: number }): Schedule {
  const { peak, decay, interval } = options;
  return (step) => peak * power(decay, Math.floor(step / interval));
}

/** Half a cosine from `peak` to 0 at `totalSteps`. As `torch.optim.lr_scheduler.CosineAnnealingLR`. */
export function cosineSchedule(options: { peak: number; totalSteps: number }): Schedule {
  const { peak, totalSteps } = options;
  return (step) => (peak / 2) * (1 + cosine(Math.PI * Math.min(1, step / totalSteps)));
}
