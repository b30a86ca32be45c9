// y = e^x as an op, and its check.
import { gradcheck, type Op } from '../../src/autograd/index.ts';

const exponential: Op<null> = {
  // #region op
  name: 'exponential',
  forward: (engine, [x]) => ({ value: engine.tensor(x!.shape, x!.data.map(Math.exp)), saved: undefined }),
  backward: (tape, { inputs: [x], output }, dy) => {
    // forward: y = e^x, so dx = y dy
    const { data, accumulate } = tape.gradientOf(x!);
    dy.forEach((d, i) => {
      data[i] = (accumulate ? data[i]! : 0) + output.value.data[i]! * d;
    });
  },
  // #endregion
  explain: ({ inputs: [x] }, at) => ({
    formula: 'e^x',
    terms: [{ source: { input: 0, at } }],
    again: () => Math.exp(x!.value.data[at]!),
  }),
  explainGradient: ({ output }, _, at) => ({
    formula: 'y dy',
    terms: [{ source: { gradient: at }, times: { name: 'y', value: output.value.data[at]! } }],
    again: (__, before = 0) => before + output.value.data[at]! * output.gradient!.data[at]!,
  }),
};

const { checked, relativeError } = gradcheck((tape, [x]) => tape.apply(exponential, [x], null).output, [[3, 4]]);
console.log(checked, relativeError < 1e-6); // => 12 true
