/** @file A training step done again: by the exact kernels, bit for bit, and in double precision, within bounds. Chapter 13. */

import { parseMetrics, type StepMetrics } from '../study/metrics.ts';
import { metricsFile } from '../study/names.ts';
import type { Progress } from '../study/progress.ts';
import { checkpointSteps, type Run } from '../study/run.ts';
import { type Arithmetic, createExactEngine } from '../tensor/exact/index.ts';
import type { Engine, FloatArray } from '../tensor/index.ts';
import { type RecordedPass, recordTraining, type StepReport, type Trainer } from '../transformer/index.ts';
import { AuditError } from './errors.ts';
import { backwardOf, type Clock, forwardOf, nameOf, type Worker } from './judge-ops.ts';
import { arraysOf, type Call, judgedCall, listeningTo } from './judge-update.ts';
import { faultsOfBatch } from './replay-inputs.ts';
import { copyTrainer, Training } from './training.ts';
import { differingBits, type Judged, judge, placeIn, type Verdict } from './verdict.ts';

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
  readonly seconds: Readonly<Record<Worker, number>>;
}

/** Nothing is rounded otherwise, nothing lies beyond its bound, and nothing else is at fault. */
export const holds = ({ verdicts, faults }: Replay): boolean =>
  faults.length === 0 && verdicts.every(({ otherBits, ratio }) => otherBits === undefined && ratio <= 1);

/** The run's arithmetic, which the exact kernels have as well. Throws {@link AuditError} where nothing was computed yet. */
export function arithmeticOf(run: Run): Arithmetic['name'] {
  const { arithmetic } = run;
  if (arithmetic === 'simd' || arithmetic === 'relaxed-simd') return arithmetic;
  throw new AuditError(
    `audit: ${run.store.place} was computed with ${arithmetic ?? 'no'} arithmetic: nothing to replay`,
  );
}

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
    throw new AuditError(`audit: there is no step from state ${step}: training goes from 0 to ${steps}`);
  }
  const seconds = { fast: 0, exact: 0, float64: 0 };
  const clock: Clock = (worker, body) => {
    const started = performance.now();
    try {
      return body();
    } finally {
      seconds[worker] += (performance.now() - started) / 1000;
    }
  };
  const from = checkpointSteps(run.plan)
    .filter((one) => one <= step)
    .at(-1)!;
  if (step > from) progress.start('train', step - from, 'steps');
  const training = new Training(run, engine, (done) => progress.update(done - from));
  const { trainer, samples, batch } = clock('fast', () => ({ trainer: training.at(step), ...training.batch(step) }));
  const faults = faultsOfBatch(run, step, samples);

  const exact = createExactEngine(arithmetic);
  const calls: { call: Call; names: ReadonlyMap<FloatArray, string> }[] = [];
  const pass = clock('fast', () => recordTraining(engine, trainer.model, batch));
  const names = new Map<FloatArray, string>();
  const listening = listeningTo(engine, (call) => calls.push({ call, names }));
  const stepped = copyTrainer(trainer, listening);
  for (const [array, name] of arraysOf(stepped)) names.set(array, name);
  const report = clock('fast', () => stepped.step(batch));

  const verdicts: Verdict[] = [];
  const total = 2 * pass.nodes.length + calls.length;
  progress.start('replay', total, 'ops');
  let done = 0;
  const take = (one: Judged): void => {
    verdicts.push(judge(one));
  };
  let last: Judged | undefined;
  const counting = (one: Judged): void => {
    if (one.name !== last?.name) progress.update(++done > total ? total : done, `${one.op} ${one.name}`);
    last = one;
    take(one);
  };
  for (const one of forwardOf(pass, exact, clock)) counting(one);
  const backward = backwardOf(pass, engine, exact, clock);
  let next = backward.next();
  for (; !next.done; next = backward.next()) counting(next.value);
  for (const { name, at, recorded, again } of next.value) {
    faults.push(`gradient of ${name}, number ${at}: ${recorded} when it was computed, ${again} when computed again`);
  }
  faults.push(
    ...gradientFaults(
      pass,
      calls.map(({ call }) => call),
      names,
    ),
  );
  let owner = '';
  for (const { call } of calls) {
    owner = names.get(call.args[0] as FloatArray) ?? owner;
    for (const one of judgedCall(call, names, owner, exact, clock)) counting(one);
  }
  progress.stop();
  const compared = { checkpoint: false, metrics: false };
  if (checkpointSteps(run.plan).includes(step + 1)) {
    compared.checkpoint = true;
    faults.push(...checkpointFaults(stepped, training.checkpoint(step + 1)));
  }
  const metrics = metricsOf(run, step + 1);
  if (metrics) {
    compared.metrics = true;
    faults.push(...metricsFaults(metrics, report));
  }
  return { step, arithmetic, from, samples, report, verdicts, faults, compared, seconds };
}

/** The optimizers got the gradients that were judged. */
function gradientFaults(pass: RecordedPass, calls: readonly Call[], names: ReadonlyMap<FloatArray, string>): string[] {
  const recorded = new Map(
    Array.from(pass.variables.keys(), (v) => [`gradient of ${nameOf(pass, v)}`, v.gradient?.data]),
  );
  return calls.flatMap(({ kernel, args, before }) => {
    const name = names.get(args[0] as FloatArray);
    const expected = kernel === 'sumOfSquares' && name !== undefined ? recorded.get(name) : undefined;
    if (!expected) return [];
    const [x] = before as [FloatArray];
    const { first } = differingBits(expected, x);
    return first === undefined ? [] : [`${name}, number ${first}: ${expected[first]} once, ${x[first]} the next time`];
  });
}

/** Numbers of the checkpoint after the step that are not what the step gives. */
function checkpointFaults(made: Trainer, stored: Trainer): string[] {
  const tensorsOf = (trainer: Trainer) => [
    ...trainer.model.parameters.map(({ name, value }) => [name!, value] as const),
    ...trainer.state().moments,
  ];
  const [ours, theirs] = [tensorsOf(made), tensorsOf(stored)];
  return ours.flatMap(([name, tensor], i) => {
    const [one, other] = [tensor.data as FloatArray, theirs[i]![1].data as FloatArray];
    const { first, count } = differingBits(one, other);
    if (first === undefined) return [];
    const place = `${name}${placeIn(tensor.shape, first)}`;
    return [
      `checkpoint ${made.stepCount}: ${place} is ${other[first]}, and the step gives ${one[first]} (${count} differ)`,
    ];
  });
}

function metricsOf(run: Run, step: number): StepMetrics | undefined {
  const file = metricsFile(checkpointSteps(run.plan).find((one) => one >= step)!);
  if (!run.has(file)) return undefined;
  return parseMetrics(run.read(file), file).find((line) => line.step === step);
}

function metricsFaults(metrics: StepMetrics, report: StepReport): string[] {
  return (['loss', 'gradientNorm', 'learningRate', 'tokens'] as const).flatMap((key) =>
    metrics[key] === report[key]
      ? []
      : [`metrics, step ${metrics.step}: ${key} is ${metrics[key]}, and the step gives ${report[key]}`],
  );
}
