/** @file Looking ahead: what is known of the next state, given that the present one is. Chapter 12. */

import type { Split } from '../karel/index.ts';
import { power } from '../tensor/functions/power.ts';
import { type FeatureName, jointClasses } from './features.ts';
import { ENOUGH_PROGRAMS, type Scored } from './outcome.ts';
import type { HiddenLayers } from './probe.ts';
import { type Measured, withIntervals } from './statistics/index.ts';
import { hiddenRows } from './traces.ts';

/** Of the hidden states for which the probe of offset 0 is right, on states that both offsets have. */
export interface LookAheadRow {
  readonly source: (typeof ASKED)[number];
  readonly feature: FeatureName;
  readonly hiddenLayers: HiddenLayers;
  /** 1 or 2 actions ahead. */
  readonly offset: number;
  /** Test pairs. */
  readonly pairs: number;
  /** Share of these for which the probe of this offset is right too. */
  readonly accuracy: Measured;
  /** Share that the most frequent state so far ahead, given the present one, gets right; frequencies are those of train. */
  readonly best: Measured;
  readonly difference: Measured;
}

/** Whose hidden states. */
const ASKED = ['trained', 'untrained'] as const;
const OFFSETS = [1, 2];
const RESAMPLES = 2_000;

/**
 * Gathers what `evaluateProbes` tells of the original semantics, of the first probe seed. A row needs
 * {@link ENOUGH_PROGRAMS} programs with a present state that is read rightly. Jin & Rinard 2023, the first version of the
 * paper, compares the same two shares. Its best predictor knows the frequencies of the pairs that it is asked for; this
 * one, like every probe, knows those of train alone, and is right at most as often. A probe that has few pairs to learn
 * from can be right less often than that guess, which only counts them: a negative difference need not be the model's.
 */
export class LookAhead {
  readonly #lengths: readonly number[];
  readonly #scored = new Map<string, Scored>();

  /** `programs` are those of the test traces. */
  constructor(programs: readonly { readonly actions: readonly unknown[] }[]) {
    this.#lengths = programs.map(({ actions }) => actions.length);
  }

  add(scored: Scored): void {
    const { semantics, offset, feature, hiddenLayers } = scored.question;
    if (semantics !== 'original' || offset < 0) return;
    const key = `${feature}/${hiddenLayers}/${offset}`;
    if (!this.#scored.has(key)) this.#scored.set(key, scored);
  }

  /** `random` gives numbers in [0, 1), for resamples. */
  rows(random: () => number): LookAheadRow[] {
    const rows: LookAheadRow[] = [];
    for (const now of this.#scored.values()) {
      const { feature, hiddenLayers, offset: present } = now.question;
      if (present !== 0) continue;
      for (const offset of OFFSETS) {
        const then = this.#scored.get(`${feature}/${hiddenLayers}/${offset}`);
        for (const source of ASKED) {
          const found = then && this.#compare(now, then, source, random);
          if (found) rows.push({ source, feature, hiddenLayers, offset, ...found });
        }
      }
    }
    return rows;
  }

  #compare(now: Scored, then: Scored, source: (typeof ASKED)[number], random: () => number) {
    const [readNow, readThen] = [now.scores[source], then.scores[source]];
    if (!readNow || !readThen) return undefined;
    const guess = mostFrequentNext(now, then);
    const classesNow = jointClasses(now.labels.test, now.shape);
    const classesThen = jointClasses(then.labels.test, then.shape);
    const { program } = hiddenRows(this.#lengths);
    const programs = new Map<number, { pairs: number; right: number; best: number }>();
    for (const [present, next] of matchedPairs(now, then, 'test')) {
      if (readNow.right[present] !== 1) continue;
      const of = program[then.pairs.test.hidden[next]!]!;
      const sums = programs.get(of) ?? { pairs: 0, right: 0, best: 0 };
      programs.set(of, sums);
      sums.pairs++;
      sums.right += readThen.right[next]!;
      if (guess(classesNow[present]!) === classesThen[next]) sums.best++;
    }
    if (programs.size < ENOUGH_PROGRAMS) return undefined;
    const all = [...programs.values()];
    const statistics = {
      accuracy: (t: (typeof all)[number]) => t.right / t.pairs,
      best: (t: (typeof all)[number]) => t.best / t.pairs,
      difference: (t: (typeof all)[number]) => (t.right - t.best) / t.pairs,
    };
    return {
      pairs: all.reduce((sum, { pairs }) => sum + pairs, 0),
      ...withIntervals(all, statistics, random, RESAMPLES),
    };
  }
}

/** [pair of `now`, pair of `then`] of the same hidden state, asked about the same execution. */
function matchedPairs(now: Scored, then: Scored, split: Split): (readonly [number, number])[] {
  const asked = new Map(Array.from(now.pairs[split].state, (state, pair) => [state, pair] as const));
  return Array.from(then.pairs[split].state, (state, next) => {
    const present = asked.get(state - then.question.offset); // states of an execution follow each other in the table
    return present === undefined ? [] : [[present, next] as const];
  }).flat();
}

/** For each present class the class that most often comes so much later on train, the lowest of equals; else the most frequent. */
function mostFrequentNext(now: Scored, then: Scored): (present: number) => number {
  const classesNow = jointClasses(now.labels.train, now.shape);
  const classesThen = jointClasses(then.labels.train, then.shape);
  const width = power(then.shape.classes, then.shape.heads);
  const counts = new Map<number, number[]>();
  const everywhere = new Array<number>(width).fill(0);
  for (const [present, next] of matchedPairs(now, then, 'train')) {
    const of = counts.get(classesNow[present]!) ?? new Array<number>(width).fill(0);
    counts.set(classesNow[present]!, of);
    of[classesThen[next]!]!++;
    everywhere[classesThen[next]!]!++;
  }
  const mode = (of: readonly number[]): number => of.indexOf(Math.max(...of));
  return (present) => mode(counts.get(present) ?? everywhere);
}
