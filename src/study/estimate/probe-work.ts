/** @file How much there is to do for probes, counted in pairs. Chapter 8. */
import type { BySplit, HiddenLayers } from '../../probe/index.ts';
import type { Settings } from '../settings.ts';

/** What all probes of one depth do. */
export interface ProbeWork {
  readonly probes: number;
  /** Pairs of hidden states trained on, repetitions counted; wider inputs count as more of them. */
  readonly trained: number;
  /** Pairs that are only answered: validation after each interval, and the test. */
  readonly tested: number;
}

export type ProbesByDepth = { readonly [depth in HiddenLayers]: ProbeWork };

const NONE: ProbeWork = { probes: 0, trained: 0, tested: 0 };
export const NO_PROBES: ProbesByDepth = { 0: NONE, 1: NONE, 2: NONE };

/** So many probes that are each shown `samples` pairs at most; none where there are too few pairs, as they are skipped then. */
export function probeWork(
  probes: number,
  { train, validation, test }: BySplit<number>,
  samples: number,
  { probePasses, probeIntervals }: Settings,
): ProbeWork {
  if (train < 2 || validation < 1 || test < 1) return NONE;
  return {
    probes,
    trained: probes * Math.min(samples, probePasses * train),
    tested: probes * (probeIntervals * validation + test),
  };
}

export function addProbes(a: ProbeWork, b: ProbeWork): ProbeWork {
  return { probes: a.probes + b.probes, trained: a.trained + b.trained, tested: a.tested + b.tested };
}

export const allProbes = (by: ProbesByDepth): number => by[0].probes + by[1].probes + by[2].probes;
