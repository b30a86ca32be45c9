/** @file `karelscope audit gradient`. Appendix E. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { arithmeticOf } from '../../audit/arithmetic.ts';
import { type Element, parseElement } from '../../audit/element.ts';
import { auditGradient, GRADIENT_BOUND, SINGLE_BOUND } from '../../audit/gradient.ts';
import { describeElement, describeGradient, isRight } from '../../audit/gradient-text.ts';
import { Training } from '../../audit/training.ts';
import { randomStream } from '../../random.ts';
import * as study from '../../study/index.ts';
import { checkpointSteps } from '../../study/run.ts';
import type { TrainingBatch } from '../../transformer/index.ts';
import { DiskStore } from '../disk-store.ts';
import { progressTo } from '../progress.ts';
import { openEngine } from '../threads.ts';
import { wholeNumber } from './options.ts';

interface GradientCommandOptions {
  readonly step?: number;
  readonly samples: number;
  readonly batchSamples: number;
  readonly seed: string;
}

const element = (text: string): Element => {
  try {
    return parseElement(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
};

/** Adds `gradient` to the commands of `audit`. */
export function addGradient(audit: Command): void {
  audit
    .command('gradient')
    .description(
      "whether the gradients of a run's training are the slopes of its loss: the model as it was after a step, on the batch of the next one, " +
        'in double precision',
    )
    .argument('<run>', 'a run directory, such as runs/tiny')
    .argument('[address]', 'one element alone, such as transformer.h.0.mlp.fc_in.weight[3,9]', element)
    .addOption(
      new Option('--step <s>', 'after so many steps (default: all); the batch is that which comes next').argParser(
        wholeNumber(0),
      ),
    )
    .addOption(
      new Option('--samples <n>', 'elements of each parameter, at random').argParser(wholeNumber(1)).default(4),
    )
    .addOption(
      new Option('--batch-samples <n>', 'samples of the batch, from its first on').argParser(wholeNumber(1)).default(2),
    )
    .option('--seed <text>', 'which elements', '1')
    .addHelpText('after', `\n${ABOUT}`)
    .action(gradient);
}

const ABOUT =
  `The slope is (8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12 h with h = 1e-4: its error is of order h^4, and the\n` +
  `rounding of the loss over h is some 1e-12. A derivative may be wrong by ${GRADIENT_BOUND.toExponential()} of itself, or of a thousandth of the\n` +
  'largest where it is smaller than that. Beside it: by how much the gradient in single precision, that of training, differs\n' +
  `from the one in double precision, over all elements, which may be ${SINGLE_BOUND}. Exit code 1 for what is over its bound.`;

async function gradient(path: string, only: Element | undefined, options: GradientCommandOptions): Promise<void> {
  const run = study.Run.open(new DiskStore(path));
  const engine = await openEngine({ threads: 1, arithmetic: arithmeticOf(run) });
  const progress = progressTo(process.stderr);
  try {
    const steps = checkpointSteps(run.plan).filter((step) => run.has(study.checkpointFile(step, 'config.json')));
    const step = options.step ?? steps.at(-1);
    if (step === undefined) throw new study.StudyError(`${path} has no checkpoint yet`);
    progress.start('training', step, 'steps');
    const training = new Training(run, engine, (done) => progress.update(done));
    const trainer = training.at(step);
    progress.stop();
    const { samples, batch } = training.batch(step);
    const part = firstOf(batch, options.batchSamples);
    process.stdout.write(
      `${path}, the model after ${step} steps, samples ${samples.slice(0, part.sequences.length).join(', ')} of the training corpus: ` +
        `${part.sequences.length} of the ${samples.length} of the batch of step ${step + 1}\n\n`,
    );
    const found = auditGradient(trainer, part, {
      samples: options.samples,
      random: randomStream(options.seed, 'audit/gradient'),
      ...(only && { only }),
      onDone: (done, of) => {
        if (done === 1) progress.start('gradient', of, 'elements', 1);
        else progress.update(done);
      },
    });
    progress.stop();
    process.stdout.write(only ? describeElement(found) : describeGradient(found));
    if (!isRight(found)) process.exitCode = 1;
  } finally {
    progress.stop();
    await engine.close();
  }
}

const firstOf = ({ sequences, targets }: TrainingBatch, count: number): TrainingBatch => ({
  sequences: sequences.slice(0, count),
  ...(targets && { targets: targets.slice(0, count) }),
});
