/** @file How much a run with given settings has to do, counted before it runs. Chapter 8. */
import { type CorpusHeader, SPLITS, type Split } from '../../karel/index.ts';
import { BASELINE_OFFSETS, recordKindsFor } from '../../probe/index.ts';
import { corpusSettings } from '../model-config.ts';
import type { Settings } from '../settings.ts';
import { gridOf } from '../stages/probe.ts';
import { traceCounts } from '../stages/trace.ts';
import { type AnalysesWork, analysesWork } from './analyses-work.ts';
import { assumedLengths, fewestActions, pairsOf, shareFrom, sumOf } from './assumed.ts';
import { addProbes, NO_PROBES, type ProbesByDepth, probeWork } from './probe-work.ts';
import { onRecords } from './records-work.ts';
import { type EvidenceWork, evidenceWork } from './resampling-work.ts';

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
  /** Programs that are executed for the probes, once for each semantics. */
  readonly executions: number;
  /** Pairs, of all checkpoints and offsets, whose hidden states are put together for the probes. */
  readonly pairs: number;
  /** The most of them that are in memory at once: those of a checkpoint at one offset. */
  readonly mostPairs: number;
  /** Those of them, at the last checkpoint, beside which their records are in memory. */
  readonly recordedPairs: number;
  /**
   * Each question has a probe on the hidden states of the trained model, one on those of the untrained, and some have one
   * on a control task, and one on each kind of record, whose pairs are counted as `onRecords` does.
   */
  readonly probing: ProbesByDepth;
  readonly evidence: EvidenceWork;
  readonly analyses: AnalysesWork;
}

export function corpusHeader(settings: Settings, split: Split, seed: string): CorpusHeader {
  const { trainSamples: train, validationSamples: validation, testSamples: test } = settings;
  return { split, count: { train, validation, test }[split], seed, settings: corpusSettings(settings) };
}

export function workloadOf(settings: Settings): Workload {
  const counts = traceCounts(settings);
  const programs = sumOf(counts);
  const probing = { ...NO_PROBES };
  let reread = 0;
  let allPairs = 0;
  let mostPairs = 0;
  let recordedPairs = 0;
  for (let checkpoint = 0; checkpoint <= settings.checkpoints; checkpoint++) {
    const trained = checkpoint > 0;
    reread += programs * shareFrom(assumedLengths(settings, trained), fewestActions(settings));
    const recorded = checkpoint === settings.checkpoints && settings.labelExample !== -1;
    let before: number | undefined;
    for (const { offset, hiddenLayers, semantics } of gridOf(settings, checkpoint === settings.checkpoints)) {
      const count = pairsOf(settings, counts, { offset, trained });
      if (offset !== before) {
        before = offset;
        allPairs += sumOf(count);
        mostPairs = Math.max(mostPairs, sumOf(count));
      }
      const beside = recorded && BASELINE_OFFSETS.includes(offset) && hiddenLayers < 2;
      const control = beside && offset < 0 && semantics === 'original' ? 1 : 0;
      const states = probeWork(2 + control, count, hiddenLayers, settings);
      probing[hiddenLayers] = addProbes(probing[hiddenLayers], states);
      if (!beside) continue;
      const kinds = recordKindsFor({ offset, semantics });
      const records = onRecords(probeWork(1, count, hiddenLayers, settings), kinds, settings);
      probing[hiddenLayers] = addProbes(probing[hiddenLayers], records);
      recordedPairs = Math.max(recordedPairs, sumOf(count));
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
    executions: Math.round(reread) * settings.semantics.split(' ').length,
    pairs: allPairs,
    mostPairs,
    recordedPairs,
    probing,
    evidence: evidenceWork(settings),
    analyses: analysesWork(settings),
  };
}
