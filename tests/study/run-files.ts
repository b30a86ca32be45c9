/** @file What tests read of the run directories that the built command line has made. Chapter 8. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../src/results/results.ts';
import { readMetrics } from '../../src/study/metrics.ts';

export const resultsOf = (out: string): Results => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));

/** All that the seed decides, evidence and analyses included: without times and what the run was made with. */
export function bitsOf(results: Results): Partial<Results> {
  const { threads: _, seconds: _1, stageSeconds: _2, trainTokensPerSecond: _3, peakMemoryBytes: _4, ...bits } = results;
  return bits;
}

/** Names of the checkpoints after the initial one, in order; none before there is one. */
export const checkpointsOf = (out: string): string[] =>
  existsSync(join(out, 'checkpoints'))
    ? readdirSync(join(out, 'checkpoints'))
        .filter((name) => !name.endsWith('.tmp'))
        .sort()
    : [];

/** The training steps that `metrics.jsonl` holds, in its order. */
export const stepsOf = (out: string): number[] => readMetrics(join(out, 'metrics.jsonl')).map(({ step }) => step);

/** 1 to `last`. */
export const everyStepTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
