/** @file Two models made by hand that calibrate the study's instruments: one must be right, one must be wrong. Appendix J. */
import { createReferenceEngine } from '../../tensor/index.ts';
import { encodeModel, type Files } from '../../transformer/index.ts';
import type { RunPlan } from '../run.ts';
import { tableFor } from './table.ts';
import { trackerFor } from './tracker.ts';

export { type Table, tableFor } from './table.ts';
export { type Tracker, trackerFor } from './tracker.ts';

/** `tracker` carries the robots' states; `table` looks programs up and carries none. */
export const HANDMADE = ['tracker', 'table'] as const;
export type HandmadeName = (typeof HANDMADE)[number];

/**
 * `config.json` and `model.safetensors` of the model for runs with these settings and, of the table, this seed. Throws
 * `StudyError` for programs that branch and loop, and where a table cannot tell its specifications apart.
 */
export function handmadeModel(name: HandmadeName, plan: Pick<RunPlan, 'settings' | 'seed'>): Files {
  const { weights } = name === 'tracker' ? trackerFor(plan.settings) : tableFor(plan);
  return encodeModel(weights.model(createReferenceEngine('float32')));
}
