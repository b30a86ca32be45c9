// Is a derivative right? An op of our own, checked by differences, once as it should be and once a little wrong.
import { gradcheck, type Op } from '../src/autograd/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

/** y = x^2. `slope` is the 2 of its derivative, so that we can get it wrong. */
const square: Op<{ readonly slope: number }> = {
  name: 'square',
  forward: (engine, [x]) => {
    const squares = x!.data.map((value) => value * value);
    return { value: engine.tensor(x!.shape, squares), saved: undefined };
  },
  // #region backward
  backward: (tape, { inputs: [x], attributes: { slope } }, dy) => {
    // forward: y = x^2, so dx = 2 x dy
    const { data, accumulate } = tape.gradientOf(x!);
    dy.forEach((d, i) => {
      data[i] = (accumulate ? data[i]! : 0) + slope * x!.value.data[i]! * d;
    });
  },
  // #endregion
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

// #region check
const engine = createReferenceEngine('float64');
const x = engine.tensor([3], [1, 2, 5]);
const right = gradcheck((tape, [x]) => tape.apply(square, [x], { slope: 2 }).output, [x]);
console.log(right.checked, right.relativeError < 1e-6); // => 3 true

// [3, 4] is no tensor but a shape: any numbers will do, here twelve of them in three rows and four columns.
const wrong = gradcheck((tape, [x]) => tape.apply(square, [x], { slope: 2.002 }).output, [[3, 4]]);
console.log(wrong.checked, wrong.relativeError.toFixed(4)); // => 12 0.0010
// #endregion

// #region differences
// What the formula does with f(x) = e^x at 1, whose derivative is e: the plain quotient of two points, and that of four.
const f = (x: number): number => Math.exp(x);
const two = (h: number): number => (f(1 + h) - f(1 - h)) / (2 * h);
const four = (h: number): number => (8 * (f(1 + h) - f(1 - h)) - (f(1 + 2 * h) - f(1 - 2 * h))) / (12 * h);
for (const h of [0.1, 0.01]) {
  const errors = [two(h), four(h)].map((slope) => Math.abs(slope / Math.E - 1).toExponential(0));
  console.log(h, errors.join(' '));
}
// =>
// 0.1 2e-3 3e-6
// 0.01 2e-5 3e-10

// #endregion
