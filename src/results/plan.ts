/** @file Which seeds the analysis plan names, and whether these are they. Chapter 13. */

/** By preset: results/analysis-plan.md. Other presets have no plan, or one whose seeds were used up by what was learnt from them. */
export const PLANNED_SEEDS: Readonly<Record<string, readonly string[]>> = {
  tiny: ['9', '10', '11', '12', '13', '14', '15', '16', '17', '18'],
};

/** What is said of claims that came after it, without a full stop. */
export const ASKED_LATER =
  'asked after results had been seen, and named by no plan: read the verdicts as exploration, whichever the seeds';

/** What the plan of this preset says of these seeds, without a full stop. */
export function planRemark(preset: string, seeds: readonly string[]): string {
  const planned = PLANNED_SEEDS[preset];
  if (!planned) return `no plan names seeds of ${preset}: read the verdicts as exploration`;
  const named = `results/analysis-plan.md names seeds ${planned.join(', ')} of ${preset}`;
  const missing = planned.filter((seed) => !seeds.includes(seed));
  const others = seeds.filter((seed) => !planned.includes(seed));
  if (missing.length === 0 && others.length === 0) return `these are the planned seeds: ${named}`;
  const differ = [
    ...(others.length > 0 ? [`${others.join(', ')} here ${others.length === 1 ? 'is' : 'are'} none of them`] : []),
    ...(missing.length > 0 ? [`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not here`] : []),
  ];
  return `these are not the planned seeds, so read the verdicts as exploration: ${named}; ${differ.join('; ')}`;
}

/** The seed with which `--seeds` begins where none is given: the plan's first, else 1. */
export function firstSeed(preset: string): string {
  return PLANNED_SEEDS[preset]?.[0] ?? '1';
}
