/** @file Numbers that follow from a pass and are kept nowhere: weights of attention, probabilities, beliefs. Appendix D. */
import { believe, inputsOfProbe, type KeptProbe } from '../probe/index.ts';
import { type HeadLayout, qkvOffsets } from '../tensor/kernels.ts';
import { softmax } from '../transformer/index.ts';
import { AuditError } from './errors.ts';
import type { Explanation, Operand } from './explanation.ts';

/** One number of an activation of the sequence that is asked about. */
export type At = (name: string, token: number, column: number) => Operand & { readonly address: string };

/** All of these are computed in Float64. */
type Derived = Omit<Explanation, 'address' | 'precision' | 'again'>;

/** query[token] . key[s] / sqrt(head size): `h.L.attn.scores[head,s]`. Throws {@link AuditError}. */
export function attentionScore(
  at: At,
  layout: HeadLayout,
  layer: number,
  head: number,
  token: number,
  s: number,
): Derived {
  if (!(head >= 0 && head < layout.heads)) throw new AuditError(`audit: there is no head ${head}`);
  if (!(s >= 0 && s <= token)) throw new AuditError(`audit: token ${token} does not see token ${s}`);
  const { query, key } = qkvOffsets(layout, head);
  const name = `h.${layer}.attn.rotated`;
  const operands = Array.from({ length: layout.headSize }, (_, d) =>
    product(at(name, token, query + d), at(name, s, key + d)),
  );
  const value = operands.reduce((sum, { part }) => sum + part, 0) / Math.sqrt(layout.headSize);
  return { value, formula: `query of token ${token} . key of token ${s} / sqrt(${layout.headSize})`, operands };
}

/** How much token reads of token s, softmax of the scores: `h.L.attn.weights[head,s]`. */
export function attentionWeight(
  at: At,
  layout: HeadLayout,
  layer: number,
  head: number,
  token: number,
  s: number,
): Derived {
  const scores = Array.from(
    { length: token + 1 },
    (_, other) => attentionScore(at, layout, layer, head, token, other).value,
  );
  const name = `h.${layer}.attn.scores`;
  const prefix = at(`h.${layer}.attn.rotated`, token, 0).address.replace(/[^/]*$/, '');
  const operands = scores.map((value, other) => ({ address: `${prefix}${name}[${head},${other}]`, name, value }));
  const [own] = operands.splice(s, 1);
  if (!own) throw new AuditError(`audit: token ${token} does not see token ${s}`);
  const value = softmax(scores)[s]!;
  return { value, formula: `exp(score ${s}) / sum of exp(scores) up to token ${token}`, operands: [own, ...operands] };
}

/** Of a token after this one: `probability[v]`. */
export function probability(at: At, vocabulary: number, token: number, v: number): Derived {
  const logits = Array.from({ length: vocabulary }, (_, other) => at('logits', token, other));
  const [own] = logits.splice(v, 1);
  if (!own) throw new AuditError(`audit: there is no token ${v} in a vocabulary of ${vocabulary}`);
  const values = Array.from({ length: vocabulary }, (_, other) => at('logits', token, other).value);
  return {
    value: softmax(values)[v]!,
    formula: `exp(logits[${v}]) / sum over v of exp(logits[v])`,
    operands: [own, ...logits],
  };
}

/** What a linear probe of the hidden states `state` gives for one class of one head before softmax: `evidence/OFFSET/SEMANTICS/FEATURE[unit]`. */
export function evidence(at: At, probe: KeptProbe, state: string, token: number, unit: number): Derived {
  const { length } = probe.mean!;
  if (!(unit >= 0 && unit < probe.bias.length)) throw new AuditError(`audit: the probe has no answer ${unit}`);
  const read = Array.from({ length }, (_, j) => at(state, token, j));
  const inputs = inputsOfProbe(
    probe,
    read.map(({ value }) => value),
  );
  const operands = read.map((one, j) => {
    const weight = probe.weight[unit * length + j]!;
    const factor = { address: null, name: `weight ${j} of the probe`, value: weight };
    return {
      ...one,
      name: `(${one.name}[${j}] - mean) / deviation`,
      value: inputs[j]!,
      factor,
      part: inputs[j]! * weight,
    };
  });
  const bias = { address: null, name: 'bias of the probe', value: probe.bias[unit]! };
  return {
    value: operands.reduce((sum, { part }) => sum + part, bias.value),
    formula: `sum over j of the probe's weight x (${state}[j] - mean) / deviation, + bias`,
    operands: [...operands, bias],
  };
}

/** How sure a linear probe is of a class: `belief/OFFSET/SEMANTICS/FEATURE[unit]`. */
export function belief(at: At, probe: KeptProbe, state: string, token: number, unit: number): Derived {
  const { classes } = probe.shape;
  const first = Math.floor(unit / classes) * classes;
  const prefix = at(state, token, 0).address.replace(/[^/]*$/, '');
  const name = `evidence/${probe.offset}/${probe.semantics}/${probe.feature}`;
  const operands = Array.from({ length: classes }, (_, c) => ({
    address: `${prefix}${name}[${first + c}]`,
    name: `evidence for class ${c}`,
    value: evidence(at, probe, state, token, first + c).value,
  }));
  const [own] = operands.splice(unit - first, 1);
  const read = Array.from({ length: probe.mean!.length }, (_, j) => at(state, token, j).value);
  return {
    value: believe(probe, read)[first / classes]![unit - first]!,
    formula: 'exp(evidence of the class) / sum over classes of exp(evidence)',
    operands: [own!, ...operands],
  };
}

function product(a: Operand, b: Operand) {
  return { ...a, factor: { address: b.address, name: b.name, value: b.value }, part: a.value * b.value };
}
