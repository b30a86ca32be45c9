// The derivative of x^3 by gradcheck, right and with a factor that is wrong.
import { gradcheck, type Op } from '../../src/autograd/index.ts';

function cube(factor: number): Op<object> {
  return {
    name: 'cube',
    forward: (engine, [x]) => ({
      value: engine.tensor(
        x!.shape,
        x!.data.map((v) => v * v * v),
      ),
      saved: undefined,
    }),
    backward: (tape, { inputs: [x] }, dy) => {
      // forward: y = x^3, so dx = 3 x^2 dy
      const { data, accumulate } = tape.gradientOf(x!);
      dy.forEach((d, i) => {
        data[i] = (accumulate ? data[i]! : 0) + factor * x!.value.data[i]! ** 2 * d;
      });
    },
    explain: ({ inputs: [x] }, at) => ({
      formula: 'x x x',
      terms: [{ source: { input: 0, at } }],
      again: () => x!.value.data[at]! ** 3,
    }),
    explainGradient: ({ inputs: [x], output }, _, at) => ({
      formula: '3 x^2 dy',
      terms: [{ source: { gradient: at } }, { source: { input: 0, at } }],
      again: (__, before = 0) => before + factor * x!.value.data[at]! ** 2 * output.gradient!.data[at]!,
    }),
  };
}

for (const factor of [3, 2]) {
  const { relativeError } = gradcheck((tape, [x]) => tape.apply(cube(factor), [x], {}).output, [[3, 4]]);
  console.log(factor, relativeError < 1e-6 ? 'right' : `off by ${relativeError.toFixed(2)}`);
}
// =>
// 3 right
// 2 off by 0.33
