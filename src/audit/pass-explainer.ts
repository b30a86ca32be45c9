/** @file Explains the numbers of a recorded pass: each by the op that made it, from its operands. Appendix D. */
import type { Derivation, Node, Source, Variable } from '../autograd/index.ts';
import type { Arithmetic } from '../tensor/exact/index.ts';
import type { RecordedPass } from '../transformer/index.ts';
import { AuditError } from './errors.ts';
import type { Again, Explanation, Operand } from './explanation.ts';
import { recordRoundings } from './roundings.ts';

/** Under which addresses the numbers of a pass are found; each text is what comes before the name. */
export interface PassNaming {
  /** Of a token's activation; `sample` counts the samples of a batch. */
  readonly activation: (sample: number, token: number) => string;
  readonly parameter: string;
  readonly gradientOfActivation: (sample: number, token: number) => string;
  readonly gradientOfParameter: string;
}

interface Location {
  readonly variable: Variable;
  readonly at: number;
}

export class PassExplainer {
  readonly pass: RecordedPass;
  readonly #arithmetic: Arithmetic['name'];
  readonly #naming: PassNaming;
  readonly #makers = new Map<Variable, Node>();
  readonly #users = new Map<Variable, { node: Node; input: number }[]>();
  readonly #byName = new Map<string, Variable[]>();

