/** @file A measurement as one tidy row: what was measured, about what, and how much it came to. Appendix C. */
import type { Measured } from '../probe/statistics/index.ts';

/** What a measurement can be about. A column that does not apply is null. */
export interface About {
  /** What was measured: a key of `MEASURES`. */
  readonly measure: string;
  readonly seed: string;
  /** Training steps done by the checkpoint. */
  readonly step: number | null;
  /** Whose: what a probe reads (`trained`, `untrained`, a record ...), which programs (`generated`, `reference`), which edit (`probe`, `random` ...). */
  readonly source: string | null;
  /** What was taken away from it, where the value is a difference. */
  readonly against: string | null;
  readonly feature: string | null;
  readonly semantics: string | null;
  /** Hidden layers of the probe. */
  readonly depth: number | null;
  /** Of the state that the probe is asked for; 0 is the one after the action being written. */
  readonly offset: number | null;
  /** Of the hidden states: `mean`, or an index of Hugging Face's hidden_states. */
  readonly layer: string | number | null;
  /** Length of an edit, in distances of a hidden state from its mean. */
  readonly size: number | null;
  /** A part or kind of the same measure, in words: an action, `3+ actions left`, a seed of the probe. */
  readonly part: string | null;
}

export interface Measurement extends About {
  /** Shares lie in 0..1; the unit is that of the measure. */
  readonly value: number;
  /** 95 %, over programs or specifications; null where there is no interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many things are behind it: pairs, programs, specifications. */
  readonly n: number | null;
  /** Of the run: where `audit` begins. */
  readonly artefact: string;
}

export const ABOUT_COLUMNS = [
  'measure',
  'seed',
  'step',
  'source',
  'against',
  'feature',
  'semantics',
  'depth',
  'offset',
  'layer',
  'size',
  'part',
] as const satisfies readonly (keyof About)[];
export const NUMBER_COLUMNS = ['value', 'low', 'high', 'n'] as const satisfies readonly (keyof Measurement)[];
export const COLUMNS = [...ABOUT_COLUMNS, ...NUMBER_COLUMNS, 'artefact'] as const;
export type Column = (typeof COLUMNS)[number];

/** About nothing but what is said. */
export const NOTHING: Omit<About, 'measure' | 'seed'> = {
  step: null,
  source: null,
  against: null,
  feature: null,
  semantics: null,
  depth: null,
  offset: null,
  layer: null,
  size: null,
  part: null,
};

/** What a value is given as: a number, or one with its interval. Nothing where there is none. */
export type Value = number | Measured | null | undefined;

/** Gathers the rows of one run. */
export class Rows {
  readonly all: Measurement[] = [];
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A row for each of `values`, by the name of its measure; values that are missing or not finite give none. */
  add(
    artefact: string,
    about: Partial<Omit<About, 'measure' | 'seed'>>,
    values: Readonly<Record<string, Value>>,
    n: number | null = null,
  ): void {
    for (const [measure, value] of Object.entries(values)) {
      const measured = typeof value === 'number' ? { estimate: value, interval: null, n } : value;
      if (!measured || !Number.isFinite(measured.estimate)) continue;
      this.all.push({
        ...NOTHING,
        ...about,
        measure,
        seed: this.#seed,
        value: measured.estimate,
        low: measured.interval?.low ?? null,
        high: measured.interval?.high ?? null,
        n: measured.n,
        artefact,
      });
    }
  }
}
