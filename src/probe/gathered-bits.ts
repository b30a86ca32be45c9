/** @file Bits of test pairs at one offset, means over probe seeds, summed up by program. Chapter 12. */
import { bestRecord } from './best-record.ts';
import type { ActionsLeft, Asked } from './contrasts.ts';
import { type FeatureName, jointClasses } from './features.ts';
import type { Scored } from './outcome.ts';
import { columnOf, type Sums } from './shares.ts';
import { PROBED_SOURCES, type Source } from './sources.ts';
import { hiddenRows, type Pairs } from './traces.ts';

/** Of one feature under one semantics by one depth of probe. */
interface Answer {
  readonly hiddenLayers: number;
  readonly semantics: string;
  readonly feature: FeatureName;
  /** What each test pair's label is. [pairs] */
  readonly classes: Int32Array;
  /** Bits of each test pair by the class frequencies of train; the control task has its own. [pairs] */
  readonly frequencies: Float64Array;
  readonly controlFrequencies: Float64Array | null;
  /** How many probe seeds have answered, and the bits of each test pair, means over them. [pairs] */
  seeds: number;
  readonly bits: Map<Source, Float64Array>;
  /** Sources of which a probe was stopped before its end. */
  readonly stopped: Set<Source>;
}

/** Bits that a source, or the class frequencies, leave of one feature. [pairs] */
interface BitColumn {
  readonly name: string;
  readonly feature: FeatureName;
  readonly of: Parameters<typeof columnOf>[2];
  readonly bits: Float64Array;
}

export class GatheredBits implements Asked {
  readonly #lengths: readonly number[];
  readonly #answers = new Map<string, Answer>();
  #pairs: Pairs | undefined;

  /** `lengths` are those of the programs of the test traces, in actions. */
  constructor(lengths: readonly number[]) {
    this.#lengths = lengths;
  }

  /** All questions must be about the same pairs, and the probe seeds of a question have the same sources. */
  add({ question, pairs, labels, shape, scores, frequencies, controlFrequencies }: Scored): void {
    const { feature, semantics, hiddenLayers } = question;
    this.#pairs = pairs.test;
    const key = `${hiddenLayers}/${semantics}/${feature}`;
    const answer = this.#answers.get(key) ?? {
      ...{ hiddenLayers, semantics, feature, frequencies, controlFrequencies },
      classes: jointClasses(labels.test, shape),
      seeds: 0,
      bits: new Map<Source, Float64Array>(),
      stopped: new Set<Source>(),
    };
    this.#answers.set(key, answer);
    answer.seeds++;
    const found = [
      ...PROBED_SOURCES.map((source) => [source, scores[source]] as const),
      ['record', bestRecord(scores, false)] as const,
      ['record+action', bestRecord(scores, true)] as const,
    ];
    for (const [source, score] of found) {
      if (!score) continue;
      const mean = answer.bits.get(source) ?? new Float64Array(score.bits.length);
      answer.bits.set(source, mean);
      if (!score.converged) answer.stopped.add(source);
      score.bits.forEach((bits, pair) => {
        mean[pair]! += (bits - mean[pair]!) / answer.seeds;
      });
    }
  }

  get semantics(): string[] {
    return [...new Set([...this.#answers.values()].map((answer) => answer.semantics))];
  }

  /** Whether the probes of all seeds were trained to their end. */
  readonly converged: Asked['converged'] = (hiddenLayers, semantics, feature, source) =>
    !this.#answers.get(`${hiddenLayers}/${semantics}/${feature}`)?.stopped.has(source);

  /** For each program that has such pairs, their bits. */
  sums(hiddenLayers: 0 | 1, actionsLeft: ActionsLeft): Sums[] {
    const belongs = (pair: number): boolean => {
      const left = this.#pairs!.left[pair]!;
      return actionsLeft === 'all' || actionsLeft === (left > 2 ? '3+' : String(left));
    };
    return this.#sumsOf(this.#columns(hiddenLayers), belongs);
  }

  /** 1 for each test pair of which the labels of a feature under two semantics differ, else 0; undefined where one was not asked. [pairs] */
  differing(feature: FeatureName, semantics: string, other: string): Uint8Array | undefined {
    const answers = [...this.#answers.values()].filter((answer) => answer.feature === feature);
    const [own, against] = [semantics, other].map((name) => answers.find((answer) => answer.semantics === name));
    return own && against && Uint8Array.from(own.classes, (label, pair) => (label === against.classes[pair] ? 0 : 1));
  }

  /**
   * For each program that has a pair in any of `parts`, its bits: those of a feature are of the pairs that its part marks with
   * 1, and of a feature without a part there are none. Of these sources alone.
   */
  sumsWhere(
    hiddenLayers: 0 | 1,
    parts: ReadonlyMap<FeatureName, Uint8Array>,
    sources: readonly (Source | 'frequencies')[],
  ): Sums[] {
    const columns = this.#columns(hiddenLayers).flatMap((column) => {
      const part = parts.get(column.feature);
      if (!part || !sources.includes(column.of as Source)) return [];
      return [{ ...column, bits: column.bits.map((bits, pair) => (part[pair] ? bits : 0)) }];
    });
    return this.#sumsOf(columns, (pair) => [...parts.values()].some((part) => part[pair]));
  }

  /** For each program, how many of its pairs are marked with 1; programs without any are left out. */
  countByProgram(part: Uint8Array): number[] {
    const counts = new Map<number, number>();
    const { program } = hiddenRows(this.#lengths);
    this.#pairs?.hidden.forEach((row, pair) => {
      if (part[pair]) counts.set(program[row]!, (counts.get(program[row]!) ?? 0) + 1);
    });
    return [...counts.values()];
  }

  #sumsOf(columns: readonly BitColumn[], belongs: (pair: number) => boolean): Sums[] {
    if (columns.length === 0) return [];
    const rows = hiddenRows(this.#lengths);
    const programs = new Map<number, Record<string, number>>();
    this.#pairs?.hidden.forEach((row, pair) => {
      const program = rows.program[row]!;
      if (!belongs(pair)) return;
      const sums = programs.get(program) ?? Object.fromEntries(columns.map(({ name }) => [name, 0]));
      programs.set(program, sums);
      for (const { name, bits } of columns) sums[name]! += bits[pair]!;
    });
    return [...programs.values()];
  }

  #columns(hiddenLayers: 0 | 1): BitColumn[] {
    return [...this.#answers.values()]
      .filter((answer) => answer.hiddenLayers === hiddenLayers)
      .flatMap(({ semantics, feature, frequencies, controlFrequencies, bits }) => {
        const named = (of: BitColumn['of'], column: Float64Array): BitColumn => ({
          name: columnOf(semantics, feature, of),
          feature,
          of,
          bits: column,
        });
        return [
          named('frequencies', frequencies),
          ...(controlFrequencies ? [named('control frequencies', controlFrequencies)] : []),
          ...[...bits].map(([source, column]) => named(source, column)),
        ];
      });
  }
}
