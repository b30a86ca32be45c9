/** @file A training step of a run again: by the exact kernels, bit for bit, and in double precision, within bounds. Appendix E. */
import type { Progress } from '../study/progress.ts';
import { checkpointSteps, type Run } from '../study/run.ts';
import type { Arithmetic } from '../tensor/exact/index.ts';
import type { Engine } from '../tensor/index.ts';
import type { StepReport } from '../transformer/index.ts';
import { arithmeticOf } from './arithmetic.ts';
import { AuditError } from './errors.ts';
import { judgeStep } from './judge-step.ts';
import { batchFaults, checkpointFaults, metricsFaults, metricsOf } from './replay-faults.ts';
import type { Worker } from './stopwatch.ts';
import { Training } from './training.ts';
import type { Verdict } from './verdict.ts';

export interface Replay {
  readonly step: number;
  readonly arithmetic: Arithmetic['name'];
  /** The checkpoint that the state before the step comes from, by training where it lies further back. */
  readonly from: number;
  readonly samples: readonly number[];
  readonly report: StepReport;
  readonly verdicts: readonly Verdict[];
  /** What else does not agree, a line each. */
  readonly faults: readonly string[];
  /** Whether there was a checkpoint after the step, and a line of metrics, to compare with. */
  readonly compared: { readonly checkpoint: boolean; readonly metrics: boolean };
  /** Training up to the step, and what each kind of kernels took for the step itself. */
  readonly seconds: Readonly<Record<Worker | 'training', number>>;
}

/** Nothing is rounded otherwise, nothing lies beyond its bound, and nothing else is at fault. */
export const holds = ({ verdicts, faults }: Pick<Replay, 'verdicts' | 'faults'>): boolean =>
  faults.length === 0 && verdicts.every(({ otherBits, ratio }) => otherBits === undefined && ratio <= 1);

/**
 * The step from state `step` (so many steps done) to the next, by `engine`, of the run's arithmetic, as training does it; each op
 * of it again from the numbers that it had. Throws {@link AuditError} where there is no such step.
 */
export function replay(run: Run, engine: Engine, step: number, progress: Progress): Replay {
  const arithmetic = arithmeticOf(run);
  if (engine.arithmetic !== arithmetic) {
    throw new AuditError(`audit: the run was computed with ${arithmetic} arithmetic, and this is ${engine.arithmetic}`);
  }
  const { steps } = run.plan.settings;
  if (!(Number.isInteger(step) && step >= 0 && step < steps)) {
    throw new AuditError(`audit: no step starts from state ${step}: training goes from state 0 to ${steps}`);
  }
  const from = checkpointSteps(run.plan)
    .filter((one) => one <= step)
    .at(-1)!;
  const started = performance.now();
  if (step > from) progress.start('train', step - from, 'steps');
  const training = new Training(run, engine, (done) => progress.update(done - from));
  const trainer = training.at(step);
  progress.stop();
  const seconds = (performance.now() - started) / 1000;

  const { samples, batch } = training.batch(step);
  const judged = judgeStep(trainer, batch, engine, progress);
  const next = checkpointSteps(run.plan).includes(step + 1) ? training.checkpoint(step + 1) : undefined;
  const metrics = metricsOf(run, step + 1);
  const { stepped, report, verdicts } = judged;
  const faults = [
    ...batchFaults(run, step, samples),
    ...judged.faults,
    ...(next ? checkpointFaults(stepped, next) : []),
    ...(metrics ? metricsFaults(metrics, report) : []),
  ];
  const compared = { checkpoint: next !== undefined, metrics: metrics !== undefined };
  return {
    ...{ step, arithmetic, from, samples, report, verdicts, faults, compared },
    seconds: { ...judged.seconds, training: seconds },
  };
}
