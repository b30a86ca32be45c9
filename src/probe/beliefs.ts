/** @file What a probe believes: a probability for each class. Chapter 9. */
import { Tape } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { softmax } from '../transformer/index.ts';
import type { Probe } from './probe.ts';

/** Probabilities [rows, heads x classes] that a probe gives the classes of inputs x [rows, width], batch norm in evaluation mode. */
export function beliefs(engine: Engine, probe: Probe, x: Tensor): Float64Array {
  const { heads, classes } = probe.shape;
  const rows = x.shape[0]!;
  const result = new Float64Array(rows * heads * classes);
  engine.scope(() => {
    const tape = new Tape(engine, { recording: false });
    const { logits } = probe.forward(tape, tape.constant(x), engine.integers(heads * rows), false);
    for (let row = 0; row < rows; row++) {
      for (let head = 0; head < heads; head++) {
        const units = Array.from({ length: classes }, (_, c) => head * classes + c);
        const values = units.map((unit) => logits.data[unit * rows + row]! + probe.bias[unit]!);
        result.set(softmax(values), (row * heads + head) * classes);
      }
    }
  });
  return result;
}
