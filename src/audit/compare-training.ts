/** @file Two runs trained again from where they were the same, to the step after which they are not. Appendix E. */
import { randomStream } from '../random.ts';
import { modelConfig } from '../study/model-config.ts';
import type { Progress } from '../study/progress.ts';
import type { Run } from '../study/run.ts';
import { trainerSettings } from '../study/stages/train.ts';
import type { Engine } from '../tensor/index.ts';
import { CodeGen, recordTraining, type StepReport, Trainer, type TrainingBatch } from '../transformer/index.ts';
import { firstDifference, type Recorded } from './compare-ops.ts';
import { checkpointFaults } from './replay-faults.ts';
import { copyOfState, setState, stateDifference } from './state.ts';
import { type Batch, Training } from './training.ts';

/** A run, and an engine of its arithmetic. */
export interface Side {
  readonly run: Run;
  readonly engine: Engine;
}

type Pair<T> = readonly [T, T];
const both = <T, U>([a, b]: Pair<T>, body: (one: T, which: number) => U): Pair<U> => [body(a, 0), body(b, 1)];

/** Which of the runs' checkpoints is not what its own inputs give: lines that say so of each. */
function against(sides: Pair<Side>, step: number, made: Pair<Trainer>): string[] {
  return sides.flatMap(({ run, engine }, which) => {
    const stored = checkpointOf(run, engine, step);
    const [fault] = checkpointFaults(made[which]!, stored);
    const what = `checkpoint ${step} of ${run.store.place}`;
    if (fault === undefined) return [`${what} is what its own settings, corpus and checkpoint before give`];
    return [`${what} IS NOT what its own settings, corpus and checkpoint before give: ${fault}`];
  });
}

const checkpointOf = (run: Run, engine: Engine, step: number): Trainer => new Training(run, engine).checkpoint(step);

/** The initial weights again, from each run's seed. */
export function compareInitial(sides: Pair<Side>): string[] {
  const stored = both(sides, ({ run, engine }) => checkpointOf(run, engine, 0));
  const made = both(sides, ({ run: { plan }, engine }) => {
    const model = CodeGen.initialize(engine, modelConfig(plan.settings), randomStream(plan.seed, 'model'));
    return new Trainer(engine, model, trainerSettings(plan.settings));
  });
  return [`first difference: the initial weights: ${stateDifference(...stored)}`, ...against(sides, 0, made)];
}

/** From the checkpoint at `from`, which both have, to the one at `to`, in which they differ. */
export function compareBetween(sides: Pair<Side>, from: number, to: number, progress: Progress): string[] {
  const trainings = both(sides, ({ run, engine }) => new Training(run, engine));
  const trainers = both(trainings, (training) => training.checkpoint(from));
  let lines: string[] | undefined;
  progress.start('train', to - from, 'steps');
  for (let step = from; step < to; step++) {
    const batches = both(trainings, (training) => training.batch(step));
    const before = lines ? undefined : both(trainers, copyOfState);
    const reports = both(trainers, (trainer, which) => trainer.step(batches[which]!.batch));
    progress.update(step + 1 - from);
    const difference = stateDifference(...trainers);
    if (difference === undefined || !before) continue;
    // A step back, to look at it, and forth again.
    const after = both(trainers, copyOfState);
    both(trainers, (trainer, which) => setState(trainer, before[which]!));
    lines = whereIn(sides, trainers, batches, step, reports, difference);
    both(trainers, (trainer, which) => setState(trainer, after[which]!));
  }
  progress.stop();
  const place = `from checkpoint ${from}, which is the same,`;
  return [
    ...(lines ?? [
      `${place} both, trained again, come to the same checkpoint ${to}: it is not their inputs that differ`,
    ]),
    ...against(sides, to, trainers),
  ];
}

function whereIn(
  sides: Pair<Side>,
  before: Pair<Trainer>,
  batches: Pair<Batch>,
  step: number,
  reports: Pair<StepReport>,
  difference: string,
): string[] {
  const recorded = both(sides, ({ run, engine }, which): Recorded => {
    const pass = recordTraining(engine, before[which]!.model, batches[which]!.batch);
    return { place: run.store.place, pass, arithmetic: engine.arithmetic as Recorded['arithmetic'] };
  });
  const op = firstDifference(...recorded);
  const facts = (['loss', 'gradientNorm', 'learningRate'] as const).flatMap((key) =>
    reports[0][key] === reports[1][key] ? [] : [`  ${key}: ${reports[0][key]} and ${reports[1][key]}`],
  );
  return [
    `first difference: the step from state ${step} to ${step + 1}, after which ${difference}`,
    ...batchDifference(batches),
    ...(op.length > 0 ? op : ['op update: the same gradients move the parameters differently']),
    ...facts,
  ];
}

function batchDifference([one, other]: Pair<Batch>): string[] {
  for (let i = 0; i < Math.max(one.samples.length, other.samples.length); i++) {
    if (one.samples[i] !== other.samples[i]) {
      return [`  place ${i} of the batch: sample ${one.samples[i] ?? 'none'} and ${other.samples[i] ?? 'none'}`];
    }
    const found = tokenDifference(one.batch, other.batch, i);
    if (found !== undefined) return [`  sample ${one.samples[i]} of the batch: ${found}`];
  }
  return [];
}

function tokenDifference(one: TrainingBatch, other: TrainingBatch, i: number): string | undefined {
  for (const [what, a, b] of [
    ['token', one.sequences[i]!, other.sequences[i]!],
    ['target', one.targets![i]!, other.targets![i]!],
  ] as const) {
    const at = Array.from(a).findIndex((value, place) => value !== b[place]);
    if (at >= 0) return `${what} ${at} is ${a[at]} and ${b[at] ?? 'none'}`;
    if (a.length !== b.length) return `${a.length} ${what}s and ${b.length}`;
  }
  return undefined;
}
