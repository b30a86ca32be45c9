/** @file Every op in every mode against central differences. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as autograd from '../../src/autograd/index.ts';
import { add, gradcheck, OPS, scale } from '../../src/autograd/index.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { uniform, values } from '../helpers/numbers.ts';
import { type Build, cases } from './op-cases.ts';

const BOUND = 1e-6;

describe(`derivatives agree with central differences: relative error below ${BOUND}`, () => {
  for (const [op, mode, inputs, build] of cases) {
    test(`${op}: ${mode}`, () => {
      expect(gradcheck(build, inputs).relativeError).toBeLessThan(BOUND);
    });
    // Inputs that are used twice get their second contribution added; a doubled output gets a gradient other than 1.
    test(`${op}: ${mode}, twice`, () => {
      const twice: Build = (tape, inputs) => add(tape, build(tape, inputs), scale(tape, build(tape, inputs), -0.4));
      expect(gradcheck(twice, inputs, { random: uniform(3) }).relativeError).toBeLessThan(BOUND);
    });
    if (inputs.length === 1) continue;
    inputs.forEach((_, only) => {
      test(`${op}: ${mode}, the others constant but input ${only}`, () => {
        const fixed = inputs.map((input) => {
          const shape = input instanceof Tensor ? input.shape : input;
          return new Tensor(
            shape,
            values(
              shape.reduce((a, b) => a * b, 1),
              5,
            ),
          );
        });
        const one: Build = (tape, [v]) =>
          build(
            tape,
            fixed.map((tensor, i) => (i === only ? v! : tape.constant(tensor))),
          );
        expect(gradcheck(one, [inputs[only]!]).relativeError).toBeLessThan(BOUND);
      });
    });
  }
});

test('every exported function that takes a tape is an op of the table above', () => {
  const helpers = [
    ...['Tape', 'Variable', 'parameter', 'gradcheck', 'OPS'],
    'attentionStep', // has no derivative
    ...['AdamW', 'gradientNorm', 'clipScale', 'Muon', 'muonScratch', 'orthogonalize'],
  ];
  const exported = Object.keys(autograd).filter((name) => !helpers.includes(name) && !name.endsWith('Schedule'));
  expect([...new Set(cases.map(([op]) => op))].sort()).toEqual(exported.sort());
});

test('the table of ops has each under its own name', () => {
  expect(Object.values(OPS).map(({ name }) => name)).toEqual(Object.keys(OPS));
});

test('every op that a file of ops/ exports is in the table', async () => {
  const files = readdirSync(new URL('../../src/autograd/ops/', import.meta.url)).filter((name) => name !== 'index.ts');
  const modules = await Promise.all(
    files.map((name) => import(`../../src/autograd/ops/${name.replace('.ts', '')}.ts`)),
  );
  const exported = modules.flatMap((one) => Object.entries(one).filter(([name]) => name.endsWith('Op')));
  expect(exported.map(([, op]) => (op as { name: string }).name).sort()).toEqual(Object.keys(OPS).sort());
});
