// The committed results: what site, figures and examples show.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = (study) => new URL(`../results/${study}/`, import.meta.url);

/** The seeds of which `tiny` has results, in order. */
export const SEEDS = readdirSync(folder('tiny'))
  .flatMap((name) => /^seed-(\d+)\.json\.gz$/.exec(name)?.[1] ?? [])
  .sort((a, b) => Number(a) - Number(b));

/** `results.json` of the run with this seed, of a study in results/. */
export function resultsOf(seed, study = 'tiny') {
  return JSON.parse(gunzipSync(readFileSync(new URL(`seed-${seed}.json.gz`, folder(study)))).toString('utf8'));
}

export const committedResults = () => SEEDS.map((seed) => resultsOf(seed));
