/** @file How fast this machine does each kind of work of a run: a little of the work itself. Chapter 8. */

import type { Engine } from '../../tensor/index.ts';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { drawSamples } from '../stages/corpus.ts';
import { type JudgingRates, measureJudging } from './measure-judging.ts';
import { type ModelRates, measureModel } from './measure-model.ts';
import { measureProbes, type ProbeRates } from './measure-probes.ts';
import { measureResampling, type ResamplingRates } from './measure-resampling.ts';
import { secondsOf } from './stopwatch.ts';

/** Seconds that a piece of work takes, and the memory that all of them took. */
export interface Rates extends ModelRates, JudgingRates, ProbeRates, ResamplingRates {
  readonly threads: number;
  /** See `Engine.arithmetic`. */
  readonly arithmetic: string;
  /** To draw, execute and encode one sample of the training corpus. */
  readonly sample: number;
  /** To load the code that draws the report. */
  readonly report: number;
  /** The most memory that the engine used. */
  readonly engineBytes: number;
  /** The most memory of the process, without the engine's. */
  readonly processBytes: number;
}

const MOST_SAMPLES = 100_000;
const FEWEST_SAMPLES = 1_000;

/**
 * Measures for about ten seconds, longer for larger models. Batches are as large as a run's, so that the memory that they
 * take is measured as well. Nothing is written. Throws `OutOfMemoryError`.
 */
export async function measureRates(
  engine: Engine,
  settings: Settings,
  seed: string,
  residentBytes: () => number,
  progress: Progress,
): Promise<Rates> {
  progress.start('measure', 5, 'parts');
  const count = Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, settings.trainSamples));
  let samples: Uint8Array[] = [];
  const sample = secondsOf(() => void (samples = drawSamples(settings, count, seed))) / count;
  progress.update(1, 'the model');
  const model = measureModel(engine, settings, samples, seed);
  progress.update(2, 'judging programs');
  const judging = measureJudging(settings, seed);
  progress.update(3, 'probes');
  const probes = measureProbes(engine, settings, samples, seed);
  const resampling = measureResampling(seed);
  progress.update(4, 'the report');
  const started = performance.now();
  await import('../../report/index.ts');
  const report = (performance.now() - started) / 1000;
  progress.stop();
  const engineBytes = engine.memory().peakBytes;
  return {
    threads: engine.threads,
    arithmetic: engine.arithmetic,
    sample,
    ...model,
    ...judging,
    ...probes,
    ...resampling,
    report,
    engineBytes,
    processBytes: Math.max(0, residentBytes() - engineBytes),
  };
}
