/** @file A run's training, taken up again at any of its steps, with its bits. Appendix D. */
import { BatchOrder } from '../study/batches.ts';
import { loadModel, loadTraining } from '../study/checkpoints.ts';
import { withCorpus } from '../study/corpus-reader.ts';
import { checkpointSteps, type Inputs } from '../study/run.ts';
import { countedTokens, trainerSettings, trainingBatch } from '../study/stages/train.ts';
import { createReferenceEngine, type Engine } from '../tensor/index.ts';
import { CodeGen, Trainer, type TrainingBatch } from '../transformer/index.ts';
import { AuditError } from './errors.ts';

export interface Batch {
  /** Of the training corpus, in the order in which they are packed. */
  readonly samples: readonly number[];
  readonly batch: TrainingBatch;
}

/** Training of a run, in the memory of an engine with the run's arithmetic. */
export class Training {
  readonly #inputs: Inputs;
  readonly #engine: Engine;
  readonly #onStep: (step: number, of: number) => void;
  #trainer: Trainer | undefined;

  /** `onStep` hears of each step that is done again on the way from a checkpoint. Throws {@link AuditError} for a run that was imported. */
  constructor(inputs: Inputs, engine: Engine, onStep: (step: number, of: number) => void = () => {}) {
    if (inputs.plan.imported)
      throw new AuditError('audit: the model of this run was imported, its training is not known');
    this.#inputs = inputs;
    this.#engine = engine;
    this.#onStep = onStep;
  }

  /**
   * The trainer after so many steps: from the last checkpoint before, the steps from there done again. It goes on to belong to
   * this: train a {@link copyTrainer} of it. Throws {@link AuditError} where the run has no such step.
   */
  at(step: number): Trainer {
    const { plan } = this.#inputs;
    if (!(Number.isInteger(step) && step >= 0 && step <= plan.settings.steps)) {
      throw new AuditError(`audit: there is no step ${step} in a training of ${plan.settings.steps}`);
    }
    const from = checkpointSteps(plan)
      .filter((one) => one <= step)
      .at(-1)!;
    const now = this.#trainer?.stepCount ?? -1;
    if (this.#trainer === undefined) this.#trainer = this.checkpoint(from);
    else if (now > step || now < from) rewind(this.#trainer, this.checkpoint(from, createReferenceEngine('float32')));
    while (this.#trainer.stepCount < step) {
      this.#trainer.step(this.batch(this.#trainer.stepCount).batch);
      this.#onStep(this.#trainer.stepCount, step);
    }
    return this.#trainer;
  }

  /** A trainer as a checkpoint has kept it. */
  checkpoint(step: number, engine = this.#engine): Trainer {
    const { settings } = this.#inputs.plan;
    if (step === 0) return new Trainer(engine, loadModel(this.#inputs, 0, engine), trainerSettings(settings));
    const { model, state } = loadTraining(this.#inputs, step, engine);
    const trainer = new Trainer(engine, model, trainerSettings(settings));
    trainer.restore(state);
    return trainer;
  }

  /** What the step from `step` to step + 1 learns from. */
  batch(step: number): Batch {
    const { settings, seed } = this.#inputs.plan;
    return withCorpus(this.#inputs, 'train', (corpus) => {
      const samples = new BatchOrder(corpus.count, settings.batchSize, seed).batch(step);
      const counts = countedTokens(settings.lossOn, corpus.header.settings);
      return {
        samples,
        batch: trainingBatch(
          samples.map((number) => corpus.tokens(number)),
          counts,
        ),
      };
    });
  }
}

/** Puts a trainer to where another one stands, in the memory that it has. */
function rewind(trainer: Trainer, to: Trainer): void {
  trainer.model.parameters.forEach(({ value }, at) => {
    value.data.set(to.model.parameters[at]!.value.data);
  });
  trainer.restore(to.state());
}

/** The same model and the same moments in the memory of another engine, or again in that of the same. */
export function copyTrainer(trainer: Trainer, engine: Engine): Trainer {
  const { config, parameters } = trainer.model;
  const tensors = new Map(parameters.map(({ name, value }) => [name!, { shape: value.shape, data: value.data }]));
  const copy = new Trainer(engine, CodeGen.fromTensors(engine, config, tensors), trainer.settings);
  copy.restore(trainer.state());
  return copy;
}
