/** @file What a probe answers, pair by pair. Chapter 9. */
import { Tape } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { FloatArray, Tensor } from '../tensor/tensor.ts';
import type { Probe } from './probe.ts';

/** Inputs [pairs, width] in the engine's memory and their classes [pairs, heads]. */
export interface ProbeData {
  readonly x: Tensor;
  readonly labels: Int32Array;
}

export interface ProbeScore {
  /** Share of the pairs for which all heads are right. */
  readonly accuracy: number;
  /** In bits a pair, heads summed. */
  readonly crossEntropy: number;
  /** 1 for each pair for which all heads are right, else 0. [pairs] */
  readonly right: Uint8Array;
  /** Cross-entropy of each pair in bits, heads summed. [pairs] */
  readonly bits: Float64Array;
}

/** Of a probe that was kept at its best moment on validation. */
export interface ValidatedScore extends ProbeScore {
  /** On validation pairs, at that moment, in bits a pair, heads summed. */
  readonly validationCrossEntropy: number;
  /** See `TrainedProbe`. */
  readonly converged: boolean;
  /** Of a linear probe: [heads x classes, width] and [heads x classes]. */
  readonly linear: { readonly weight: FloatArray; readonly bias: FloatArray } | null;
}

/** Rows of one forward pass when a probe is tested: what is computed for them fits the second-level cache. */
const TEST_ROWS = 512;

/** Answers of a batch: logits [heads x classes, rows], losses in nats [heads x rows] and targets, head after head. */
interface Answers {
  readonly first: number;
  readonly rows: number;
  readonly logits: FloatArray;
  readonly losses: FloatArray;
  readonly targets: Int32Array;
}

/** Accuracy and cross-entropy, batch norm in evaluation mode. Not a number if there are no pairs. */
export function testProbe(engine: Engine, probe: Probe, data: ProbeData): ProbeScore {
  const { heads, classes } = probe.shape;
  const pairs = data.x.shape[0]!;
  const right = new Uint8Array(pairs);
  const bits = new Float64Array(pairs);
  const crossEntropy = crossEntropyOf(engine, probe, data, ({ first, rows, logits, losses, targets }) => {
    for (let row = 0; row < rows; row++) {
      right[first + row] = 1;
      for (let head = 0; head < heads; head++) {
        const answer = answerOf(logits, probe.bias, head, classes, row, rows);
        if (answer !== targets[head * rows + row]) right[first + row] = 0;
        bits[first + row]! += losses[head * rows + row]! / Math.LN2;
      }
    }
  });
  return { accuracy: right.reduce((sum, one) => sum + one, 0) / pairs, crossEntropy, right, bits };
}

/** In bits a pair, heads summed; `look` is shown the answers of each batch. */
export function crossEntropyOf(
  engine: Engine,
  probe: Probe,
  { x, labels }: ProbeData,
  look?: (answers: Answers) => void,
): number {
  const { heads } = probe.shape;
  const pairs = x.shape[0]!;
  let nats = 0;
  for (let first = 0; first < pairs; first += TEST_ROWS) {
    engine.scope(() => {
      const rows = Math.min(TEST_ROWS, pairs - first);
      const targets = engine.integers(heads * rows);
      putTargets(targets, labels, heads, rows, (row) => first + row);
      const tape = new Tape(engine, { recording: false });
      const { losses, logits } = probe.forward(tape, tape.constant(x.rows(first, first + rows)), targets, false);
      for (const loss of losses.data) nats += loss;
      look?.({ first, rows, logits: logits.data, losses: losses.data, targets });
    });
  }
  return nats / Math.LN2 / pairs;
}

/** targets [heads x rows] = the labels [pairs, heads] of these pairs, head after head. */
export function putTargets(
  targets: Int32Array,
  labels: Int32Array,
  heads: number,
  rows: number,
  pairOf: (row: number) => number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) targets[head * rows + row] = labels[pairOf(row) * heads + head]!;
  }
}

/** The class with the largest logit, the first of equals. */
function answerOf(
  logits: FloatArray,
  bias: FloatArray,
  head: number,
  classes: number,
  row: number,
  rows: number,
): number {
  const logit = (c: number): number => logits[(head * classes + c) * rows + row]! + bias[head * classes + c]!;
  let best = 0;
  for (let c = 1; c < classes; c++) if (logit(c) > logit(best)) best = c;
  return best;
}
