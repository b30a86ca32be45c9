// The committed results of `tiny`, seed by seed: what site, figures and examples show.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = new URL('../results/tiny/', import.meta.url);

/** The seeds of which there are results, in order. */
export const SEEDS = readdirSync(folder)
  .flatMap((name) => /^seed-(\d+)\.json\.gz$/.exec(name)?.[1] ?? [])
  .sort((a, b) => Number(a) - Number(b));

/** `results.json` of the run with this seed. */
export function resultsOf(seed) {
  return JSON.parse(gunzipSync(readFileSync(new URL(`seed-${seed}.json.gz`, folder))).toString('utf8'));
}

export const committedResults = () => SEEDS.map(resultsOf);
