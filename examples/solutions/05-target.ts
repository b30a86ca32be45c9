// The tape of chapter 5 with the other word as the right one.
import { add, crossEntropy, linear, parameter, relu, Tape } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
const weight = parameter(engine, engine.tensor([2, 2], [1, 0, 1, -1]));
const tape = new Tape(engine);
const h = linear(tape, tape.constant(engine.tensor([1, 2], [1, 2])), weight);
const { loss } = crossEntropy(tape, add(tape, h, relu(tape, h)), engine.integers([0]));
tape.backward(loss);
console.log(loss.value.data[0]!.toFixed(3)); // => 0.049
console.log(Array.from(weight.gradient!.data, (d) => d.toFixed(3)).join(' ')); // => -0.095 -0.190 0.047 0.095
