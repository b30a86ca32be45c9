/** @file What an audit works with: the run, and the two ways to compute. Appendix E. */

import { StudyError } from '../../study/errors.ts';
import { readJournal } from '../../study/journal.ts';
import type { Run } from '../../study/run.ts';
import type { StageKind } from '../../study/stage.ts';
import { stagesOf } from '../../study/stages.ts';
import { createExactEngine } from '../../tensor/exact/index.ts';
import { createReferenceEngine, type Engine } from '../../tensor/index.ts';

export interface Grounds {
  readonly run: Run;
  /** With the run's arithmetic. */
  readonly fast: Engine;
  /** Its bits, number by number. */
  readonly exact: Engine;
  /** The built page, where there is one. */
  readonly page?: () => string;
}

/** Throws {@link StudyError} where nothing of the run was computed yet. */
export function exactEngineOf({ arithmetic, store }: Run): Engine {
  if (arithmetic === 'simd' || arithmetic === 'relaxed-simd') return createExactEngine(arithmetic);
  if (arithmetic === 'reference') return createReferenceEngine('float32');
  throw new StudyError(`${store.place}: nothing was computed yet that could be audited`);
}

/** Some hundred times slower than one thread of the fast kernels. */
export const SLOWNESS = 100;

/** What the journal says that a unit of work of this kind took; a guess where it says nothing. Only proportions matter. */
export function secondsPerWork({ run }: Grounds, kind: StageKind): number {
  const work = stagesOf(run.plan, { arithmetic: () => '' })
    .filter((stage) => stage.kind === kind)
    .reduce((sum, stage) => sum + stage.work, 0);
  const seconds = readJournal(run.store).stageSeconds[kind] ?? 1;
  return seconds / Math.max(1, work);
}
