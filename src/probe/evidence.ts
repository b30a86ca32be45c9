/** @file What hidden states tell beyond their baselines, of the present state and of the one before. Chapter 9. */
import { ACTIONS_LEFT, type ActionsLeft, type EvidenceRows, summarize } from './contrasts.ts';
import type { RandomStreams } from './evaluate.ts';
import { GatheredBits } from './gathered-bits.ts';
import { ENOUGH_PROGRAMS, type Scored } from './outcome.ts';

/** Rows of offset 0, and of the state one action earlier. */
export interface EvidenceAt extends EvidenceRows {
  /**
   * Of offset -1, all pairs, hidden states alone. There both models have read every action that the state depends on. At
   * offset 0 the last of these is only about to be written: the trained model predicts it, the untrained cannot.
   */
  readonly before: EvidenceRows;
}

/** Gathers what `evaluateProbes` tells of probes of up to one hidden layer at offsets 0 and -1. */
export class Evidence {
  readonly #now: GatheredBits;
  readonly #before: GatheredBits;

  /** `programs` are those of the test traces. */
  constructor(programs: readonly { readonly actions: readonly unknown[] }[]) {
    const lengths = programs.map(({ actions }) => actions.length);
    this.#now = new GatheredBits(lengths);
    this.#before = new GatheredBits(lengths);
  }

  /** Probe seeds of a question must all have the same sources. */
  add(scored: Scored): void {
    const { offset, hiddenLayers } = scored.question;
    if (hiddenLayers === 2) return;
    if (offset === 0) this.#now.add(scored);
    if (offset === -1) this.#before.add(scored);
  }

  /**
   * Shares and contrasts, for all pairs and by actions left; none where fewer than {@link ENOUGH_PROGRAMS} programs have
   * pairs. `random` is asked for the streams `evidence`, `evidence/bestRecord` and `evidence/before`, for resamples and signs.
   */
  rows(random: RandomStreams): EvidenceAt {
    const [now, signs] = [random('evidence'), random('evidence/bestRecord')];
    const before = random('evidence/before');
    return {
      ...rowsOf(this.#now, ACTIONS_LEFT, now, signs),
      before: rowsOf(this.#before, ['all'], before, before),
    };
  }
}

function rowsOf(
  gathered: GatheredBits,
  parts: readonly ActionsLeft[],
  random: () => number,
  signsOfBestRecord: () => number,
): EvidenceRows {
  const found: EvidenceRows[] = [];
  for (const hiddenLayers of [0, 1] as const) {
    for (const actionsLeft of parts) {
      const programs = gathered.sums(hiddenLayers, actionsLeft);
      if (programs.length < ENOUGH_PROGRAMS) continue;
      const about = { hiddenLayers, actionsLeft };
      found.push(summarize(programs, gathered.semantics, about, random, signsOfBestRecord));
    }
  }
  return {
    shares: found.flatMap(({ shares }) => shares),
    contrasts: found.flatMap(({ contrasts }) => contrasts),
  };
}
