/** @file How long it takes to draw programs again, for intervals and for tests. Chapter 8. */
import { bootstrapIntervals, signFlipTest } from '../../probe/statistics/index.ts';
import { randomStream } from '../../random.ts';
import { medianSeconds } from './stopwatch.ts';

export interface ResamplingRates {
  /** Seconds to add one number of a program that was drawn, everything around it included. */
  readonly resample: number;
  /** Seconds to draw one sign, and to add what it is for. */
  readonly sign: number;
}

/** As in the evidence of a small run; more programs or columns take longer in proportion. */
const PROGRAMS = 500;
const COLUMNS = 50;
const RESAMPLES = 100;

export function measureResampling(seed: string): ResamplingRates {
  const random = randomStream(seed, 'estimate/resampling');
  const names = Array.from({ length: COLUMNS }, (_, column) => String(column));
  const make = () => Object.fromEntries(names.map((name) => [name, random()]));
  const programs = Array.from({ length: PROGRAMS }, make);
  const statistics = Object.fromEntries(
    names.map((name) => [name, (totals: Record<string, number>) => totals[name]! / PROGRAMS]),
  );
  const differences = programs.map((program) => program['0']! - program['1']!);
  const resamples = { resamples: RESAMPLES, random };
  return {
    resample:
      medianSeconds(() => void bootstrapIntervals(programs, statistics, resamples), 0.1) /
      (RESAMPLES * PROGRAMS * COLUMNS),
    sign: medianSeconds(() => void signFlipTest(differences, resamples), 0.1) / (RESAMPLES * PROGRAMS),
  };
}
