/** @file Bits of test pairs at one offset, means over probe seeds, summed up by program. Chapter 12. */
import { bestRecord } from './best-record.ts';
import type { ActionsLeft, Asked } from './contrasts.ts';
import type { FeatureName } from './features.ts';
import type { Scored } from './outcome.ts';
import { columnOf, type Sums } from './shares.ts';
import { PROBED_SOURCES, type Source } from './sources.ts';
import { hiddenRows, type Pairs } from './traces.ts';

/** Of one feature under one semantics by one depth of probe. */
interface Answer {
  readonly hiddenLayers: number;
  readonly semantics: string;
  readonly feature: FeatureName;
  /** Bits of each test pair by the class frequencies of train; the control task has its own. [pairs] */
  readonly frequencies: Float64Array;
  readonly controlFrequencies: Float64Array | null;
  /** How many probe seeds have answered, and the bits of each test pair, means over them. [pairs] */
  seeds: number;
  readonly bits: Map<Source, Float64Array>;
  /** Sources of which a probe was stopped before its end. */
  readonly stopped: Set<Source>;
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
  add({ question, pairs, scores, frequencies, controlFrequencies }: Scored): void {
    const { feature, semantics, hiddenLayers } = question;
    this.#pairs = pairs.test;
    const key = `${hiddenLayers}/${semantics}/${feature}`;
    const about = { hiddenLayers, semantics, feature, frequencies, controlFrequencies };
    const answer = this.#answers.get(key) ?? {
      ...about,
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
    const columns = this.#columns(hiddenLayers);
    if (columns.length === 0) return [];
    const rows = hiddenRows(this.#lengths);
    const programs = new Map<number, Record<string, number>>();
    this.#pairs?.hidden.forEach((row, pair) => {
      const program = rows.program[row]!;
      const left = this.#pairs!.left[pair]!;
      if (actionsLeft !== 'all' && actionsLeft !== (left > 2 ? '3+' : String(left))) return;
      const sums = programs.get(program) ?? Object.fromEntries(columns.map(([name]) => [name, 0]));
      programs.set(program, sums);
      for (const [name, bits] of columns) sums[name]! += bits[pair]!;
    });
    return [...programs.values()];
  }

  #columns(hiddenLayers: 0 | 1): (readonly [string, Float64Array])[] {
    return [...this.#answers.values()]
      .filter((answer) => answer.hiddenLayers === hiddenLayers)
      .flatMap(({ semantics, feature, frequencies, controlFrequencies, bits }) => {
        const named = (of: Parameters<typeof columnOf>[2], column: Float64Array) =>
          [columnOf(semantics, feature, of), column] as const;
        return [
          named('frequencies', frequencies),
          ...(controlFrequencies ? [named('control frequencies', controlFrequencies)] : []),
          ...[...bits].map(([source, column]) => named(source, column)),
        ];
      });
  }
}
