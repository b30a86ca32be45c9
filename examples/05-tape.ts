// Derivatives of a small computation, by hand, by tape, and by differences.
import { gradcheck, linear, mean, parameter, Tape, type Variable } from '../src/autograd/index.ts';
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

/** y = x^2, an op of our own: what it computes, and how a gradient passes back through it. */
function square(tape: Tape, x: Variable, slope = 2): Variable {
  const y = tape.engine.tensor(
    x.value.shape,
    x.value.data.map((value) => value * value),
  );
  const output = tape.output(y, [x]);
  tape.record(output, (dy) => {
    // forward: y = x^2, so dx = 2 x dy
    const { data, accumulate } = tape.gradientOf(x);
    dy.forEach((d, i) => {
      data[i] = (accumulate ? data[i]! : 0) + slope * x.value.data[i]! * d;
    });
  });
  return output;
}

const right = gradcheck((tape, [x]) => square(tape, x!), [[3, 4]]);
console.log(right.checked, right.relativeError < 1e-6); // => 12 true

// The same op with a derivative that is off by one part in a thousand.
const wrong = gradcheck((tape, [x]) => square(tape, x!, 2.002), [[3, 4]]);
console.log(wrong.relativeError.toFixed(4)); // => 0.0010
