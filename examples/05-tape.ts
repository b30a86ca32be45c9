// A small computation on a tape: values forwards, gradients backwards, and a value that is used twice.
import { add, crossEntropy, linear, parameter, relu, Tape, type Variable } from '../src/autograd/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
// #region forward
const weight = parameter(engine, engine.tensor([2, 2], [1, 0, 1, -1]), 'w'); // rows (1, 0) and (1, -1)
const tape = new Tape(engine, { keepGradients: true });
const x = tape.constant(engine.tensor([1, 2], [1, 2])); // one row
const h = linear(tape, x, weight); // h = x w^T
const r = relu(tape, h);
const s = add(tape, h, r); // uses h a second time
const { loss } = crossEntropy(tape, s, engine.integers([1])); // code counts from 0: the second word is right
// #endregion

// #region backward
tape.backward(loss);
const numbers = ({ data }: { data: ArrayLike<number> }): string =>
  Array.from(data, (number) => number.toFixed(3)).join(' ');
const variables: Record<string, Variable> = { h, r, s, loss };
for (const [name, { value, gradient }] of Object.entries(variables)) {
  console.log(`${name}: ${numbers(value)}, gradient ${numbers(gradient!)}`);
}
console.log(`w: gradient ${numbers(weight.gradient!)}`);
// =>
// h: 1.000 -1.000, gradient 1.905 -0.953
// r: 1.000 0.000, gradient 0.953 -0.953
// s: 2.000 -1.000, gradient 0.953 -0.953
// loss: 3.049, gradient 1.000
// w: gradient 1.905 3.810 -0.953 -1.905

// The tape itself: which op, from which shapes, to which.
for (const { op, inputs, output } of tape.nodes) {
  console.log(op.name, ...inputs.map((input) => input?.value.shape ?? '-'), '->', output.value.shape);
}
// =>
// linear [ 1, 2 ] [ 2, 2 ] - -> [ 1, 2 ]
// relu [ 1, 2 ] -> [ 1, 2 ]
// add [ 1, 2 ] [ 1, 2 ] -> [ 1, 2 ]
// crossEntropy [ 1, 2 ] -> []

// #endregion

/** What a figure draws. */
export const recorded = {
  tape,
  names: new Map([
    [x, 'x'],
    [weight, 'w'],
    [h, 'h'],
    [r, 'r'],
    [s, 's'],
    [loss, 'loss'],
  ]),
};