  constructor(pass: RecordedPass, arithmetic: Arithmetic['name'], naming: PassNaming) {
    this.pass = pass;
    this.#arithmetic = arithmetic;
    this.#naming = naming;
    for (const node of pass.nodes) this.#makers.set(node.output, node);
    for (const node of [...pass.nodes].reverse()) {
      node.inputs.forEach((v, input) => {
        if (v?.requiresGradient) this.#users.set(v, [...(this.#users.get(v) ?? []), { node, input }]);
      });
    }
    for (const [variable, { name }] of pass.variables) {
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), variable]);
    }
  }

  /** Where a number of an activation lies: `sample` of the batch, `token` of that sample. Throws {@link AuditError}. */
  activation(name: string, sample: number, token: number, column: number): Location {
    const first = this.pass.starts?.[sample] ?? 0;
    const end = this.pass.starts ? this.pass.starts[sample + 1] : this.pass.tokens.length;
    if (end === undefined || !(token >= 0 && first + token < end)) {
      throw new AuditError(`audit: there is no token ${token} in sample ${sample} of this pass`);
    }
    for (const variable of this.#byName.get(name) ?? []) {
      const { firstToken } = this.pass.variables.get(variable)!;
      const [rows = 0, width = 0] = variable.value.shape;
      const row = first + token - (firstToken ?? 0);
      if (firstToken === null || row < 0 || row >= rows) continue;
      if (column >= 0 && column < width) return { variable, at: row * width + column };
      throw new AuditError(`audit: ${name} has ${width} numbers, there is no number ${column}`);
    }
    // What block 1 gave is `hidden_states.2` too; only the last hidden state has gone through `ln_f`.
    const [, layer] = /^hidden_states\.([1-9]\d*)$/.exec(name) ?? [];
    if (layer !== undefined) return this.activation(`h.${Number(layer) - 1}`, sample, token, column);
    throw new AuditError(`audit: this pass has no ${name}`);
  }

  /** Where a number of a parameter, or the loss, lies. Throws {@link AuditError}. */
  parameter(name: string, index: readonly number[]): Location {
    const variable = this.#byName.get(name)?.[0];
    if (!variable || this.pass.variables.get(variable)!.firstToken !== null) {
      throw new AuditError(`audit: the model has no parameter ${name}`);
    }
    const { shape } = variable.value;
    if (index.length !== shape.length || index.some((i, axis) => !(i >= 0 && i < shape[axis]!))) {
      throw new AuditError(`audit: ${name} has the shape [${shape.join(', ')}], there is no [${index.join(', ')}]`);
    }
    return { variable, at: index.reduce((sum, i, axis) => sum * shape[axis]! + i, 0) };
  }

  tokenOf(sample: number, token: number): number {
    return this.pass.tokens[(this.pass.starts?.[sample] ?? 0) + token]!;
  }

  valueOf({ variable, at }: Location): number {
    return variable.value.data[at]!;
  }

  /** Throws {@link AuditError} for a parameter: no op of this pass made it. */
  explain({ variable, at }: Location): Explanation {
    const node = this.#makers.get(variable);
    const address = this.#addressOf(variable, at, false);
    if (!node) throw new AuditError(`audit: ${address} was not made by this pass`);
    const derivation = node.op.explain(node, at);
    return {
      address,
      value: variable.value.data[at]!,
      precision: 'float32',
      formula: derivation.formula,
      operands: this.#operandsOf(node, derivation),
      again: this.#again([derivation]),
    };
  }

  /** The gradient of the loss by a number: the sum of what each use of it contributes. Throws {@link AuditError} where there is none. */
  explainGradient({ variable, at }: Location): Explanation {
    const address = this.#addressOf(variable, at, true);
    const value = variable.gradient?.data[at];
    if (value === undefined) throw new AuditError(`audit: there is no ${address}`);
    if (this.pass.variables.get(variable)?.name === 'loss') {
      return { address, value, precision: 'float32', formula: 'the loss by itself', operands: [], again: null };
    }
    const uses = (this.#users.get(variable) ?? []).filter(({ node }) => node.output.gradient !== undefined);
    const derivations = uses.map(({ node, input }) => ({ node, derivation: node.op.explainGradient(node, input, at) }));
    return {
      address,
      value,
      precision: 'float32',
      formula: derivations
        .map(({ node, derivation }) => `${derivation.formula} (of ${this.pass.variables.get(node.output)?.name})`)
        .join(', + '),
      operands: derivations.flatMap(({ node, derivation }) => this.#operandsOf(node, derivation)),
      again: this.#again(derivations.map(({ derivation }) => derivation)),
    };
  }

  #again(derivations: readonly Derivation[]): Again {
    const { engine, roundings, count } = recordRoundings(this.#arithmetic);
    let value: number | undefined;
    for (const { again } of derivations) value = again(engine, value);
    return { value: value!, roundings, count: count() };
  }

  #operandsOf(node: Node, { terms }: Derivation): Operand[] {
    return terms.map(({ source, times, added }) => {
      const own = this.#operandOf(node, source);
      if (!times) return added ? { ...own, part: own.value } : own;
      const { address, name, value } = this.#operandOf(node, times);
      return { ...own, factor: { address, name, value }, part: own.value * value };
    });
  }

  #operandOf(node: Node, source: Source): Operand {
    if ('input' in source) {
      const variable = node.inputs[source.input]!;
      return {
        address: this.#addressOf(variable, source.at, false),
        name: this.pass.variables.get(variable)!.name,
        value: variable.value.data[source.at]!,
      };
    }
    if ('gradient' in source) {
      const { output } = node;
      return {
        address: this.#addressOf(output, source.gradient, true),
        name: `gradient of ${this.pass.variables.get(output)!.name}`,
        value: output.gradient!.data[source.gradient]!,
      };
    }
    return { address: null, name: source.name, value: source.value };
  }

  #addressOf(variable: Variable, at: number, gradient: boolean): string {
    const { name, firstToken } = this.pass.variables.get(variable)!;
    const { shape } = variable.value;
    const naming = this.#naming;
    if (firstToken === null) {
      const index: number[] = [];
      let rest = at;
      for (const size of [...shape].reverse()) {
        index.unshift(rest % size);
        rest = Math.floor(rest / size);
      }
      const place = index.length > 0 ? `[${index.join(',')}]` : '';
      return `${gradient ? naming.gradientOfParameter : naming.parameter}${name}${place}`;
    }
    const width = shape[1]!;
    const row = firstToken + Math.floor(at / width);
    const { starts } = this.pass;
    const sample = starts ? starts.findIndex((_, s) => starts[s + 1]! > row) : 0;
    const token = row - (starts?.[sample] ?? 0);
    const prefix = gradient ? naming.gradientOfActivation(sample, token) : naming.activation(sample, token);
    return `${prefix}${name}[${at % width}]`;
  }
}
