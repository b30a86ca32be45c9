/** @file The first number in which two recordings of a training step differ, and what it was computed from. Appendix E. */
import type { Derivation, Node, Source } from '../autograd/index.ts';
import { createExactEngine } from '../tensor/exact/index.ts';
import type { FloatArray } from '../tensor/index.ts';
import type { RecordedPass } from '../transformer/index.ts';
import { nameOf } from './judge-ops.ts';
import { differingBits, placeIn } from './verdict.ts';

/** A recording, and whose it is. */
export interface Recorded {
  readonly place: string;
  readonly pass: RecordedPass;
  readonly arithmetic: 'simd' | 'relaxed-simd';
}

const MOST_OPERANDS = 4;

/** In lines; none where all values and gradients are the same. The first difference of the forward pass comes before any backward. */
export function firstDifference(one: Recorded, other: Recorded): string[] {
  const pairs = one.pass.nodes.map((node, i) => [node, other.pass.nodes[i]!] as const);
  for (const [a, b] of pairs) {
    const found = differenceOf(a.output.value.data, b.output.value.data);
    if (found === undefined) continue;
    const name = nameOf(one.pass, a.output);
    if (a.output.value.size !== b.output.value.size) {
      return [`op ${a.op.name}: ${name} has ${a.output.value.size} numbers and ${b.output.value.size}`];
    }
    const what = `op ${a.op.name}, forward: ${name}${placeIn(a.output.value.shape, found)}`;
    return inDetail(
      what,
      [one, other],
      [a, b],
      found,
      ({ output }) => output.value.data,
      (node) => node.op.explain(node, found),
    );
  }
  for (const [a, b] of pairs.reverse()) {
    for (const [input, variable] of a.inputs.entries()) {
      const [x, y] = [variable?.gradient, b.inputs[input]?.gradient];
      const found = x && y && differenceOf(x.data, y.data);
      if (found === undefined) continue;
      const what = `op ${a.op.name}, gradient of ${nameOf(one.pass, variable!)}${placeIn(x!.shape, found)}`;
      return inDetail(
        what,
        [one, other],
        [a, b],
        found,
        ({ inputs }) => inputs[input]!.gradient!.data,
        (node) => node.op.explainGradient(node, input, found),
      );
    }
  }
  return [];
}

const differenceOf = (a: FloatArray, b: FloatArray): number | undefined => differingBits(a, b).first;

/** Both values, the formula, and the operands that differ. */
function inDetail(
  what: string,
  recorded: readonly [Recorded, Recorded],
  nodes: readonly [Node, Node],
  at: number,
  valuesOf: (node: Node) => FloatArray,
  explain: (node: Node) => Derivation,
): string[] {
  const [own, others] = nodes.map(explain) as [Derivation, Derivation];
  const operands = [own, others].map(({ terms }, which) =>
    terms.map(({ source, times }) => {
      const [first, second] = [source, times].map((one) => one && operand(recorded[which]!.pass, nodes[which]!, one));
      return second === undefined ? first! : `${first} x ${second}`;
    }),
  ) as [string[], string[]];
  const longest = Math.max(operands[0].length, operands[1].length);
  const differing = Array.from({ length: longest }, (_, i) => i).filter((i) => operands[0][i] !== operands[1][i]);
  return [
    what,
    ...nodes.map((node, which) => {
      const value = valuesOf(node)[at]!;
      const { place, arithmetic } = recorded[which]!;
      const again =
        valuesOf(node) === node.output.value.data ? explain(node).again(createExactEngine(arithmetic)) : value;
      return `  ${value} in ${place}${Object.is(again, value) ? '' : `, which its operands do not give: ${again}`}`;
    }),
    `  formula: ${own.formula}`,
    ...(differing.length === 0 ? ['  from the same operands'] : []),
    ...differing
      .slice(0, MOST_OPERANDS)
      .map((i) => `  operand ${i}: ${operands[0][i] ?? 'none'} and ${operands[1][i] ?? 'none'}`),
    ...(differing.length > MOST_OPERANDS ? [`  ... ${differing.length} of ${longest} operands differ`] : []),
  ];
}

function operand(pass: RecordedPass, { inputs, output }: Node, source: Source): string {
  if ('name' in source) return `${source.name} = ${source.value}`;
  if ('gradient' in source) {
    const { shape, data } = output.gradient!;
    return `gradient of ${nameOf(pass, output)}${placeIn(shape, source.gradient)} = ${data[source.gradient]}`;
  }
  const { value } = inputs[source.input]!;
  return `${nameOf(pass, inputs[source.input]!)}${placeIn(value.shape, source.at)} = ${value.data[source.at]}`;
}
