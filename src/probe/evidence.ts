/** @file What hidden states tell beyond their baselines: bits gathered pair by pair, summed up by program. Chapter 9. */
import { ACTIONS_LEFT, type ActionsLeft, type EvidenceRows, summarise } from './contrasts.ts';
import type { FeatureName } from './features.ts';
import { ENOUGH_PROGRAMS, type Scored, SOURCES, type Source } from './outcome.ts';
import { columnOf, type Sums } from './shares.ts';
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
}

/** Gathers what `evaluateProbes` tells of probes of up to one hidden layer at offset 0. */
export class Evidence {
  readonly #lengths: readonly number[];
  readonly #answers = new Map<string, Answer>();
  #pairs: Pairs | undefined;

  /** `programs` are those of the test traces. */
  constructor(programs: readonly { readonly actions: readonly unknown[] }[]) {
    this.#lengths = programs.map(({ actions }) => actions.length);
  }

  /** Probe seeds of a question must all have the same sources. */
  add({ question, pairs, scores, frequencies, controlFrequencies }: Scored): void {
    const { feature, semantics, offset, hiddenLayers } = question;
    if (offset !== 0 || hiddenLayers === 2) return;
    this.#pairs = pairs.test; // the same for all questions at offset 0
    const key = `${hiddenLayers}/${semantics}/${feature}`;
    const about = { hiddenLayers, semantics, feature, frequencies, controlFrequencies };
    const answer = this.#answers.get(key) ?? { ...about, seeds: 0, bits: new Map<Source, Float64Array>() };
    this.#answers.set(key, answer);
    answer.seeds++;
    for (const source of SOURCES) {
      const score = scores[source];
      if (!score) continue;
      const mean = answer.bits.get(source) ?? new Float64Array(score.bits.length);
      answer.bits.set(source, mean);
      score.bits.forEach((bits, pair) => {
        mean[pair]! += (bits - mean[pair]!) / answer.seeds;
      });
    }
  }

  /**
   * Shares and contrasts, for all pairs and by actions left; none where fewer than {@link ENOUGH_PROGRAMS} programs have
   * pairs. `random` gives numbers in [0, 1), for resamples and signs.
   */
  rows(random: () => number): EvidenceRows {
    const semantics = [...new Set([...this.#answers.values()].map((answer) => answer.semantics))];
    const parts: EvidenceRows[] = [];
    for (const hiddenLayers of [0, 1] as const) {
      for (const actionsLeft of ACTIONS_LEFT) {
        const programs = this.#sums(hiddenLayers, actionsLeft);
        if (programs.length < ENOUGH_PROGRAMS) continue;
        parts.push(summarise(programs, semantics, { hiddenLayers, actionsLeft }, random));
      }
    }
    return {
      shares: parts.flatMap(({ shares }) => shares),
      contrasts: parts.flatMap(({ contrasts }) => contrasts),
    };
  }

  /** For each program that has such pairs, their bits. */
  #sums(hiddenLayers: 0 | 1, actionsLeft: ActionsLeft): Sums[] {
    const columns = this.#columns(hiddenLayers);
    if (columns.length === 0) return [];
    const rows = hiddenRows(this.#lengths);
    const programs = new Map<number, Record<string, number>>();
    this.#pairs?.hidden.forEach((row, pair) => {
      const program = rows.program[row]!;
      const left = this.#lengths[program]! - rows.action[row]!; // the state asked for is the one after this action
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
