/** @file Which operation made a number, and from what. Chapter 11. */

import { believe, inputsOfProbe, type KeptProbe } from '../probe/index.ts';
import { exponential } from '../tensor/functions/exponential.ts';
import { power, square } from '../tensor/functions/power.ts';
import { cosine, sine } from '../tensor/functions/trigonometry.ts';
import { qkvOffsets } from '../tensor/kernels.ts';
import {
  type ActivationName,
  attentionScores,
  attentionWeights,
  type CodeGen,
  nextTokenProbabilities,
  type Reading,
} from '../transformer/index.ts';
import { type Address, formatAddress } from './address.ts';
import { AuditError } from './errors.ts';

/** One number that went in. Where the operation adds up products, `factor` is what it was multiplied by, and `part` the product. */
export interface Operand {
  /** Null for a number that follows from others of this explanation. */
  readonly address: string | null;
  readonly name: string;
  readonly value: number;
  readonly factor?: { readonly address: string | null; readonly value: number };
  readonly part?: number;
}

export interface Explanation {
  readonly address: string;
  /** As the model has it. */
  readonly value: number;
  /** What the operation is, as an equation. */
  readonly formula: string;
  /** In the order in which they are added, or enter the formula. */
  readonly operands: readonly Operand[];
  /** The same from the operands, in Float64: what the value differs from it by is rounding. */
  readonly computed: number;
}

type Explain = (index: readonly number[], token: number) => Omit<Explanation, 'address'>;

