/** The committed results of `tiny`, seed by seed, for the figures that show them. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Results } from '../../src/results/results.ts';

export const SEEDS = ['9', '10', '11', '12', '13', '14', '15', '16', '17', '18'] as const;

export function resultsOf(seed: string): Results {
  const file = new URL(`../../results/tiny/seed-${seed}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Results;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
