/** @file Muon against singular values that are known, and against a plain implementation in double precision. */
import { describe, expect, test } from 'vitest';
import { Muon, muonScratch, orthogonalize, parameter } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { expectClose } from '../helpers/close.ts';
import { values } from '../helpers/numbers.ts';

const engine = createReferenceEngine('float64');

/** Rows of numbers, for the plain implementations. */
type Matrix = number[][];

const fill = (rows: number, columns: number, value: (i: number, j: number) => number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => value(i, j)));
const random = (rows: number, columns: number, seed: number): Matrix => {
  const numbers = values(rows * columns, seed);
  return fill(rows, columns, (i, j) => numbers[i * columns + j]!);
};
const transposed = (x: Matrix): Matrix => fill(x[0]!.length, x.length, (i, j) => x[j]![i]!);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
const product = (a: Matrix, b: Matrix): Matrix => {
  const columns = transposed(b);
  return fill(a.length, columns.length, (i, j) => dot(a[i]!, columns[j]!));
};
const combined = (a: number, x: Matrix, b: number, y: Matrix): Matrix =>
  fill(x.length, x[0]!.length, (i, j) => a * x[i]![j]! + b * y[i]![j]!);
const norm = (x: Matrix): number => Math.hypot(...x.flat());
const shapeOf = (x: Matrix): [number, number] => [x.length, x[0]!.length];
const tensorOf = (x: Matrix) => engine.tensor(shapeOf(x), x.flat());

/** Rows at right angles to one another and of length 1: Gram and Schmidt, twice, as once leaves rounding errors. */
function orthonormal(rows: number, columns: number, seed: number): Matrix {
  const x = random(rows, columns, seed);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < 2 * i; j++) x[i] = combined(1, [x[i]!], -dot(x[i]!, x[j % i]!), [x[j % i]!])[0]!;
    x[i] = x[i]!.map((each) => each / norm([x[i]!]));
  }
  return x;
}

/** By Jacobi's method: turns pairs of rows until all are at right angles; then their lengths are the singular values. */
function singularValues(matrix: Matrix): number[] {
  const x = (matrix.length > matrix[0]!.length ? transposed(matrix) : matrix).map((row) => [...row]);
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < i; j++) {
        const [p, q] = [x[i]!, x[j]!];
        const angle = Math.atan2(2 * dot(p, q), dot(p, p) - dot(q, q)) / 2;
        x[i] = combined(Math.cos(angle), [p], Math.sin(angle), [q])[0]!;
        x[j] = combined(-Math.sin(angle), [p], Math.cos(angle), [q])[0]!;
      }
    }
  }
  return x.map((row) => norm([row])).sort((a, b) => b - a);
}

/** What five steps of the polynomial make of one singular value. */
const polynomial = (s: number): number =>
  [1, 2, 3, 4, 5].reduce((value) => 3.4445 * value - 4.775 * value ** 3 + 2.0315 * value ** 5, s);

const SHAPES = [
  [6, 6],
  [5, 12],
  [12, 5],
  [1, 7],
] as const;

test('the oracle: singular values of a product of known ones, within 1e-12', () => {
  const stretch = fill(4, 4, (i, j) => (i === j ? [5, 2, 1, 0.25][i]! : 0));
  const x = product(product(transposed(orthonormal(4, 4, 1)), stretch), orthonormal(4, 9, 2));
  expectClose(singularValues(x), [5, 2, 1, 0.25], { absolute: 1e-12 });
});

describe('orthogonalize', () => {
  test.each(SHAPES)('[%i, %i]: keeps the directions and maps each singular value, within 1e-10', (rows, columns) => {
    const side = Math.min(rows, columns);
    const [u, v] = [transposed(orthonormal(side, rows, 3)), orthonormal(side, columns, 4)];
    const stretched = (s: number[]): Matrix =>
      product(
        product(
          u,
          fill(side, side, (i, j) => (i === j ? s[i]! : 0)),
        ),
        v,
      );
    const s = Array.from({ length: side }, (_, i) => 40 / 2 ** i);
    const result = orthogonalize(engine, tensorOf(stretched(s)));
    expect(result.shape).toEqual([rows, columns]);
    const expected = stretched(s.map((each) => polynomial(each / (norm([s]) + 1e-7))));
    expectClose(result.data, expected.flat(), { absolute: 1e-10 });
  });

  test('singular values from a hundredth of the norm to all of it end between 0.68 and 1.14', () => {
    const ends = Array.from({ length: 99_001 }, (_, i) => polynomial(0.01 + i * 1e-5));
    expect(ends.reduce((least, end) => Math.min(least, end))).toBeGreaterThan(0.68);
    expect(ends.reduce((most, end) => Math.max(most, end))).toBeLessThan(1.14);
  });

  test.each([
    [16, 48],
    [48, 16],
    [64, 20],
  ])('a random matrix [%i, %i] comes out with all singular values between 0.68 and 1.14', (rows, columns) => {
    const x = random(rows, columns, 5);
    const before = singularValues(x);
    expect(before[0]! / before.at(-1)!).toBeGreaterThan(2);
    const { data } = orthogonalize(engine, tensorOf(x));
    const after = singularValues(fill(rows, columns, (i, j) => data[i * columns + j]!));
    expect(after[0]).toBeLessThan(1.14);
    expect(after.at(-1)).toBeGreaterThan(0.68);
  });
});

