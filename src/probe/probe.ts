/** @file A probe: a small classifier that reads a feature from a hidden state. Chapter 9. */
import {
  type ColumnCrossEntropy,
  columnCrossEntropy,
  matmul,
  parameter,
  type RunningStatistics,
  reluBatchNorm,
  type Tape,
  type Variable,
} from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';
import type { FeatureShape } from './features.ts';

/** 0 is the linear probe. */
export type HiddenLayers = 0 | 1 | 2;

/** What a probe of so many hidden layers is called. */
export const DEPTH_NAMES = { 0: 'linear', 1: 'one hidden layer', 2: 'two hidden layers' } as const;

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

/** Loss and losses as of `columnCrossEntropy`. */
export interface ProbeAnswer extends ColumnCrossEntropy {
  /** Without the bias of the last layer. [heads x classes, rows] */
  readonly logits: Tensor;
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

  /**
   * What the probe says about x [rows, inputs], and how far that is from `targets` [heads x rows], head after head. Inside
   * the probe a row is a unit, so that batch norm finds a unit's numbers side by side.
   */
  forward(tape: Tape, x: Variable, targets: Int32Array, training: boolean): ProbeAnswer {
    const options = { training, momentum: MOMENTUM, epsilon: EPSILON };
    let h = x;
    for (const { weight, bias, scale, shift, running } of this.#hidden) {
      const sums = matmul(tape, weight, h, { transposeB: h === x }); // [units, rows]
      h = reluBatchNorm(tape, sums, bias, scale, shift, running, options); // [units, rows]
    }
    const { weight, bias } = this.#output;
    const logits = matmul(tape, weight, h, { transposeB: h === x }); // [heads x classes, rows]
    return { ...columnCrossEntropy(tape, logits, bias, targets, this.shape.heads), logits: logits.value };
  }

  /** Of the last layer, to be added to the logits. [heads x classes] */
  get bias(): FloatArray {
    return this.#output.bias.value.data;
  }

  /** Of the last layer; that of a linear probe reads its inputs. [heads x classes, units of the layer before] */
  get weight(): FloatArray {
    return this.#output.weight.value.data;
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
