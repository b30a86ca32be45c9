/** @file Gradcheck is seen failing. Chapter 5. */
import { describe, expect, test } from 'vitest';
import { add, gradcheck, linear, parameter, relu, scale, type Tape, type Variable } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { Tensor } from '../../src/tensor/tensor.ts';

/** y = x^2, an op as a reader may write it; what it says of its derivative is up to `derivative`. */
function square(
  derivative: (x: number, dy: number, i: number) => number,
): (tape: Tape, inputs: Variable[]) => Variable {
  return (tape, [x]) => {
    const y = tape.engine.tensor(
      x!.value.shape,
      x!.value.data.map((value) => value * value),
    );
    const output = tape.output(y, [x]);
    tape.record(output, (dy) => {
      const { data, accumulate } = tape.gradientOf(x!);
      for (let i = 0; i < data.length; i++) {
        const contribution = derivative(x!.value.data[i]!, dy[i]!, i);
        data[i] = accumulate ? data[i]! + contribution : contribution;
      }
    });
    return output;
  };
}

test('gradcheck: the derivative of x^2 is 2 x, relative error below 1e-9', () => {
  const result = gradcheck(
    square((x, dy) => 2 * x * dy),
    [[3, 4]],
  );
  expect(result.relativeError).toBeLessThan(1e-9);
  expect(result.checked).toBe(12);
});

describe('gradcheck rejects a wrong derivative: relative error above 1e-6', () => {
  const wrong: Record<string, (x: number, dy: number, i: number) => number> = {
    'a factor of 2.0001': (x, dy) => 2.0001 * x * dy,
    'the opposite sign': (x, dy) => -2 * x * dy,
    'dy forgotten': (x) => 2 * x,
    'one element of twelve forgotten': (x, dy, i) => (i === 7 ? 0 : 2 * x * dy),
    'one element not a number': (x, dy, i) => (i === 7 ? NaN : 2 * x * dy),
  };
  for (const [name, derivative] of Object.entries(wrong)) {
    test(name, () => {
      const result = gradcheck(square(derivative), [[3, 4]]);
      expect(result.relativeError).toBeGreaterThan(1e-6);
      if (name.startsWith('one element')) expect(result).toMatchObject({ input: 0, index: 7 });
    });
  }

  test('a derivative that is never recorded', () => {
    const forgotten = (tape: Tape, [x]: Variable[]): Variable => tape.output(x!.value, [x]);
    expect(gradcheck(forgotten, [[2]]).relativeError).toBe(1);
  });

  test('a contribution that is added to what was in the buffer', () => {
    const adds = (tape: Tape, [x]: Variable[]): Variable => {
      const output = tape.output(tape.engine.tensor([2], x!.value.data), [x]);
      tape.record(output, (dy) => tape.engine.kernels.scale(tape.gradientOf(x!).data, dy, 1, true));
      return output;
    };
    expect(gradcheck(adds, [[2]]).relativeError).toBe(Infinity);
  });

  test('a contribution that replaces an earlier one', () => {
    const replaces = (tape: Tape, [x]: Variable[]): Variable => {
      const y = scale(tape, x!, 1);
      tape.record(y, (dy) => tape.engine.kernels.scale(tape.gradientOf(x!).data, dy, 1, false));
      return add(tape, y, x!);
    };
    expect(gradcheck(replaces, [[2]]).relativeError).toBeGreaterThan(0.1);
  });
});

test('gradcheck: a kink within two steps of an input shows', () => {
  const at = (value: number): number =>
    gradcheck((tape, [x]) => relu(tape, x!), [new Tensor([2], Float64Array.of(1, value))]).relativeError;
  expect(at(1e-3)).toBeLessThan(1e-9);
  expect(at(1e-5)).toBeGreaterThan(1e-3);
});

test("gradcheck: a model's own parameters are moved and put back; a sample of the elements can be checked", () => {
  const engine = createReferenceEngine('float64');
  const weight = parameter(
    engine,
    engine.tensor(
      [3, 4],
      Array.from({ length: 12 }, (_, i) => Math.sin(i)),
    ),
    'weight',
  );
  const before = [...weight.value.data];
  const x = engine.tensor([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
  const forward = (tape: Tape): Variable => linear(tape, tape.constant(x), weight);
  const result = gradcheck(forward, [weight], { engine, samples: 5 });
  expect(result.relativeError).toBeLessThan(1e-9);
  expect(result.checked).toBe(5);
  expect([...weight.value.data]).toEqual(before);
});

test('gradcheck refuses single precision', () => {
  const engine = createReferenceEngine('float32');
  expect(() => gradcheck((_, [x]) => x!, [[2]], { engine })).toThrow('needs double precision');
});
