/** @file From how much there is to do and how fast it is done to the seconds of each stage: arithmetic alone. Chapter 8. */

import { ANALYSES } from '../../results/analysis-results.ts';
import type { StageKind } from '../stage.ts';
import type { AnalysisWork } from './analysis-work.ts';
import type { Rates } from './measure-rates.ts';
import type { ProbesByDepth } from './probe-work.ts';
import type { ResamplingWork } from './resampling-work.ts';
import type { Workload } from './workload.ts';

/** Seconds of one run, by stage. */
export function stageSeconds(rates: Rates, work: Workload): Record<StageKind, number> {
  return {
    corpus: work.samples * rates.sample,
    train: work.steps * rates.step,
    trace:
      work.checkpoints * (work.programs * rates.program + work.perplexitySamples * rates.read) +
      work.specifications * (rates.specification + work.checkpoints * rates.judgement),
    probe:
      probingSeconds(rates, work.probing) +
      work.reread * rates.read +
      work.executions * rates.execution +
      2 * work.pairs * rates.pair +
      resamplingSeconds(rates, work.evidence),
    analysis: ANALYSES.reduce((sum, name) => sum + analysisSeconds(rates, work.analyses[name]), 0),
    results: 2 * rates.report, // to draw it takes about as long as to load what draws it
  };
}

export function analysisSeconds(rates: Rates, work: AnalysisWork): number {
  return (
    probingSeconds(rates, work.probing) +
    work.pairs * rates.pair +
    work.executions * rates.execution +
    work.read * rates.read +
    work.tokens * rates.token +
    work.searches * rates.specification +
    resamplingSeconds(rates, work)
  );
}

function probingSeconds(rates: Rates, probing: ProbesByDepth): number {
  const each = ([0, 1, 2] as const).map((depth) => {
    const { start, train, test } = rates.probe[depth];
    const { probes, trained, tested } = probing[depth];
    return probes * start + trained * train + tested * test;
  });
  return each.reduce((sum, seconds) => sum + seconds, 0);
}

function resamplingSeconds(rates: Rates, { resampled, signs }: ResamplingWork): number {
  return resampled * rates.resample + signs * rates.sign;
}
