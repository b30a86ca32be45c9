import type { Results } from '../src/results/results.ts';
export const SEEDS: readonly string[];
export function resultsOf(seed: string, study?: string): Results;
export function committedResults(): Results[];
