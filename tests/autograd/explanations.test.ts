/** @file Every op in every mode explains each of its numbers. */
import { setFlagsFromString } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { add, type Node, parameter, type Source, scale, sum, Tape, type Variable } from '../../src/autograd/index.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createExactEngine } from '../../src/tensor/exact/index.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { type Shape, sizeOf } from '../../src/tensor/shape.ts';
import { Tensor } from '../../src/tensor/tensor.ts';
import { values } from '../helpers/numbers.ts';
import { type Build, cases } from './op-cases.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20 has it behind a flag

/** A tape with gradients of a case, each input used twice. */
function taped(engine: Engine, build: Build, inputs: readonly (Shape | Tensor)[]): Tape {
  const variables = inputs.map((input, i) => {
    const shape = input instanceof Tensor ? input.shape : input;
    return parameter(engine, engine.tensor(shape, input instanceof Tensor ? input.data : values(sizeOf(shape), i + 2)));
  });
  const tape = new Tape(engine, { keepGradients: true });
  const y = add(tape, build(tape, variables), scale(tape, build(tape, variables), -0.4));
  tape.backward(sum(tape, y), variables);
  return tape;
}

function numberOf(source: Source, node: Node): number {
  if ('input' in source) return node.inputs[source.input]!.value.data[source.at]!;
  if ('gradient' in source) return node.output.gradient!.data[source.gradient]!;
  return source.value;
}

describe('each element of an output, and of a gradient after all contributions, is found again by itself, to 1e-12', () => {
  const engine = createReferenceEngine('float64');
  for (const [op, mode, inputs, build] of cases) {
    test(`${op}: ${mode}`, () => {
      const { nodes } = taped(engine, build, inputs);
      const close = (value: number, found: number): void => {
        expect(Math.abs(value - found)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
      };
      for (const node of nodes) {
        node.output.value.data.forEach((value, at) => {
          const derivation = node.op.explain(node, at);
          close(value, derivation.again(engine));
          for (const { source, times } of derivation.terms) {
            for (const one of [source, times]) if (one) expect(numberOf(one, node)).not.toBeNaN();
          }
        });
      }
      for (const [v, contributions] of contributionsTo(nodes)) {
        v.gradient!.data.forEach((value, at) => {
          let sum: number | undefined;
          for (const { node, input } of contributions)
            sum = node.op.explainGradient(node, input, at).again(engine, sum);
          close(value, sum!);
        });
      }
    });
  }
});

describe('where an op adds up products, they add up to the number, to 1e-9', () => {
  const engine = createReferenceEngine('float64');
  const sums = ['linear', 'matmul', 'causalAttention', 'add', 'add3', 'scale', 'scaledSum', 'embedding'];
  for (const [op, mode, inputs, build] of cases) {
    test(`${op}: ${mode}`, () => {
      const { nodes } = taped(engine, build, inputs);
      for (const node of nodes.filter(({ op }) => sums.includes(op.name))) {
        const total = (terms: ReturnType<Node['op']['explain']>['terms']): number =>
          terms.reduce(
            (all, { source, times }) => all + numberOf(source, node) * (times ? numberOf(times, node) : 1),
            0,
          );
        node.output.value.data.forEach((value, at) => {
          expect(Math.abs(value - total(node.op.explain(node, at).terms))).toBeLessThan(1e-9);
        });
        if (node.op.name === 'causalAttention') continue; // the gradients of queries and keys are no plain sums
        node.inputs.forEach((v, input) => {
          v?.value.data.forEach((_, at) => {
            if (!v.requiresGradient) return;
            const { terms, again } = node.op.explainGradient(node, input, at);
            expect(Math.abs(again(engine) - total(terms))).toBeLessThan(1e-9);
          });
        });
      }
    });
  }
});

/** Which uses add to the gradient of each variable, in the order in which `backward` asks them. */
function contributionsTo(nodes: readonly Node[]): Map<Variable, { node: Node; input: number }[]> {
  const found = new Map<Variable, { node: Node; input: number }[]>();
  for (const node of [...nodes].reverse()) {
    if (!node.output.gradient) continue;
    node.inputs.forEach((v, input) => {
      if (v?.requiresGradient) found.set(v, [...(found.get(v) ?? []), { node, input }]);
    });
  }
  return found;
}

describe('an element by itself has the bits that the fast kernels gave it among all others', () => {
  for (const arithmetic of ['simd', 'relaxed-simd'] as const) {
    for (const [op, mode, inputs, build] of cases) {
      test(`${arithmetic}, ${op}: ${mode}`, async () => {
        const fast = await createEngine({ arithmetic });
        const exact = createExactEngine(arithmetic);
        const { nodes } = taped(fast, build, inputs);
        const wrong: string[] = [];
        for (const node of nodes) {
          node.output.value.data.forEach((value, at) => {
            const again = node.op.explain(node, at).again(exact);
            if (!Object.is(again, value)) wrong.push(`${node.op.name}[${at}]: ${again}, not ${value}`);
          });
        }
        for (const [v, contributions] of contributionsTo(nodes)) {
          v.gradient!.data.forEach((value, at) => {
            let sum: number | undefined;
            for (const { node, input } of contributions)
              sum = node.op.explainGradient(node, input, at).again(exact, sum);
            const by = contributions.map(({ node, input }) => `${node.op.name} ${input}`).join(', ');
            if (!Object.is(sum, value)) wrong.push(`gradient by ${by} [${at}]: ${sum}, not ${value}`);
          });
        }
        await fast.close();
        expect(wrong).toEqual([]);
      });
    }
  }
});
