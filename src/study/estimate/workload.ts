/** @file How much a run with given settings has to do, counted before it runs. Chapter 8. */
import { type CorpusHeader, SPLITS, type Split } from '../../karel/index.ts';
import { alignPairs, type BySplit, bySplit, type HiddenLayers, RECORD_KINDS } from '../../probe/index.ts';
import { corpusSettings } from '../model-config.ts';
import { gridOf } from '../probe-stage.ts';
import type { Settings } from '../settings.ts';
import { traceCounts } from '../trace-stage.ts';

/**
 * What all probes of one depth do in a run: each question has a probe on the hidden states of the trained model, one on
 * those of the untrained, and some have one on each kind of record, which is taken to be as fast although it is wider,
 * and one on a control task.
 */
export interface ProbeWork {
  readonly probes: number;
  /** Pairs trained on, repetitions counted. */
  readonly trained: number;
  /** Pairs that are only answered: validation after each interval, and the test. */
  readonly tested: number;
}

/** Counts over the whole run. */
export interface Workload {
  /** Of all three splits. */
  readonly samples: number;
  readonly steps: number;
  /** The initial one counted. */
  readonly checkpoints: number;
  /** That each checkpoint writes. */
  readonly programs: number;
  /** Those for test specifications, which are judged. */
  readonly specifications: number;
  /** Reference samples that each checkpoint reads for its perplexities. */
  readonly perplexitySamples: number;
  /** Programs that the untrained model is given to read. */
  readonly reread: number;
  /** Pairs, of all checkpoints and offsets, whose hidden states are put together for the probes. */
  readonly pairs: number;
  /** The most of them that are in memory at once: those of a checkpoint at one offset. */
  readonly mostPairs: number;
  readonly probing: { readonly [depth in HiddenLayers]: ProbeWork };
}

/** A program length and which share of the programs have it. */
export interface LengthShare {
  readonly length: number;
  readonly share: number;
}

/**
 * How long the programs are that a checkpoint writes: an assumption, since only the run itself can tell.
 *
 * Untrained, a model goes on to the end: it writes `maxProgramLength` actions. Trained, it likes to end early: from the
 * shortest reference program on, each length is half as frequent as the one before. That is what runs of `tiny` and `small`
 * show: 57 %, 29 %, 11 % and 3 % of tiny's programs had 1 to 4 actions, where this says 53, 27, 13 and 7.
 */
export function assumedLengths(settings: Settings, trained: boolean): LengthShare[] {
  const { minLength, maxLength, maxProgramLength: most } = settings;
  const first = trained ? Math.min(minLength, most) : most;
  const last = trained ? Math.min(maxLength, most) : most;
  const weights = Array.from({ length: last - first + 1 }, (_, index) => 2 ** -index);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => ({ length: first + index, share: weight / total }));
}

export function meanLength(lengths: readonly LengthShare[]): number {
  return lengths.reduce((sum, { length, share }) => sum + length * share, 0);
}

/** Pairs of a checkpoint at this offset, by split. A program that is too short for the offset has none. */
function pairsAt(settings: Settings, offset: number, trained: boolean): BySplit<number> {
  const { lastState, labelExample, examples } = settings;
  const runs = labelExample === -1 ? examples : 1;
  const pairs = (length: number): number => alignPairs([length], { offset, lastState, runs }).state.length;
  const each = assumedLengths(settings, trained).reduce((sum, { length, share }) => sum + share * pairs(length), 0);
  const programs = traceCounts(settings);
  return bySplit((split) => Math.round(programs[split] * each));
}

export const sumOf = ({ train, validation, test }: BySplit<number>): number => train + validation + test;

export function corpusHeader(settings: Settings, split: Split, seed: string): CorpusHeader {
  const { trainSamples: train, validationSamples: validation, testSamples: test } = settings;
  return { split, count: { train, validation, test }[split], seed, settings: corpusSettings(settings) };
}

export function workloadOf(settings: Settings): Workload {
  const programs = sumOf(traceCounts(settings));
  const probing = { 0: { ...NO_PROBES }, 1: { ...NO_PROBES }, 2: { ...NO_PROBES } };
  let reread = 0;
  let allPairs = 0;
  let mostPairs = 0;
  for (let checkpoint = 0; checkpoint <= settings.checkpoints; checkpoint++) {
    const trained = checkpoint > 0;
    const fewest = settings.lastState === 'dropped' ? 2 : 1;
    for (const { length, share } of assumedLengths(settings, trained)) if (length >= fewest) reread += share * programs;
    const recorded = checkpoint === settings.checkpoints && settings.labelExample !== -1;
    const pairs = new Map<number, BySplit<number>>();
    for (const { offset, hiddenLayers, semantics } of gridOf(settings, checkpoint === settings.checkpoints)) {
      const known = pairs.get(offset);
      const count = known ?? pairsAt(settings, offset, trained);
      if (!known) {
        pairs.set(offset, count);
        allPairs += sumOf(count);
        mostPairs = Math.max(mostPairs, sumOf(count));
      }
      if (count.train < 2 || count.validation < 1 || count.test < 1) continue; // such a probe is skipped
      const work = probing[hiddenLayers];
      const samples = hiddenLayers === 2 ? settings.probeSamplesTwoHidden : settings.probeSamples;
      const beside = recorded && offset === 0 && hiddenLayers < 2;
      const control = semantics === 'original' ? 1 : 0;
      const inputs = 2 + (beside ? RECORD_KINDS.length + control : 0);
      work.probes += inputs;
      work.trained += inputs * Math.min(samples, settings.probePasses * count.train);
      work.tested += inputs * (settings.probeIntervals * count.validation + count.test);
    }
  }
  return {
    samples: SPLITS.reduce((sum, split) => sum + corpusHeader(settings, split, '').count, 0),
    steps: settings.steps,
    checkpoints: settings.checkpoints + 1,
    programs,
    specifications: settings.traceTest,
    perplexitySamples: settings.perplexitySamples,
    reread: Math.round(reread),
    pairs: allPairs,
    mostPairs,
    probing,
  };
}

const NO_PROBES = { probes: 0, trained: 0, tested: 0 };