/** Explains numbers of one reading; `probes` may be asked by `belief/<source>/<offset>/<semantics>/<feature>`. */
export function explainer(model: CodeGen, reading: Reading, probes: readonly KeptProbe[] = []) {
  const { n_layer, layer_norm_epsilon: epsilon, rotary_dim } = model.config;
  const { layout } = model;

  const at = (name: string, token: number, i: number): number => {
    const activation = reading.activations.get(name as ActivationName);
    if (!activation || !(token >= 0 && token < reading.tokens.length) || !(i >= 0 && i < activation.width)) {
      throw new AuditError(`audit: there is no ${formatAddress({ token, name, index: [i] })}`);
    }
    return activation.data[token * activation.width + i]!;
  };
  const activation = (name: string, token: number, i: number): Operand => ({
    address: formatAddress({ token, name, index: [i] }),
    name,
    value: at(name, token, i),
  });
  const parameter = (name: string, ...index: number[]): Operand & { readonly address: string } => {
    const { shape, data } = model.parameter(name).value;
    const place = index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
    return { address: formatAddress({ token: null, name, index }), name, value: data[place]! };
  };
  const product = (a: Operand, b: Operand): Operand => ({
    ...a,
    factor: { address: b.address, value: b.value },
    part: a.value * b.value,
  });
  const sum = (operands: readonly Operand[]): number =>
    operands.reduce((total, one) => total + (one.part ?? one.value), 0);

  /** x W^T + b */
  const linear =
    (out: string, input: string, weight: string, bias?: string): Explain =>
    ([i = 0], token) => {
      const width = model.parameter(weight).value.shape[1]!;
      const products = Array.from({ length: width }, (_, j) =>
        product(activation(input, token, j), parameter(weight, i, j)),
      );
      const operands = bias ? [...products, parameter(bias, i)] : products;
      const formula = `sum over j of ${input}[j] x ${weight}[${i},j]${bias ? ` + ${bias}[${i}]` : ''}`;
      return { value: at(out, token, i), formula, operands, computed: sum(operands) };
    };
  /** (x - mean) / sqrt(variance + epsilon) weight + bias */
  const layerNorm =
    (out: string, input: string, module: string): Explain =>
    ([i = 0], token) => {
      const { width } = reading.activations.get(input as ActivationName)!;
      const row = Array.from({ length: width }, (_, j) => at(input, token, j));
      const mean = row.reduce((total, x) => total + x, 0) / width;
      const variance = row.reduce((total, x) => total + square(x - mean), 0) / width;
      const [x, weight, bias] = [
        activation(input, token, i),
        parameter(`${module}.weight`, i),
        parameter(`${module}.bias`, i),
      ];
      const computed = ((x.value - mean) / Math.sqrt(variance + epsilon)) * weight.value + bias.value;
      const derived = (name: string, value: number): Operand => ({ address: null, name, value });
      const operands = [x, derived(`mean of ${input}`, mean), derived(`variance of ${input}`, variance), weight, bias];
      const formula = `(x - mean) / sqrt(variance + ${epsilon}) x ${module}.weight[${i}] + ${module}.bias[${i}]`;
      return { value: at(out, token, i), formula, operands, computed };
    };
  const addition =
    (out: string, formula: string, inputs: readonly string[], scale = 1): Explain =>
    ([i = 0], token) => {
      const operands = inputs.map((name) => activation(name, token, i));
      return { value: at(out, token, i), formula, operands, computed: scale * sum(operands) };
    };

  const rules = new Map<string, Explain>();
  rules.set('hidden_states.0', ([i = 0], token) => {
    const operand = parameter('transformer.wte.weight', reading.tokens[token]!, i);
    const formula = `row ${reading.tokens[token]} of the embedding: the token itself`;
    return { value: at('hidden_states.0', token, i), formula, operands: [operand], computed: operand.value };
  });
  for (let layer = 0; layer < n_layer; layer++) {
    const h = `h.${layer}`;
    const p = `transformer.h.${layer}`;
    const before = `hidden_states.${layer}`;
    rules.set(`${h}.ln_1`, layerNorm(`${h}.ln_1`, before, `${p}.ln_1`));
    rules.set(`${h}.attn.qkv_proj`, linear(`${h}.attn.qkv_proj`, `${h}.ln_1`, `${p}.attn.qkv_proj.weight`));
    rules.set(`${h}.attn.rotated`, rotated(h));
    rules.set(`${h}.attn.scores`, scores(layer));
    rules.set(`${h}.attn.weights`, weights(layer));
    rules.set(`${h}.attn.heads`, heads(layer));
    rules.set(`${h}.attn.out_proj`, linear(`${h}.attn.out_proj`, `${h}.attn.heads`, `${p}.attn.out_proj.weight`));
    rules.set(`${h}.mlp.fc_in`, linear(`${h}.mlp.fc_in`, `${h}.ln_1`, `${p}.mlp.fc_in.weight`, `${p}.mlp.fc_in.bias`));
    rules.set(`${h}.mlp.act`, gelu(h));
    rules.set(
      `${h}.mlp.fc_out`,
      linear(`${h}.mlp.fc_out`, `${h}.mlp.act`, `${p}.mlp.fc_out.weight`, `${p}.mlp.fc_out.bias`),
    );
    const added = `${before} + ${h}.attn.out_proj + ${h}.mlp.fc_out`;
    rules.set(h, addition(h, added, [before, `${h}.attn.out_proj`, `${h}.mlp.fc_out`]));
    if (layer < n_layer - 1)
      rules.set(`hidden_states.${layer + 1}`, addition(`hidden_states.${layer + 1}`, `${h}, as it is`, [h]));
  }
  const last = `hidden_states.${n_layer}`;
  rules.set(last, layerNorm(last, `h.${n_layer - 1}`, 'transformer.ln_f'));
  const all = Array.from({ length: n_layer + 1 }, (_, layer) => `hidden_states.${layer}`);
  rules.set(
    'hidden_states.mean',
    addition('hidden_states.mean', `(${all.join(' + ')}) / ${n_layer + 1}`, all, 1 / (n_layer + 1)),
  );
  rules.set('logits', linear('logits', last, 'lm_head.weight', 'lm_head.bias'));
  rules.set('probability', ([i = 0], token) => {
    const { width } = reading.activations.get('logits')!;
    const operands = Array.from({ length: width }, (_, v) => activation('logits', token, v));
    const probabilities = nextTokenProbabilities(reading, token);
    return {
      value: probabilities[i]!,
      formula: `exp(logits[${i}]) / sum over v of exp(logits[v])`,
      operands,
      computed: probabilities[i]!,
    };
  });
  for (const probe of probes) {
    if (probe.source !== 'trained') continue;
    const name = `${probe.offset}/${probe.semantics}/${probe.feature}`;
    rules.set(`belief/${name}`, belief(probe, name));
    rules.set(`evidence/${name}`, evidence(probe));
  }

  function rotated(h: string): Explain {
    return ([i = 0], token) => {
      const value = at(`${h}.attn.rotated`, token, i);
      const input = `${h}.attn.qkv_proj`;
      const place = placeOf(i);
      if (place.part === 'value' || place.d >= rotary_dim) {
        const operand = activation(input, token, i);
        return { value, formula: `${input}[${i}], not turned`, operands: [operand], computed: operand.value };
      }
      const even = i - (place.d % 2);
      const angle = token / power(10000, (place.d - (place.d % 2)) / rotary_dim);
      const [x, y] = [activation(input, token, even), activation(input, token, even + 1)];
      const first = place.d % 2 === 0;
      const computed = first
        ? x.value * cosine(angle) - y.value * sine(angle)
        : y.value * cosine(angle) + x.value * sine(angle);
      const formula = first ? 'x cos a - y sin a' : 'y cos a + x sin a';
      const turned: Operand = { address: null, name: `angle a: position ${token}`, value: angle };
      return { value, formula, operands: [x, y, turned], computed };
    };
  }

  /** Which part of a row of qkv number i belongs to. */
  function placeOf(i: number): { readonly part: 'query' | 'key' | 'value'; readonly d: number } {
    for (let head = 0; head < layout.heads; head++) {
      for (const [part, offset] of Object.entries(qkvOffsets(layout, head)) as ['query' | 'key' | 'value', number][]) {
        if (i >= offset && i < offset + layout.headSize) return { part, d: i - offset };
      }
    }
    throw new AuditError(`audit: qkv has no number ${i}`);
  }

  function scores(layer: number): Explain {
    return ([head = 0, s = 0], token) => {
      const { query, key } = qkvOffsets(layout, head);
      const name = `h.${layer}.attn.rotated`;
      const operands = Array.from({ length: layout.headSize }, (_, d) =>
        product(activation(name, token, query + d), activation(name, s, key + d)),
      );
      const computed = sum(operands) / Math.sqrt(layout.headSize);
      const formula = `query of token ${token} . key of token ${s} / sqrt(${layout.headSize})`;
      return { value: attentionScores(reading, model, layer, head, token)[s]!, formula, operands, computed };
    };
  }

  function weights(layer: number): Explain {
    return ([head = 0, s = 0], token) => {
      const all = attentionScores(reading, model, layer, head, token);
      const name = `h.${layer}.attn.scores`;
      const operands = Array.from(all, (value, other) => ({
        address: formatAddress({ token, name, index: [head, other] }),
        name: `${name}, of token ${other}`,
        value,
      }));
      const value = attentionWeights(reading, model, layer, head, token)[s]!;
      return { value, formula: `exp(score ${s}) / sum of exp(scores) up to token ${token}`, operands, computed: value };
    };
  }

  function heads(layer: number): Explain {
    return ([i = 0], token) => {
      const head = Math.floor(i / layout.headSize);
      const { value: offset } = qkvOffsets(layout, head);
      const place = offset + (i % layout.headSize);
      const read = attentionWeights(reading, model, layer, head, token);
      const operands = Array.from(read, (weight, s) => ({
        ...product(activation(`h.${layer}.attn.rotated`, s, place), {
          address: formatAddress({ token, name: `h.${layer}.attn.weights`, index: [head, s] }),
          name: '',
          value: weight,
        }),
      }));
      const formula = `sum over tokens s of weight[${head},s] x value of token s`;
      return { value: at(`h.${layer}.attn.heads`, token, i), formula, operands, computed: sum(operands) };
    };
  }

  function gelu(h: string): Explain {
    return ([i = 0], token) => {
      const x = activation(`${h}.mlp.fc_in`, token, i);
      const u = Math.sqrt(2 / Math.PI) * (x.value + 0.044715 * x.value * x.value * x.value);
      const computed = x.value / (1 + exponential(-2 * u)); // (1 + tanh u) / 2 = 1 / (1 + e^-2u)
      const formula = 'x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))';
      return { value: at(`${h}.mlp.act`, token, i), formula, operands: [x], computed };
    };
  }

  function stateOf(token: number): number[] {
    const { width } = reading.activations.get('hidden_states.mean')!;
    return Array.from({ length: width }, (_, j) => at('hidden_states.mean', token, j));
  }

  function belief(probe: KeptProbe, name: string): Explain {
    return ([unit = 0], token) => {
      const { classes } = probe.shape;
      const first = Math.floor(unit / classes) * classes;
      const operands = Array.from({ length: classes }, (_, c) => {
        const { value } = evidence(probe)([first + c], token);
        return {
          address: formatAddress({ token, name: `evidence/${name}`, index: [first + c] }),
          name: `evidence for class ${c}`,
          value,
        };
      });
      const value = believe(probe, stateOf(token))[first / classes]![unit - first]!;
      return {
        value,
        formula: 'exp(evidence of the class) / sum over classes of exp(evidence)',
        operands,
        computed: value,
      };
    };
  }

  function evidence(probe: KeptProbe): Explain {
    return ([unit = 0], token) => {
      const inputs = inputsOfProbe(probe, stateOf(token));
      const operands = Array.from(inputs, (x, j): Operand => {
        const weight = probe.weight[unit * inputs.length + j]!;
        return {
          ...activation('hidden_states.mean', token, j),
          value: x,
          factor: { address: null, value: weight },
          part: x * weight,
        };
      });
      const bias: Operand = { address: null, name: 'bias of the probe', value: probe.bias[unit]! };
      const computed = sum([...operands, bias]);
      const formula = 'sum over j of the probe’s weight x (hidden_states.mean[j] - mean) / deviation + bias';
      return { value: computed, formula, operands: [...operands, bias], computed };
    };
  }

  return {
    /** Throws {@link AuditError} for an address that this reading does not have. A parameter is where an explanation ends. */
    explain(address: Address): Explanation {
      const text = formatAddress(address);
      if (address.token === null) {
        const { value } = parameter(address.name, ...address.index);
        if (value === undefined) throw new AuditError(`audit: there is no ${text}`);
        return { address: text, value, formula: 'a parameter: training made it', operands: [], computed: value };
      }
      const rule = rules.get(address.name);
      if (!rule) throw new AuditError(`audit: there is no ${text}`);
      return { address: text, ...rule(address.index, address.token) };
    },
  };
}
