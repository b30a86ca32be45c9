// Derivatives of a small computation, by hand, by tape, and by differences.
import { gradcheck, linear, mean, type Op, parameter, Tape } from '../src/autograd/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
const weight = parameter(engine, engine.tensor([1, 2], [3, -1]));
const bias = parameter(engine, engine.tensor([1], [0.5]));

// loss = mean of y over two rows, y = x w^T + b
const tape = new Tape(engine);
const x = tape.constant(engine.tensor([2, 2], [1, 2, 5, 7]));
const loss = mean(tape, linear(tape, x, weight, bias));
tape.backward(loss);
console.log(loss.value.data[0]); // => 5
console.log(weight.gradient!.data.join(' '), bias.gradient!.data.join(' ')); // => 3 4.5 1

/** y = x^2, an op of our own: what it computes, how a gradient passes back through it, and why a number is what it is. */
const square: Op<{ readonly slope: number }> = {
  name: 'square',
  forward: (engine, [x]) => {
    const squares = x!.data.map((value) => value * value);
    return { value: engine.tensor(x!.shape, squares), saved: undefined };
  },
  backward: (tape, { inputs: [x], attributes: { slope } }, dy) => {
    // forward: y = x^2, so dx = 2 x dy
    const { data, accumulate } = tape.gradientOf(x!);
    dy.forEach((d, i) => {
      data[i] = (accumulate ? data[i]! : 0) + slope * x!.value.data[i]! * d;
    });
  },
  explain: ({ inputs: [x] }, at) => ({
    formula: 'x x',
    terms: [{ source: { input: 0, at }, times: { input: 0, at } }],
    again: () => x!.value.data[at]! * x!.value.data[at]!,
  }),
  explainGradient: ({ inputs: [x], attributes: { slope }, output }, _, at) => ({
    formula: '2 x dy',
    terms: [{ source: { gradient: at }, times: { input: 0, at } }],
    again: (__, before = 0) => before + slope * x!.value.data[at]! * output.gradient!.data[at]!,
  }),
};

const right = gradcheck((tape, [x]) => tape.apply(square, [x], { slope: 2 }).output, [[3, 4]]);
console.log(right.checked, right.relativeError < 1e-6); // => 12 true

// The same op with a derivative that is off by one part in a thousand.
const wrong = gradcheck((tape, [x]) => tape.apply(square, [x], { slope: 2.002 }).output, [[3, 4]]);
console.log(wrong.relativeError.toFixed(4)); // => 0.0010
