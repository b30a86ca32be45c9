/** @file What hidden states tell beside their baselines, of the state before the action being written and of the one after. Chapter 12. */
import { ACTIONS_LEFT, type EvidenceRows, summarize } from './contrasts.ts';
import { type DifferingRows, differingRows } from './differing.ts';
import type { RandomStreams } from './evaluate.ts';
import { GatheredBits } from './gathered-bits.ts';
import { BASELINE_OFFSETS } from './grid.ts';
import { ENOUGH_PROGRAMS, type Scored } from './outcome.ts';

/** Gathers what `evaluateProbes` tells of probes of up to one hidden layer at {@link BASELINE_OFFSETS}. */
export class Evidence {
  readonly #at: ReadonlyMap<number, GatheredBits>;

  /** `programs` are those of the test traces. */
  constructor(programs: readonly { readonly actions: readonly unknown[] }[]) {
    const lengths = programs.map(({ actions }) => actions.length);
    this.#at = new Map(BASELINE_OFFSETS.map((offset) => [offset, new GatheredBits(lengths)]));
  }

  /** Probe seeds of a question must all have the same sources. */
  add(scored: Scored): void {
    const { offset, hiddenLayers } = scored.question;
    if (hiddenLayers !== 2) this.#at.get(offset)?.add(scored);
  }

  /**
   * Shares and contrasts of all pairs, at offset -1 also by actions left; none where fewer than {@link ENOUGH_PROGRAMS}
   * programs have pairs. `random` is asked for a stream `evidence/OFFSET`, for resamples and signs.
   */
  rows(random: RandomStreams): EvidenceRows {
    const found: EvidenceRows[] = [];
    for (const [offset, gathered] of this.#at) {
      const stream = random(`evidence/${offset}`);
      for (const hiddenLayers of [0, 1] as const) {
        for (const actionsLeft of offset < 0 ? ACTIONS_LEFT : (['all'] as const)) {
          const programs = gathered.sums(hiddenLayers, actionsLeft);
          if (programs.length < ENOUGH_PROGRAMS) continue;
          found.push(summarize(programs, gathered, { offset, hiddenLayers, actionsLeft }, stream));
        }
      }
    }
    return {
      shares: found.flatMap(({ shares }) => shares),
      contrasts: found.flatMap(({ contrasts }) => contrasts),
    };
  }

  /** The same where labels differ, see {@link differingRows}; `random` is asked for a stream `differing/OFFSET`. */
  differing(random: RandomStreams): DifferingRows {
    const found = [...this.#at].map(([offset, gathered]) =>
      differingRows(gathered, offset, random(`differing/${offset}`)),
    );
    return {
      counts: found.flatMap(({ counts }) => counts),
      shares: found.flatMap(({ shares }) => shares),
      contrasts: found.flatMap(({ contrasts }) => contrasts),
    };
  }
}
