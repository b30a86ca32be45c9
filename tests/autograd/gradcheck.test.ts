/** @file Gradcheck is seen failing. */
import { describe, expect, test } from 'vitest';
import {
  add,
  type BackwardPass,
  gradcheck,
  linear,
  type Op,
  parameter,
  relu,
  type Tape,
  type Variable,
} from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { type FloatArray, Tensor } from '../../src/tensor/tensor.ts';

/** An op of one input as a reader may write it, without an explanation; what it passes back is up to `backward`. */
function applied(
  forward: (x: number) => number,
  backward: (tape: BackwardPass, x: Variable, dy: FloatArray) => void,
): (tape: Tape, inputs: Variable[]) => Variable {
  const unexplained = (): never => {
    throw new Error('not explained');
  };
  const op: Op<object> = {
    name: 'test',
    forward: (engine, [x]) => ({ value: engine.tensor(x!.shape, x!.data.map(forward)), saved: undefined }),
    backward: (tape, { inputs: [x] }, dy) => backward(tape, x!, dy),
    explain: unexplained,
    explainGradient: unexplained,
  };
  return (tape, [x]) => tape.apply(op, [x], {}).output;
}

/** y = x^2; what it says of its derivative is up to `derivative`. */
function square(
  derivative: (x: number, dy: number, i: number) => number,
): (tape: Tape, inputs: Variable[]) => Variable {
  return applied(
    (x) => x * x,
    (tape, x, dy) => {
      const { data, accumulate } = tape.gradientOf(x);
      for (let i = 0; i < data.length; i++) {
        const contribution = derivative(x.value.data[i]!, dy[i]!, i);
        data[i] = accumulate ? data[i]! + contribution : contribution;
      }
    },
  );
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

  test('a derivative that is never passed back', () => {
    const forgotten = applied(
      (x) => x,
      () => {},
    );
    expect(gradcheck(forgotten, [[2]]).relativeError).toBe(1);
  });

  test('a contribution that is added to what was in the buffer', () => {
    const adds = applied(
      (x) => x,
      (tape, x, dy) => tape.engine.kernels.scale(tape.gradientOf(x).data, dy, 1, true),
    );
    expect(gradcheck(adds, [[2]]).relativeError).toBe(Infinity);
  });

  test('a contribution that replaces an earlier one', () => {
    const replacing = applied(
      (x) => x,
      (tape, x, dy) => tape.engine.kernels.scale(tape.gradientOf(x).data, dy, 1, false),
    );
    const replaces = (tape: Tape, [x]: Variable[]): Variable => add(tape, replacing(tape, [x!]), x!);
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
