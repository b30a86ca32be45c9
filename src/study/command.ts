/** @file What to type to go on with a run. Appendix B. */
import { PRESETS } from './presets.ts';
import type { RunPlan } from './run.ts';
import { optionName, SETTING_NAMES, type SettingName, withOverrides } from './settings.ts';

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
