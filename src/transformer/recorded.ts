/** @file Passes through the model of which nothing is forgotten: every number has a name, and knows its operands. Appendix D. */
import { attentionStep, causalAttention, type Node, Tape, Variable } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import { type FloatArray, Tensor } from '../tensor/tensor.ts';
import { pack } from './batch.ts';
import type { CodeGen, ForwardOptions } from './model.ts';
import type { ActivationName } from './reading.ts';
import { type TapName, type Taps, tapNames } from './taps.ts';
import { type TrainingBatch, trainingLoss } from './trainer.ts';

/** What a number's variable is called, and which tokens its rows belong to. */
export interface Named {
  /** Of an activation as {@link ActivationName}, of a parameter as `parameterSpecs` has it, or `loss`. */
  readonly name: string;
  /** Token of the first row; null for a parameter, or the loss, whose numbers belong to none. */
  readonly firstToken: number | null;
}

export interface RecordedPass {
  /** What was computed, in order, outside of the engine's memory; of a training pass with the gradients of all outputs. */
  readonly nodes: readonly Node[];
  readonly variables: ReadonlyMap<Variable, Named>;
  /** Row of each sample's first token, and the number of tokens in all: of a training pass. */
  readonly starts: Int32Array | null;
  readonly tokens: readonly number[];
}

/** A training step's forward and backward pass, bit for bit as {@link Trainer.step} computes it. Throws as that does. */
export function recordTraining(engine: Engine, model: CodeGen, batch: TrainingBatch): RecordedPass {
  return engine.scope(() => {
    const tape = new Tape(engine, { keepGradients: true });
    const recorder = new Recorder(model, tape);
    const packed = pack(engine, batch.sequences);
    const attend = (_: number, qkv: Variable): Variable => causalAttention(tape, qkv, packed.starts, model.layout);
    const options = recorder.options(0, attend, withoutMean(model));
    const loss = trainingLoss(tape, model, batch, packed, options);
    recorder.name(loss, { name: 'loss', firstToken: null });
    tape.backward(loss, model.parameters);
    return recorder.pass(Array.from(packed.ids), packed.starts);
  });
}

/** One pass over a whole sequence, as `readSequence`. */
export function recordReading(engine: Engine, model: CodeGen, tokens: ArrayLike<number>): RecordedPass {
  return recordGeneration(engine, model, tokens, []);
}

/**
 * A prompt in one pass, then each token after it by itself, as generation with a cache computes them, to the bit. The last of
 * `written` is not read: nothing was written from it.
 */
export function recordGeneration(
  engine: Engine,
  model: CodeGen,
  prompt: ArrayLike<number>,
  written: readonly number[],
): RecordedPass {
  return engine.scope(() => {
    const tape = new Tape(engine);
    const recorder = new Recorder(model, tape);
    const rows = new Map<number, Variable[]>(); // of each layer, one entry a pass
    const taps = tapNames(model.config);
    const pieces = [Array.from(prompt), ...written.slice(0, -1).map((token) => [token])];
    let first = 0;
    for (const piece of pieces) {
      const packed = pack(engine, [piece]);
      const batch = { ...packed, positions: engine.integers(packed.positions.map((position) => position + first)) };
      model.forward(
        tape,
        batch,
        recorder.options(
          first,
          (layer, qkv) => {
            const before = rows.get(layer) ?? [];
            rows.set(layer, [...before, qkv]);
            return before.length === 0
              ? causalAttention(tape, qkv, batch.starts, model.layout)
              : attentionStep(tape, [...before, qkv], model.layout);
          },
          taps,
        ),
      );
      first += piece.length;
    }
    return recorder.pass(pieces.flat(), null);
  });
}

const withoutMean = (model: CodeGen): TapName[] =>
  tapNames(model.config).filter((name) => name !== 'hidden_states.mean');

/** Gives each variable of a tape its name, and takes the tape out of the engine's memory. */
class Recorder {
  readonly #model: CodeGen;
  readonly #tape: Tape;
  readonly #names = new Map<Variable, Named>();

  constructor(model: CodeGen, tape: Tape) {
    this.#model = model;
    this.#tape = tape;
    for (const parameter of model.parameters) this.name(parameter, { name: parameter.name!, firstToken: null });
  }

  /** The first name stays: `h.0` is also `hidden_states.1`. */
  name(variable: Variable, named: Named): void {
    if (!this.#names.has(variable)) this.#names.set(variable, named);
  }

  options(firstToken: number, attend: NonNullable<ForwardOptions['attend']>, taps: readonly TapName[]): ForwardOptions {
    const naming = (name: ActivationName) => (activation: Variable) => {
      this.name(activation, { name, firstToken });
      return undefined;
    };
    return {
      taps: Object.fromEntries(taps.map((name) => [name, naming(name)])) satisfies Taps,
      attend: (layer, qkv) => {
        this.name(qkv, { name: `h.${layer}.attn.rotated`, firstToken });
        return attend(layer, qkv);
      },
    };
  }

  /** What has no name, such as a sum on the way to `hidden_states.mean`, gets that of its op, and a number. */
  #nameOthers(): void {
    let count = 0;
    for (const { op, inputs, output } of this.#tape.nodes) {
      if (this.#names.has(output)) continue;
      const firstToken = inputs.flatMap((input) => (input && this.#names.get(input)?.firstToken) ?? [])[0] ?? null;
      this.name(output, { name: `${op.name}.${++count}`, firstToken });
    }
  }

  pass(tokens: readonly number[], starts: Int32Array | null): RecordedPass {
    this.#nameOthers();
    const copies = new Map<Variable, Variable>();
    const copyOf = (variable: Variable): Variable => {
      const known = copies.get(variable);
      if (known) return known;
      const { value, requiresGradient, gradient, name } = variable;
      const copy = new Variable(copied(value), {
        requiresGradient,
        ...(gradient && { gradient: copied(gradient) }),
        ...(name !== undefined && { name }),
      });
      copies.set(variable, copy);
      return copy;
    };
    const nodes = this.#tape.nodes.map((node) => ({
      op: node.op,
      inputs: node.inputs.map((input) => input && copyOf(input)),
      attributes: copiedFields(node.attributes),
      output: copyOf(node.output),
      saved: copiedFields(node.saved),
    }));
    for (const parameter of this.#model.parameters) copyOf(parameter);
    const variables = new Map(Array.from(this.#names, ([variable, named]) => [copyOf(variable), named]));
    return { nodes, variables, starts: starts?.slice() ?? null, tokens };
  }
}

const copied = (tensor: Tensor): Tensor => new Tensor(tensor.shape, tensor.data.slice());

/** What an op keeps, its arrays and tensors copied. */
function copiedFields(fields: unknown): unknown {
  if (fields === undefined || fields === null) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Tensor ? copied(value) : ArrayBuffer.isView(value) ? (value as FloatArray).slice() : value,
    ]),
  );
}
