/** @file Explains the numbers of one sequence that a model reads or writes: `token 34/h.2.mlp.act[17]`. Appendix D. */
import type { KeptProbe } from '../probe/index.ts';
import type { Arithmetic } from '../tensor/exact/index.ts';
import type { CodeGen, RecordedPass } from '../transformer/index.ts';
import { type At, attentionScore, attentionWeight, belief, evidence, probability } from './derived.ts';
import { AuditError } from './errors.ts';
import type { Explanation } from './explanation.ts';
import { PassExplainer } from './pass-explainer.ts';

export interface SequenceOptions {
  readonly arithmetic: Arithmetic['name'];
  /** What stands before `token T/` in an address, and before a parameter's name. */
  readonly prefix?: string;
  readonly parameterPrefix?: string;
  /** Linear probes that may be asked, and the hidden states that they read. */
  readonly probes?: readonly KeptProbe[];
  readonly state?: string;
  /** Tokens that the model wrote after the prompt; the last of them was not read. */
  readonly written?: readonly number[];
}

export class SequenceExplainer {
  readonly #pass: PassExplainer;
  readonly #prefix: string;
  readonly #probes: readonly KeptProbe[];
  readonly #state: string;
  /** Of the prompt and what was written. */
  readonly tokens: readonly number[];
  readonly model: CodeGen;

  constructor(model: CodeGen, pass: RecordedPass, options: SequenceOptions) {
    const {
      arithmetic,
      prefix = '',
      parameterPrefix = '',
      probes = [],
      state = 'hidden_states.mean',
      written = [],
    } = options;
    this.model = model;
    this.#prefix = prefix;
    this.#probes = probes.filter(({ source }) => source === 'trained');
    this.#state = state;
    this.tokens = [...pass.tokens, ...written.slice(-1)];
    this.#pass = new PassExplainer(pass, arithmetic, {
      activation: (_, token) => `${prefix}token ${token}/`,
      parameter: parameterPrefix,
      // no gradients: nothing was trained on it
      gradientOfActivation: () => '',
      gradientOfParameter: '',
    });
  }

  /** A number that the model has computed. Throws {@link AuditError}. */
  at: At = (name, token, column) => ({
    address: `${this.#prefix}token ${token}/${name}[${column}]`,
    name,
    value: this.#pass.valueOf(this.#pass.activation(name, 0, token, column)),
  });

  /** Throws {@link AuditError} for a number that this sequence does not have. */
  explain(name: string, token: number, index: readonly number[]): Explanation {
    const [first = 0, second = 0] = index;
    const derived = this.#derived(name, token, first, second);
    const address = `${this.#prefix}token ${token}/${name}[${index.join(',')}]`;
    if (derived) return { address, precision: 'float64', again: null, ...derived };
    const found = this.#pass.explain(this.#pass.activation(name, 0, token, first));
    return {
      ...found,
      address,
      operands: found.operands.map((operand) => this.#weighted(operand, name, token, first)),
    };
  }

  /** By `token 34/h.2.mlp.act[17]`, or a parameter's `lm_head.weight[21,3]`: there a sequence's explanations end. Throws {@link AuditError}. */
  explainAddress(address: string): Explanation {
    const found = /^(?:token (?<token>\d+)\/)?(?<name>[\w./=,+-]+)\[(?<index>\d+(?:,\d+)*)\]$/.exec(
      address.trim(),
    )?.groups;
    if (!found) throw new AuditError(`address: ${JSON.stringify(address)}, expected such as token 34/logits[21]`);
    const index = found['index']!.split(',').map(Number);
    const name = found['name']!;
    if (found['token'] !== undefined) return this.explain(name, Number(found['token']), index);
    const value = this.#pass.valueOf(this.#pass.parameter(name, index));
    return {
      address,
      value,
      precision: 'float32',
      formula: 'a parameter: training made it',
      operands: [],
      again: null,
    };
  }

  #derived(name: string, token: number, first: number, second: number) {
    const { layout, config } = this.model;
    const [, layer, part] = /^h\.(\d+)\.attn\.(scores|weights)$/.exec(name) ?? [];
    if (layer !== undefined) {
      const rule = part === 'scores' ? attentionScore : attentionWeight;
      return rule(this.at, layout, Number(layer), first, token, second);
    }
    if (name === 'probability') return probability(this.at, config.vocab_size, token, first);
    const [, kind, offset, semantics, feature] = /^(belief|evidence)\/(-?\d+)\/([^/]+)\/(\w+)$/.exec(name) ?? [];
    if (kind === undefined) return undefined;
    const probe = this.#probes.find(
      (one) => one.offset === Number(offset) && one.semantics === semantics && one.feature === feature,
    );
    if (!probe)
      throw new AuditError(`audit: no linear probe of ${feature} at offset ${offset} under ${semantics} was kept`);
    return (kind === 'belief' ? belief : evidence)(this.at, probe, this.#state, token, first);
  }

  /** Attention's weights are known by addresses of their own. */
  #weighted(operand: Explanation['operands'][number], name: string, token: number, column: number) {
    const { factor } = operand;
    const [, s] = /^weight\[(\d+)\]$/.exec(factor?.name ?? '') ?? [];
    if (!factor || s === undefined || !name.endsWith('.attn.heads')) return operand;
    const head = Math.floor(column / this.model.layout.headSize);
    const address = `${this.#prefix}token ${token}/${name.replace(/heads$/, 'weights')}[${head},${s}]`;
    return { ...operand, factor: { ...factor, address } };
  }
}
