/** @file A training step judged: each op of it, and each kernel of its optimizers, from the numbers that it had. Appendix E. */
import type { Progress } from '../study/progress.ts';
import { createExactEngine } from '../tensor/exact/index.ts';
import type { Engine, FloatArray } from '../tensor/index.ts';
import {
  type RecordedPass,
  recordTraining,
  type StepReport,
  type Trainer,
  type TrainingBatch,
} from '../transformer/index.ts';
import { AuditError } from './errors.ts';
import { backwardOf, forwardOf } from './judge-ops.ts';
import { arraysOf, judgedCall, listeningTo } from './judge-update.ts';
import { Stopwatch, type Worker } from './stopwatch.ts';
import { copyTrainer } from './training.ts';
import { differingBits, type Judged, judge, type Verdict } from './verdict.ts';

export interface JudgedStep {
  readonly pass: RecordedPass;
  /** A copy of the trainer, after the step. */
  readonly stepped: Trainer;
  readonly report: StepReport;
  readonly verdicts: readonly Verdict[];
  /** Where the fast kernels, asked again for the same, gave something else, a line each. */
  readonly faults: readonly string[];
  readonly seconds: Readonly<Record<Worker, number>>;
}

/**
 * The step that `trainer` would take next, by the fast `engine` in whose memory it is. Each op is judged from the inputs that the
 * fast kernels gave it: one that is wrong does not make those after it wrong. Where none is, the whole step has the bits of
 * the exact kernels.
 */
export function judgeStep(trainer: Trainer, batch: TrainingBatch, engine: Engine, progress: Progress): JudgedStep {
  if (engine.arithmetic === 'reference')
    throw new AuditError('audit: the reference kernels have no exact ones beside them');
  const watch = new Stopwatch();
  const exact = createExactEngine(engine.arithmetic);
  const verdicts: Verdict[] = [];
  const faults: string[] = [];
  const pass = watch.time('fast', () => recordTraining(engine, trainer.model, batch));

  progress.start('replay', 2 * pass.nodes.length, 'ops');
  const uses = new Set<string>();
  const take = (one: Judged): void => {
    verdicts.push(judge(one));
    uses.add(`${one.name.split(' ')[0]} ${one.direction === 'forward'}`);
    progress.update(uses.size, `${one.op} ${one.name}`);
  };
  for (const one of forwardOf(pass, exact, watch)) take(one);
  const backward = backwardOf(pass, engine, exact, watch);
  let next = backward.next();
  for (; !next.done; next = backward.next()) take(next.value);
  for (const { name, at, recorded, again } of next.value) {
    faults.push(`gradient of ${name}, number ${at}: ${recorded} when it was computed, ${again} when computed again`);
  }
  progress.stop();

  // The whole step, by a copy of the trainer whose optimizers are listened to.
  const gradients = new Map(Array.from(pass.variables, ([v, { name }]) => [`gradient of ${name}`, v.gradient?.data]));
  const names = new Map<FloatArray, string>();
  let [owner, updated] = ['', 0];
  const listening = listeningTo(engine, (call) => {
    const name = names.get(call.args[0] as FloatArray);
    if (name !== undefined && name !== owner) progress.update(++updated, `${call.kernel} ${name}`);
    owner = name ?? owner;
    for (const one of judgedCall(call, names, owner, exact, watch)) verdicts.push(judge(one));
    const recorded = call.kernel === 'sumOfSquares' ? gradients.get(name ?? '') : undefined;
    const x = call.before[0] as FloatArray;
    const { first } = recorded ? differingBits(recorded, x) : {};
    if (first !== undefined)
      faults.push(`${name}, number ${first}: ${recorded![first]} once, ${x[first]} the next time`);
  });
  const stepped = copyTrainer(trainer, listening);
  for (const [array, name] of arraysOf(stepped)) names.set(array, name);
  progress.start('update', 3 * stepped.model.parameters.length, 'arrays');
  const report = watch.time('fast', () => stepped.step(batch));
  progress.stop();
  return { pass, stepped, report, verdicts, faults, seconds: watch.seconds };
}
