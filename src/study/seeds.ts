/** @file One study of several seeds: a run for each, and what they show together. Chapter 10. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { testClaims } from '../results/claim-tests.ts';
import { PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../results/claims.ts';
import { claimsMarkdown, describeClaims } from '../results/claims-text.ts';
import {
  checkpointsOverSeeds,
  contrastsOverSeeds,
  regressionsOverSeeds,
  sharesOverSeeds,
} from '../results/over-seeds.ts';
import { planRemark } from '../results/plan.ts';
import type { Results } from '../results/results.ts';
import { baselinesMarkdown } from '../results/sources.ts';
import type { StudyResults } from '../results/study-results.ts';
import { whyNotEnded } from './completeness.ts';
import { StudyError } from './errors.ts';
import { jsonText, writeTexts } from './files.ts';
import { type Context, reproduce } from './pipeline.ts';
import { collectResults, makeReport } from './report-stage.ts';
import { RunDirectory, type RunPlan } from './run-directory.ts';
import { reproduceCommand } from './run-state.ts';

/** Seeds `first`, `first` + 1 and so on. Throws {@link StudyError} if `first` is no whole number. */
export function seedsFrom(first: string, count: number): string[] {
  if (!/^\d+$/.test(first))
    throw new StudyError(`seed: ${JSON.stringify(first)} is no whole number, which --seeds needs`);
  return Array.from({ length: count }, (_, index) => String(BigInt(first) + BigInt(index)));
}

const runPath = (path: string, seed: string): string => join(path, `seed-${seed}`);

/** The seeds of which there are runs in a study's directory, in order; none for a directory that is no study's. */
function seedsIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const seeds = readdirSync(path).flatMap((name) => /^seed-(\d+)$/.exec(name)?.[1] ?? []);
  return seeds.sort((a, b) => Number(BigInt(a) - BigInt(b)));
}

/** The runs that lie in a study's directory, by seed. Throws {@link StudyError} where one cannot be opened. */
export function runsOf(path: string): RunDirectory[] {
  return seedsIn(path).map((seed) => RunDirectory.open(runPath(path, seed)));
}

/**
 * The whole study once for each seed, in `path`/seed-N, and then `study.json` and its report, of these seeds and of all others
 * that lie there. Throws {@link StudyError}, before anything is written, when `path` is a run or a file, or any run that lies
 * there, asked for or not, cannot be opened or was made with another preset or other settings.
 */
export async function reproduceSeeds(
  path: string,
  plan: Omit<RunPlan, 'seed'>,
  seeds: readonly string[],
  context: Context,
): Promise<void> {
  if (existsSync(join(path, 'settings.json'))) {
    throw new StudyError(`${path} holds a run of one seed: give another directory with --out`);
  }
  if (existsSync(path) && !statSync(path).isDirectory()) throw new StudyError(`${path} is a file, not a directory`);
  const others = seedsIn(path).filter((seed) => !seeds.includes(seed));
  for (const seed of others) RunDirectory.open(runPath(path, seed));
  for (const seed of [...seeds, ...others]) RunDirectory.find(runPath(path, seed), { ...plan, seed });
  for (const seed of seeds) await reproduce(RunDirectory.create(runPath(path, seed), { ...plan, seed }), context);
  await reportStudy(path, context);
}

/**
 * Writes `study.json`, `claims.txt`, `claims.md`, `claims.svg`, `baselines.md` and `index.html` from the runs that have ended, as
 * `whyNotEnded` has it, and the reports of these runs; says which are left out, and why. Throws {@link StudyError}, before
 * anything is written, where there is none or their settings differ.
 */
export async function reportStudy(path: string, { progress }: Pick<Context, 'progress'>): Promise<StudyResults> {
  const ended = runsOf(path).filter((run) => {
    const why = whyNotEnded(run);
    if (why !== undefined) progress.line(`seed ${run.plan.seed} is left out: ${why}`);
    return why === undefined;
  });
  const { renderClaimsSvg, renderStudy } = await import('../report/index.ts');
  const reports = await Promise.all(ended.map(makeReport));
  const runs = reports.map(({ results }) => results);
  const study = collectStudy(path, runs);
  const lines = describeClaims(study.claims);
  const command = studyCommand(ended.map(({ plan }) => plan));
  const texts = {
    [join(path, 'study.json')]: jsonText(study),
    [join(path, 'claims.txt')]: `${lines.join('\n')}\n`,
    [join(path, 'claims.md')]: claimsMarkdown(study),
    [join(path, 'baselines.md')]: baselinesMarkdown(runs),
    [join(path, 'claims.svg')]: renderClaimsSvg(study),
    [join(path, 'index.html')]: renderStudy(study, runs, command),
  };
  for (const report of reports) writeTexts(report.texts);
  writeTexts(texts);
  for (const line of lines) progress.line(line);
  progress.line(study.plan);
  progress.line(`report: ${resolve(path, 'index.html')}`);
  return study;
}

/** What each source tells, of a run or of every run of a study that has been probed. Throws {@link StudyError} where there is none. */
export function describeBaselines(path: string): string {
  const runs = runsOf(path);
  const results = (runs.length > 0 ? runs : [RunDirectory.open(path)]).map(collectResults);
  const probed = results.filter(({ evidence }) => evidence !== null);
  if (probed.length > 0) return baselinesMarkdown(probed);
  throw new StudyError(`${path}: no probes of the last checkpoint; make them with karelscope probe ${path}`);
}

/** What to type to make the runs of these plans anew in a directory STUDY; null unless their seeds follow each other. */
export function studyCommand(plans: readonly RunPlan[]): string | null {
  const seeds = plans.map(({ seed }) => seed);
  const [first] = plans;
  if (!first || !/^\d+$/.test(first.seed)) return null;
  if (seedsFrom(first.seed, seeds.length).join() !== seeds.join()) return null;
  return reproduceCommand({ path: 'STUDY', plan: first }, seeds.length);
}

/** What the results of several seeds show together; `path` is named where they do not fit together. Throws {@link StudyError}. */
export function collectStudy(path: string, runs: readonly Results[]): StudyResults {
  const [first] = runs;
  if (!first) throw new StudyError(`${path} holds no run of a seed that has ended (seed-N)`);
  const other = runs.find(({ settings }) => JSON.stringify(settings) !== JSON.stringify(first.settings));
  if (other)
    throw new StudyError(`${path}: the runs of seeds ${first.seed} and ${other.seed} differ in their settings`);
  return {
    format: 'karelscope-study',
    version: 1,
    preset: first.preset,
    seeds: runs.map(({ seed }) => seed),
    settings: first.settings,
    modelSha256: runs.map(({ modelSha256 }) => modelSha256),
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
    plan: planRemark(
      first.preset,
      runs.map(({ seed }) => seed),
    ),
    claims: testClaims(PRIMARY_CLAIMS, runs),
    secondary: testClaims(SECONDARY_CLAIMS, runs),
    checkpoints: checkpointsOverSeeds(runs),
    shares: sharesOverSeeds(runs),
    contrasts: contrastsOverSeeds(runs),
    regressions: regressionsOverSeeds(runs),
  };
}
