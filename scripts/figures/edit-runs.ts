/** @file What the figures of edits are drawn from: the ten committed runs of tiny. Chapter 14. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { PLANNED_SEEDS } from '../../src/results/plan.ts';
import type { Results } from '../../src/results/results.ts';

export const runs = PLANNED_SEEDS['tiny']!.map((seed) => {
  const file = new URL(`../../results/tiny/seed-${seed}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Results;
});

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
