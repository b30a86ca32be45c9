/**
 * @file Are the gradients of a run's training the derivatives of its loss? Appendix E.
 *
 * The tape's derivatives and the slopes of the loss, both in double precision on the reference kernels, for the run's own model
 * on a batch of its own; beside them the gradient that training itself computed, in single precision.
 */
import { centralDifference, chooseIndices, DIFFERENCE_STEP, relativeDifference } from '../autograd/gradcheck.ts';
import { Tape, type Variable } from '../autograd/index.ts';
import { createReferenceEngine, type Engine, type FloatArray } from '../tensor/index.ts';
import { pack, type Trainer, type TrainingBatch } from '../transformer/index.ts';
import { trainingLoss } from '../transformer/trainer.ts';
import { addressAt, type Element } from './element.ts';
import { AuditError } from './errors.ts';
import { copyTrainer } from './training.ts';

/**
 * The error of the five-point difference is of order h^4, 1e-16, plus the rounding of the loss over h, some 1e-12: of a
 * derivative that is a thousandth of the largest some 1e-8 comes of both, 1e-7 at most in `tiny`. 1e-6 leaves room, as in every
 * gradcheck.
 */
export const GRADIENT_BOUND = 1e-6;

/** Single precision rounds each number by 6e-8; sums of thousands of them that nearly cancel have come to 2e-4. A mistake is larger. */
export const SINGLE_BOUND = 1e-2;

/** Relative errors are relative to a thousandth of the largest derivative at least: below it, rounding is all there is. */
const FLOOR = 1e-3;

/** What is found out about one element. */
export interface SlopeCheck {
  readonly address: string;
  readonly value: number;
  /** What the tape says, in double precision. */
  readonly derivative: number;
  /** What the loss does when the element is moved. */
  readonly slope: number;
  readonly relativeError: number;
  /** What the tape of training says, in single precision. */
  readonly single: number;
  readonly singleError: number;
}

export interface ParameterCheck {
  readonly name: string;
  readonly elements: number;
  readonly checked: readonly SlopeCheck[];
  /** Of all elements, how far the gradient in single precision is from that in double precision, and where most. */
  readonly single: { readonly relativeError: number; readonly address: string };
}

export interface GradientAudit {
  readonly loss: number;
  /** The largest derivative of all. */
  readonly largest: number;
  readonly parameters: readonly ParameterCheck[];
}

export interface GradientOptions {
  /** Elements of each parameter. */
  readonly samples: number;
  readonly random: () => number;
  /** This element alone. */
  readonly only?: Element;
  readonly onDone?: (done: number, of: number) => void;
  /** In double precision. Default: the reference kernels. */
  readonly engine?: Engine;
}

/** Checks the gradient of a trainer's model on a batch. Throws {@link AuditError} for an address that no parameter has. */
export function auditGradient(
  trainer: Trainer,
  batch: TrainingBatch,
  { samples, random, only, onDone = () => {}, engine = createReferenceEngine('float64') }: GradientOptions,
): GradientAudit {
  const single = gradientsOf(trainer, batch);
  const double = copyTrainer(trainer, engine);
  const gradients = gradientsOf(double, batch);
  const { parameters } = double.model;
  const chosen = only ? [chooseOne(parameters, only)] : parameters.map((one) => chooseSome(one, samples, random));
  const total = chosen.reduce((sum, { places }) => sum + places.length, 0);
  const largest = largestOf([...gradients.values()]);
  const floor = FLOOR * largest;
  const evaluate = (): number => lossOf(engine, double, batch);
  let done = 0;
  const checks = chosen.map(({ parameter, places }): ParameterCheck => {
    const name = parameter.name!;
    const { shape, data } = parameter.value;
    const [exact, rounded] = [gradients.get(name)!, single.get(name)!];
    const checked = places.map((at): SlopeCheck => {
      const slope = centralDifference(data, at, DIFFERENCE_STEP, evaluate);
      onDone(++done, total);
      const [derivative, found] = [exact[at]!, rounded[at]!];
      return {
        address: addressAt(name, shape, at),
        value: data[at]!,
        derivative,
        slope,
        relativeError: relativeDifference(derivative, slope, floor),
        single: found,
        singleError: relativeDifference(derivative, found, floor),
      };
    });
    const errors = Array.from(exact, (derivative, at) => relativeDifference(derivative, rounded[at]!, floor));
    const worst = errors.reduce((best, error, at) => (error > errors[best]! ? at : best), 0);
    return {
      name,
      elements: data.length,
      checked,
      single: { relativeError: errors[worst]!, address: addressAt(name, shape, worst) },
    };
  });
  return { loss: evaluate(), largest, parameters: checks };
}

/** Copies: the next pass writes where these stand. */
function gradientsOf(trainer: Trainer, batch: TrainingBatch): Map<string, FloatArray> {
  trainer.gradients(batch);
  return new Map(trainer.model.parameters.map(({ name, gradient }) => [name!, gradient!.data.slice()]));
}

function lossOf(engine: Engine, { model }: Trainer, batch: TrainingBatch): number {
  const tape = new Tape(engine, { recording: false });
  return trainingLoss(tape, model, batch, pack(engine, batch.sequences)).value.data[0]!;
}

function largestOf(gradients: readonly FloatArray[]): number {
  let largest = 0;
  for (const gradient of gradients) for (const value of gradient) largest = Math.max(largest, Math.abs(value));
  return largest;
}

interface Chosen {
  readonly parameter: Variable;
  readonly places: readonly number[];
}

const chooseSome = (parameter: Variable, samples: number, random: () => number): Chosen => ({
  parameter,
  places: chooseIndices(parameter.value.size, samples, random).sort((a, b) => a - b),
});

function chooseOne(parameters: readonly Variable[], { name, index }: Element): Chosen {
  const parameter = parameters.find((one) => one.name === name);
  if (!parameter) throw new AuditError(`audit: the model has no parameter ${name}`);
  const { shape } = parameter.value;
  if (index.length !== shape.length || index.some((i, axis) => i >= shape[axis]!)) {
    throw new AuditError(`audit: there is no ${name}[${index.join(',')}], ${name} is [${shape.join(',')}]`);
  }
  return { parameter, places: [index.reduce((place, i, axis) => place * shape[axis]! + i, 0)] };
}
