/** @file What tests read of the run directories that the built command line has made. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../src/results/results.ts';
import { parseMetrics } from '../../src/study/metrics.ts';

export const resultsOf = (out: string): Results => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));

/** All that the settings and the arithmetic decide, in one text. */
export const manifestOf = (out: string): string => readFileSync(join(out, 'manifest.json'), 'utf8');

/** Names of the checkpoints after the initial one, in order; none before there is one. */
export const checkpointsOf = (out: string): string[] =>
  existsSync(join(out, 'checkpoints'))
    ? readdirSync(join(out, 'checkpoints'))
        .filter((name) => existsSync(join(out, 'checkpoints', name, 'training-state.json')))
        .sort()
    : [];

/** The training steps that the metrics hold, in their order. */
export const stepsOf = (out: string): number[] =>
  readdirSync(join(out, 'metrics'))
    .sort()
    .flatMap((name) => parseMetrics(readFileSync(join(out, 'metrics', name)), name).map(({ step }) => step));

/** 1 to `last`. */
export const everyStepTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