/** Jordan's recipe, transposing what is tall, with Liu's size of the update and AdamW's decay. */
function plainMuon(weight: Matrix, gradients: readonly Matrix[], rate: number, decay: number): Matrix {
  let momentum = combined(0, weight, 0, weight);
  return gradients.reduce((w, gradient) => {
    momentum = combined(0.95, momentum, 1, gradient);
    const update = combined(0.95, momentum, 1, gradient);
    const tall = w.length > w[0]!.length;
    let x = combined(1 / (norm(update) + 1e-7), update, 0, update);
    if (tall) x = transposed(x);
    for (let step = 0; step < 5; step++) {
      const square = product(x, transposed(x));
      x = combined(3.4445, x, 1, product(combined(-4.775, square, 2.0315, product(square, square)), x));
    }
    if (tall) x = transposed(x);
    return combined(1 - rate * decay, w, -rate * 0.2 * Math.sqrt(Math.max(...shapeOf(w))), x);
  }, weight);
}

function trained(weight: Matrix, name = 'w') {
  return parameter(engine, tensorOf(weight), name);
}

describe('Muon', () => {
  test.each(SHAPES)('[%i, %i]: three steps are those of the plain implementation, within 1e-12', (rows, columns) => {
    const weight = random(rows, columns, 6);
    const gradients = [7, 8, 9].map((seed) => random(rows, columns, seed));
    const w = trained(weight);
    const optimizer = new Muon(engine, [w], { weightDecay: 0.1 });
    for (const gradient of gradients) {
      w.gradient!.data.set(gradient.flat());
      optimizer.step(0.05);
    }
    expectClose(w.value.data, plainMuon(weight, gradients, 0.05, 0.1).flat(), { absolute: 1e-12 });
  });

  test('the gradient scale multiplies the gradient, neither the decay nor what is remembered', () => {
    const weight = random(4, 6, 1);
    const [first, second] = [random(4, 6, 2), random(4, 6, 3)];
    const w = trained(weight);
    const optimizer = new Muon(engine, [w], { weightDecay: 0.1 });
    w.gradient!.data.set(first.flat());
    optimizer.step(0.01);
    w.gradient!.data.set(second.flat());
    optimizer.step(0.01, 0.5);
    const halved = combined(0.5, second, 0, second);
    expectClose(w.value.data, plainMuon(weight, [first, halved], 0.01, 0.1).flat(), { absolute: 1e-12 });
  });

  test('an update has the size of an AdamW update: root mean square 0.2 of the learning rate, by a quarter more or less', () => {
    for (const [rows, columns] of [
      [16, 16],
      [16, 64],
      [48, 16],
    ] as const) {
      const w = trained(fill(rows, columns, () => 0));
      w.gradient!.data.set(random(rows, columns, 2).flat());
      new Muon(engine, [w], { weightDecay: 0 }).step(1);
      const size = Math.hypot(...w.value.data) / Math.sqrt(rows * columns);
      expect(size / 0.2).toBeGreaterThan(0.75);
      expect(size / 0.2).toBeLessThan(1.25);
    }
  });

  test('a gradient of zeros moves nothing, and the decay alone shrinks', () => {
    const w = trained(random(2, 3, 1));
    new Muon(engine, [w], { weightDecay: 0.5 }).step(0.1);
    expectClose(
      w.value.data,
      random(2, 3, 1)
        .flat()
        .map((each) => 0.95 * each),
      { absolute: 1e-15 },
    );
  });

  test('continues from a saved momentum to the bit', () => {
    const gradients = [2, 3, 4, 5].map((seed) => values(15, seed));
    const whole = trained(random(5, 3, 1));
    const optimizer = new Muon(engine, [whole], { weightDecay: 0.1 });
    let saved: { weight: number[]; momentum: number[] } | undefined;
    gradients.forEach((gradient, i) => {
      if (i === 2) saved = { weight: [...whole.value.data], momentum: [...optimizer.momentum[0]!.data] };
      whole.gradient!.data.set(gradient);
      optimizer.step(0.01);
    });
    const resumed = parameter(engine, engine.tensor([5, 3], saved!.weight));
    const second = new Muon(engine, [resumed], { weightDecay: 0.1 });
    second.momentum[0]!.data.set(saved!.momentum);
    for (const gradient of gradients.slice(2)) {
      resumed.gradient!.data.set(gradient);
      second.step(0.01);
    }
    expect(resumed.value.data).toEqual(whole.value.data);
  });

  test('a step allocates what muonScratch says, for one parameter after the other', () => {
    for (const shape of [
      [5, 12],
      [12, 5],
    ]) {
      const own = createReferenceEngine('float32');
      const parameters = [shape, [2, 2]].map((each) => parameter(own, own.zeros(each)));
      const optimizer = new Muon(own, parameters, { weightDecay: 0 });
      const { usedBytes } = own.memory();
      optimizer.step(0.1);
      expect(own.memory()).toEqual({ usedBytes, peakBytes: usedBytes + 4 * muonScratch(shape) });
    }
  });

  test('a parameter that is no matrix, or has no gradient, is refused by name', () => {
    const vector = parameter(engine, engine.zeros([3]), 'b');
    expect(() => new Muon(engine, [vector], { weightDecay: 0 })).toThrow('Muon: b [3] is not a matrix');
    const w = trained([[1]]);
    w.gradient = undefined;
    expect(() => new Muon(engine, [w], { weightDecay: 0 }).step(0.1)).toThrow('Muon: parameter w has no gradient');
  });
});
