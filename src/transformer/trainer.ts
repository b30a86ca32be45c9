/** @file Training: one step is forward, backward, clip and update. Chapter 7. */
import {
  AdamW,
  type AdamWSettings,
  clipScale,
  crossEntropy,
  gradientNorm,
  Muon,
  type Schedule,
  Tape,
  type Variable,
} from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import { formatShape, sameShape } from '../tensor/shape.ts';
import { nextTokens, type PackedBatch, pack } from './batch.ts';
import { BatchError, CheckpointError, NonFiniteLossError } from './errors.ts';
import type { CodeGen, ForwardOptions } from './model.ts';
import { type OptimizerName, optimizerOf } from './parameters.ts';
import type { StoredTensor } from './safetensors.ts';

export interface TrainerSettings extends AdamWSettings {
  /** Learning rate of each step, counted from 0: `linearSchedule({ peak, warmupSteps, totalSteps })`. */
  readonly schedule: Schedule;
  /** Largest norm of all gradients together; longer ones are shortened to it. `Infinity` never clips. */
  readonly clip: number;
  /** Muon shares the schedule and the weight decay with AdamW, see {@link optimizerOf}. Default: `adamw`. */
  readonly optimizer?: OptimizerName;
}

/** What one step learns from. */
export interface TrainingBatch {
  /** Token ids of each sample. */
  readonly sequences: readonly ArrayLike<number>[];
  /** What each position should predict, negative for nothing; already shifted. Default: {@link nextTokens}. */
  readonly targets?: readonly ArrayLike<number>[];
  /** How much each position's loss counts, see `weightsFrom`. Default: all the same. */
  readonly weights?: readonly ArrayLike<number>[];
}

export interface StepReport {
  /** Number of this step, from 1. */
  readonly step: number;
  /** Weighted mean over the targets, in nats, before the step. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Tokens that went through the model. */
  readonly tokens: number;
}

/** What the optimizers remember: with the parameters, all that the next steps depend on. */
export interface TrainerState {
  /** Steps that were taken. */
  readonly step: number;
  /**
   * `m.<parameter>` and `v.<parameter>` of AdamW's, `momentum.<parameter>` of Muon's. They share memory with the trainer: encode
   * them before the next step.
   */
  readonly moments: ReadonlyMap<string, StoredTensor>;
}

/** Trains a model. Make it outside of any `engine.scope`. */
export class Trainer {
  readonly model: CodeGen;
  readonly settings: TrainerSettings;
  readonly #engine: Engine;
  readonly #adamw: AdamW;
  readonly #muon: Muon;

  constructor(engine: Engine, model: CodeGen, settings: TrainerSettings) {
    this.#engine = engine;
    this.model = model;
    this.settings = settings;
    const { beta1, beta2, epsilon, weightDecay, optimizer = 'adamw' } = settings;
    const movedBy = (which: OptimizerName) =>
      model.parameters.filter(
        ({ name, value }) => optimizerOf({ name: name!, shape: value.shape }, optimizer) === which,
      );
    this.#adamw = new AdamW(engine, movedBy('adamw'), { beta1, beta2, epsilon, weightDecay });
    this.#muon = new Muon(engine, movedBy('muon'), { weightDecay });
  }

  /** Steps that were taken. */
  get stepCount(): number {
    return this.#adamw.stepCount;
  }

  /**
   * One training step. Throws {@link NonFiniteLossError} when the loss or the gradient is not finite, before anything has
   * changed, and {@link BatchError} when targets or weights do not fit the sequences.
   */
  step(batch: TrainingBatch): StepReport {
    return this.#engine.scope(() => {
      const { loss, gradientNorm, tokens } = this.#differentiate(batch);
      const learningRate = this.settings.schedule(this.stepCount);
      const scale = clipScale(gradientNorm, this.settings.clip);
      for (const optimizer of [this.#adamw, this.#muon]) optimizer.step(learningRate, scale);
      return { step: this.stepCount, loss, gradientNorm, learningRate, tokens };
    });
  }

  /** Loss and gradients of a batch, the latter left in `model.parameters`; nothing is trained. Throws as {@link step}. */
  gradients(batch: TrainingBatch): { loss: number; gradientNorm: number; tokens: number } {
    return this.#engine.scope(() => this.#differentiate(batch));
  }

