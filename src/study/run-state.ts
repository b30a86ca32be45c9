/** @file How far a run has got, and how to go on with it. Chapter 8. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { latestCheckpoint, resumableStep } from './checkpoints.ts';
import { StudyError } from './errors.ts';
import { PRESETS } from './presets.ts';
import type { RunDirectory, RunPlan } from './run-directory.ts';
import { optionName, SETTING_NAMES, type SettingName, withOverrides } from './settings.ts';

export function trainingHasEnded(run: RunDirectory): boolean {
  return latestCheckpoint(run) === run.plan.settings.steps;
}

/** `training has not ended (step 400 of 1000)`: the step is that from which it goes on. */
export function trainingState(run: RunDirectory): string {
  const { steps } = run.plan.settings;
  return `training has ${trainingHasEnded(run) ? '' : 'not '}ended (step ${resumableStep(run) ?? 0} of ${steps})`;
}

/** Throws {@link StudyError}, with the command that goes on with the run, unless its training has ended. */
export function refuseBeforeEnd(run: RunDirectory): void {
  if (trainingHasEnded(run)) return;
  throw new StudyError(`${run.path}: ${trainingState(run)}: go on with ${reproduceCommand(run)}`);
}

/** The steps of the plan whose traces are there; their files are written all at once. */
export function tracedSteps(run: RunDirectory): number[] {
  return run.checkpointSteps().filter((step) => existsSync(join(run.traces(step), 'evaluation.json')));
}

/**
 * What to type for a run, with an option for each setting that is not the preset's; with `seeds`, for so many runs in one
 * directory, of the plan's seed and the next ones.
 */
export function reproduceCommand({ path, plan }: { path: string; plan: RunPlan }, seeds?: number): string {
  const { settings } = plan;
  const own = PRESETS.find(({ name }) => name === plan.preset)?.settings;
  const differing = (from: Readonly<Record<string, unknown>>): SettingName[] =>
    SETTING_NAMES.filter((name) => from[name] !== settings[name]);
  const first = differing(own ?? settings);
  const given = Object.fromEntries(first.map((name) => [name, settings[name]]));
  const rest = own ? differing(withOverrides(own, given)) : [];
  const options = [...first, ...rest].flatMap((name) => [`--${optionName(name)}`, quoted(String(settings[name]))]);
  const seed = ['--seed', quoted(plan.seed), ...(seeds === undefined ? [] : ['--seeds', String(seeds)])];
  return ['karelscope reproduce', plan.preset, ...seed, ...options, '--out', quoted(path)].join(' ');
}

/** As a shell takes it for one word. */
const quoted = (text: string): string => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
