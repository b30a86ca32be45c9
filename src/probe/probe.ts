/** @file A probe: a small classifier that reads a feature from a hidden state. Chapter 7. */
import {
  batchNorm,
  linear,
  parameter,
  type RunningStatistics,
  relu,
  type Tape,
  type Variable,
} from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { FeatureShape } from './features.ts';

/** 0 is the linear probe. */
export type HiddenLayers = 0 | 1 | 2;

/** Widths of the hidden layers. Source: Jin & Rinard 2024, the released code. */
export const HIDDEN_WIDTHS = [256, 1024] as const;

/** PyTorch's defaults of `torch.nn.BatchNorm1d`. */
const MOMENTUM = 0.1;
const EPSILON = 1e-5;

interface Linear {
  readonly weight: Variable; // [out, in]
  readonly bias: Variable; // [out]
}

interface HiddenLayer extends Linear {
  readonly scale: Variable; // [out], batch norm's weight
  readonly shift: Variable; // [out], batch norm's bias
  readonly running: RunningStatistics;
}

/** Hidden layers of Linear, ReLU, BatchNorm; then one Linear for all heads of the feature. */
export class Probe {
  readonly shape: FeatureShape;
  readonly parameters: readonly Variable[];
  readonly #hidden: readonly HiddenLayer[];
  readonly #output: Linear;

  /**
   * Linear layers start as PyTorch's: weights and biases uniform in +-1 / sqrt(inputs). `random` gives numbers in
   * [0, 1). Throws `OutOfMemoryError`.
   */
  constructor(engine: Engine, inputs: number, hiddenLayers: HiddenLayers, shape: FeatureShape, random: () => number) {
    const widths = [inputs, ...HIDDEN_WIDTHS.slice(0, hiddenLayers)];
    this.shape = shape;
    this.#hidden = widths.slice(1).map((width, layer) => ({
      ...createLinear(engine, widths[layer]!, width, random),
      scale: parameter(engine, engine.tensor([width], new Float32Array(width).fill(1))),
      shift: parameter(engine, engine.zeros([width])),
      running: { mean: engine.zeros([width]), variance: engine.tensor([width], new Float32Array(width).fill(1)) },
    }));
    this.#output = createLinear(engine, widths.at(-1)!, shape.heads * shape.classes, random);
    this.parameters = [
      ...this.#hidden.flatMap(({ weight, bias, scale, shift }) => [weight, bias, scale, shift]),
      this.#output.weight,
      this.#output.bias,
    ];
  }

  /** x [rows, inputs] to logits [rows x heads, classes], the heads of a row one after the other. */
  forward(tape: Tape, x: Variable, training: boolean): Variable {
    const options = { training, momentum: MOMENTUM, epsilon: EPSILON };
    let h = x;
    for (const { weight, bias, scale, shift, running } of this.#hidden) {
      h = batchNorm(tape, relu(tape, linear(tape, h, weight, bias)), scale, shift, running, options);
    }
    const logits = linear(tape, h, this.#output.weight, this.#output.bias); // [rows, heads x classes]
    return this.shape.heads === 1 ? logits : splitHeads(tape, logits, this.shape.classes);
  }

  /** All that training changes, running statistics included; `restore` puts it back. */
  snapshot(): FloatArray[] {
    return this.#state().map((data) => data.slice());
  }

  restore(snapshot: readonly FloatArray[]): void {
    this.#state().forEach((data, at) => {
      data.set(snapshot[at]!);
    });
  }

  #state(): FloatArray[] {
    const running = this.#hidden.flatMap((layer) => [layer.running.mean.data, layer.running.variance.data]);
    return [...this.parameters.map(({ value }) => value.data), ...running];
  }
}

/** As `torch.nn.Linear` initialises itself. */
function createLinear(engine: Engine, inputs: number, outputs: number, random: () => number): Linear {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = (count: number): Float32Array =>
    Float32Array.from({ length: count }, () => (2 * random() - 1) * bound);
  return {
    weight: parameter(engine, engine.tensor([outputs, inputs], uniform(outputs * inputs))),
    bias: parameter(engine, engine.tensor([outputs], uniform(outputs))),
  };
}

/** The same numbers as one row a head: [rows, heads x classes] to [rows x heads, classes]. */
function splitHeads(tape: Tape, logits: Variable, classes: number): Variable {
  const output = tape.output(logits.value.reshape([-1, classes]), [logits]);
  tape.record(output, (dy) => {
    // forward: y is x under another shape, so dx is dy
    const { data, accumulate } = tape.gradientOf(logits);
    tape.engine.kernels.scale(data, dy, 1, accumulate);
  });
  return output;
}