  #differentiate(batch: TrainingBatch): { loss: number; gradientNorm: number; tokens: number } {
    const { model } = this;
    const engine = this.#engine;
    const tape = new Tape(engine);
    const packed = pack(engine, batch.sequences);
    const loss = trainingLoss(tape, model, batch, packed);
    const value = loss.value.data[0]!;
    if (!Number.isFinite(value)) throw new NonFiniteLossError(this.stepCount + 1, 'loss', value);
    tape.backward(loss, model.parameters);
    const norm = gradientNorm(engine, model.parameters);
    if (!Number.isFinite(norm)) throw new NonFiniteLossError(this.stepCount + 1, 'gradient norm', norm);
    return { loss: value, gradientNorm: norm, tokens: packed.ids.length };
  }

  state(): TrainerState {
    const moments = new Map<string, StoredTensor>();
    this.#adamw.parameters.forEach(({ name }, index) => {
      const { m, v } = this.#adamw.state[index]!;
      moments.set(`m.${name}`, m).set(`v.${name}`, v);
    });
    this.#muon.parameters.forEach(({ name }, index) => {
      moments.set(`momentum.${name}`, this.#muon.momentum[index]!);
    });
    return { step: this.stepCount, moments };
  }

  /**
   * Continues where {@link state} was taken; the model's parameters are restored by whoever made the model. Throws
   * {@link CheckpointError} naming `file` when the moments are not those of this model's parameters and optimizers.
   */
  restore(state: TrainerState, file = 'optimizer.safetensors'): void {
    const own = this.state().moments;
    for (const [name, { shape }] of own) {
      const stored = state.moments.get(name);
      if (!stored) throw new CheckpointError(file, `has no ${name}`);
      if (!sameShape(stored.shape, shape)) {
        const reason = `${name} has the shape ${formatShape(stored.shape)}, expected ${formatShape(shape)}`;
        throw new CheckpointError(file, reason);
      }
    }
    for (const name of state.moments.keys()) {
      if (!own.has(name)) throw new CheckpointError(file, `${name} is not a moment of this model's parameters`);
    }
    for (const [name, { data }] of own) data.set(state.moments.get(name)!.data);
    this.#adamw.stepCount = state.step;
  }
}

/**
 * The loss of a batch, packed, as training counts it: the weighted mean over the targets, in nats. Throws {@link BatchError} when targets or
 * weights do not fit the sequences.
 */
export function trainingLoss(
  tape: Tape,
  model: CodeGen,
  batch: TrainingBatch,
  packed: PackedBatch,
  options: ForwardOptions = {},
): Variable {
  const { targets, weights } = packTargets(tape.engine, batch, packed);
  const logits = model.forward(tape, packed, options); // [tokens, vocab_size]
  return crossEntropy(tape, logits, targets, weights).loss;
}

function packTargets(
  engine: Engine,
  { sequences, targets, weights }: TrainingBatch,
  { ids, starts }: PackedBatch,
): { targets: Int32Array; weights?: ReturnType<Engine['empty']>['data'] } {
  const requireFit = (name: string, given: readonly ArrayLike<number>[] | undefined): void => {
    if (given && given.length !== sequences.length) {
      throw new BatchError(`training: ${name} of ${given.length} samples for ${sequences.length} sequences`);
    }
    given?.forEach((values, index) => {
      const expected = sequences[index]!.length;
      if (values.length === expected) return;
      throw new BatchError(`training: ${values.length} ${name} for sequence ${index} of ${expected} tokens`);
    });
  };
  requireFit('targets', targets);
  requireFit('weights', weights);
  const packedTargets = engine.integers(ids.length);
  const packedWeights = weights && engine.empty([ids.length]).data;
  sequences.forEach((sequence, index) => {
    packedTargets.set(targets?.[index] ?? nextTokens(sequence), starts[index]!);
    packedWeights?.set(weights![index]!, starts[index]!);
  });
  return packedWeights ? { targets: packedTargets, weights: packedWeights } : { targets: packedTargets };
}
