/** @file One study of several seeds: a run for each, and what they show together. Chapter 13. */
import { testClaims } from '../results/claim-tests.ts';
import { PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../results/claims.ts';
import { claimsMarkdown, describeClaims } from '../results/claims-text.ts';
import { testExploratory } from '../results/exploratory.ts';
import {
  checkpointsOverSeeds,
  contrastsOverSeeds,
  differingOverSeeds,
  regressionsOverSeeds,
  sharesOverSeeds,
} from '../results/over-seeds.ts';
import { planRemark } from '../results/plan.ts';
import type { Results } from '../results/results.ts';
import { baselinesMarkdown } from '../results/sources.ts';
import type { StudyResults } from '../results/study-results.ts';
import { encodeText, jsonText, type Store, within } from '../store/index.ts';
import { StudyError } from './errors.ts';
import { REPORT_FOLDER, RESULTS_FILE, SETTINGS_FILE } from './names.ts';
import { pageFiles } from './page.ts';
import { Run, type RunPlan, readJson } from './run.ts';
import { type Context, firstUndone } from './runner.ts';
import { collectResults } from './stages/results.ts';
import { reproduce, writeReport } from './study.ts';

/** Seeds `first`, `first` + 1 and so on. Throws {@link StudyError} if `first` is no whole number. */
export function seedsFrom(first: string, count: number): string[] {
  if (!/^\d+$/.test(first))
    throw new StudyError(`seed: ${JSON.stringify(first)} is no whole number, which --seeds needs`);
  return Array.from({ length: count }, (_, index) => String(BigInt(first) + BigInt(index)));
}

/** Where the run of a seed lies in a study's store. */
export const folderOf = (seed: string): string => `seed-${seed}`;

/** The seeds of which there are runs in a study's store, in order; none in a store that is no study's. */
export function seedsIn(store: Store): string[] {
  const seeds = store.list('seed-').flatMap((name) => /^seed-(\d+)\//.exec(name)?.[1] ?? []);
  return [...new Set(seeds)].sort((a, b) => Number(BigInt(a) - BigInt(b)));
}

/** The runs that lie in a study's store, by seed. Throws {@link StudyError} where one cannot be opened. */
export function runsOf(store: Store): Run[] {
  return seedsIn(store).map((seed) => Run.open(within(store, folderOf(seed))));
}

/**
 * The whole study once for each seed, in seed-N, and then `study.json` and its report, of these seeds and of all others
 * that lie there. Throws {@link StudyError}, before anything is written, when the store is a run's, or any run that lies
 * there, asked for or not, cannot be opened or was made with another preset or other settings.
 */
export async function reproduceSeeds(
  store: Store,
  plan: Omit<RunPlan, 'seed'>,
  seeds: readonly string[],
  context: Context,
): Promise<void> {
  if (store.read(SETTINGS_FILE)) {
    throw new StudyError(`${store.place} holds a run of one seed: give another directory with --out`);
  }
  const storeOf = (seed: string): Store => within(store, folderOf(seed));
  const others = seedsIn(store).filter((seed) => !seeds.includes(seed));
  for (const seed of others) Run.open(storeOf(seed));
  for (const seed of [...seeds, ...others]) Run.find(storeOf(seed), { ...plan, seed });
  for (const seed of seeds) await reproduce(Run.create(storeOf(seed), { ...plan, seed }), context);
  reportStudy(store, context);
}

/**
 * Writes `study.json`, `claims.txt`, `claims.md`, `baselines.md` and the page from the runs that have ended,
 * and the pages of these runs; says which are left out, and why. Throws {@link StudyError}, before
 * anything is written, where there is none or their settings differ.
 */
export function reportStudy(store: Store, context: Pick<Context, 'progress' | 'page' | 'link'>): StudyResults {
  const { progress, page, link = String } = context;
  const ended = runsOf(store).filter((run) => {
    const undone = firstUndone(run);
    if (undone !== undefined) progress.line(`seed ${run.plan.seed} is left out: ${undone} is not done`);
    return undone === undefined;
  });
  const runs = ended.map((run) => readJson<Results>(run, RESULTS_FILE));
  const study = collectStudy(store.place, runs);
  const lines = describeClaims(study.claims);
  const texts = {
    'study.json': jsonText(study),
    'claims.txt': `${lines.join('\n')}\n`,
    'claims.md': claimsMarkdown(study),
    'baselines.md': baselinesMarkdown(runs),
  };
  for (const run of ended) writeReport(run, context);
  for (const [name, text] of Object.entries(texts)) store.write(name, encodeText(text));
  for (const line of lines) progress.line(line);
  progress.line(study.plan);
  if (page) {
    for (const name of store.list(`${REPORT_FOLDER}/`)) store.remove(name); // of fewer seeds it may have been another
    for (const [name, bytes] of Object.entries(pageFiles(ended, page()))) store.write(name, bytes);
    progress.line(`page: ${link(`${store.place}/${REPORT_FOLDER}/index.html`)}`);
  }
  return study;
}

/** What each source tells, of a run or of every run of a study that has been probed. Throws {@link StudyError} where there is none. */
export function describeBaselines(store: Store): string {
  const runs = runsOf(store);
  const results = (runs.length > 0 ? runs : [Run.open(store)]).map((run) => collectResults(run, run.arithmetic ?? ''));
  const probed = results.filter(({ evidence }) => evidence !== null);
  if (probed.length > 0) return baselinesMarkdown(probed);
  throw new StudyError(`${store.place}: no probes of the last checkpoint; make them with karelscope probe`);
}

/** What the results of several seeds show together; `path` is named where they do not fit together. Throws {@link StudyError}. */
export function collectStudy(path: string, runs: readonly Results[]): StudyResults {
  const [first] = runs;
  if (!first) throw new StudyError(`${path} holds no run of a seed that has ended (seed-N)`);
  const other = runs.find(({ settings }) => JSON.stringify(settings) !== JSON.stringify(first.settings));
  if (other)
    throw new StudyError(`${path}: the runs of seeds ${first.seed} and ${other.seed} differ in their settings`);
  const exploratory = testExploratory(runs);
  const differing = differingOverSeeds(runs);
  return {
    format: 'karelscope-study',
    version: 1,
    preset: first.preset,
    seeds: runs.map(({ seed }) => seed),
    settings: first.settings,
    modelSha256: runs.map(({ modelSha256 }) => modelSha256),
    plan: planRemark(
      first.preset,
      runs.map(({ seed }) => seed),
    ),
    claims: testClaims(PRIMARY_CLAIMS, runs),
    secondary: testClaims(SECONDARY_CLAIMS, runs),
    ...(exploratory.length > 0 && { exploratory }),
    checkpoints: checkpointsOverSeeds(runs),
    shares: sharesOverSeeds(runs),
    contrasts: contrastsOverSeeds(runs),
    ...(differing && { differing }),
    regressions: regressionsOverSeeds(runs),
  };
}
