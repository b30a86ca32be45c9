/** @file How much there is to do for probes, counted in pairs. Chapter 8. */
import { type BySplit, type HiddenLayers, PENALTIES } from '../../probe/index.ts';
import type { Settings } from '../settings.ts';
import { ASSUMED_PROBES } from './assumed.ts';

/** What all probes of one depth do. */
export interface ProbeWork {
  readonly probes: number;
  /** Pairs of hidden states trained on, repetitions counted, also by the iterations of linear probes; wider inputs count as more of them. */
  readonly trained: number;
  /** Pairs that are only answered: validation after each interval or fit, and the test. */
  readonly tested: number;
}

export type ProbesByDepth = { readonly [depth in HiddenLayers]: ProbeWork };

const NONE: ProbeWork = { probes: 0, trained: 0, tested: 0 };
export const NO_PROBES: ProbesByDepth = { 0: NONE, 1: NONE, 2: NONE };

/** So many probes of a depth; none where there are too few pairs, as they are skipped then. */
export function probeWork(
  probes: number,
  { train, validation, test }: BySplit<number>,
  hiddenLayers: HiddenLayers,
  { probeSamples, probeSamplesTwoHidden, probeInterval }: Settings,
): ProbeWork {
  if (train < 2 || validation < 1 || test < 1) return NONE;
  if (hiddenLayers === 0) {
    const fits = PENALTIES.length + 1;
    return {
      probes,
      trained: probes * ASSUMED_PROBES.iterations * train,
      tested: probes * (fits * validation + test),
    };
  }
  const interval = Math.min(probeInterval, train);
  const most = (hiddenLayers === 2 ? probeSamplesTwoHidden : probeSamples) / interval;
  const intervals = Math.min(ASSUMED_PROBES.intervals, most);
  return { probes, trained: probes * intervals * interval, tested: probes * (intervals * validation + test) };
}

export function addProbes(a: ProbeWork, b: ProbeWork): ProbeWork {
  return { probes: a.probes + b.probes, trained: a.trained + b.trained, tested: a.tested + b.tested };
}

export const allProbes = (by: ProbesByDepth): number => by[0].probes + by[1].probes + by[2].probes;
