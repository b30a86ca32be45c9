/** @file The claims as people read them: lines for a terminal, a table for a page on GitHub. Chapter 10. */
import type { ClaimResult, StudyResults } from './study-results.ts';

/** Three significant digits. */
const digits = (value: number): string => Number(value.toPrecision(3)).toString();

const seedsKnown = ({ values }: ClaimResult): number => values.filter((value) => value !== null).length;

function meanWithInterval({ mean, interval }: ClaimResult): string {
  if (mean === null) return 'not measured';
  return interval ? `${digits(mean)} [${digits(interval.low)}, ${digits(interval.high)}]` : digits(mean);
}

/** A line a claim: verdict, name, mean and interval, corrected p. */
export function describeClaims(claims: readonly ClaimResult[]): string[] {
  return claims.map((claim) => {
    const p = claim.correctedP === null ? '' : `, corrected p ${digits(claim.correctedP)}`;
    const seeds = seedsKnown(claim);
    return `${claim.verdict.padEnd(10)} ${claim.id.padEnd(20)} ${meanWithInterval(claim)}${p}, ${seeds} seed${seeds === 1 ? '' : 's'}`;
  });
}

/** The seeds that the analysis plan names, by preset. */
export const PLANNED_SEEDS: Readonly<Record<string, readonly string[]>> = {
  tiny: ['3', '4', '5', '6', '7'],
  small: ['2', '3', '4'],
};

const OWN_RUNS = Object.entries(PLANNED_SEEDS).map(
  ([preset, seeds]) => `${preset}, seeds ${seeds[0]} to ${seeds.at(-1)}`,
);

/** Where the claims come from; without a full stop. True beside any results, since these do not tell when they were made. */
export const PLAN_REMARK =
  'the claims, their numbers and the rules are those of results/analysis-plan.md in the repository, which was written ' +
  `down before karelscope’s own runs (${OWN_RUNS.join('; ')}); two claims, rank and phases, were amended while these were ` +
  'being trained and before any probe of theirs, from pilot seeds alone';

/** `claims.md`: all tables of claims. */
export function claimsMarkdown(study: StudyResults): string {
  const { preset, seeds, claims, secondary, postHoc } = study;
  return `# Claims: \`${preset}\`, seeds ${seeds.join(', ')}

Made by \`karelscope report\` from the results of every seed; ${PLAN_REMARK}.

*Supported* and *refuted* need a p below 0.05 after Holm's correction over the table, *undecided* is everything else. Intervals are
Student's, 95 %, over seeds.

${table(claims)}
## Secondary: each feature, and linear probes

${table(secondary)}
## Post hoc: asked after the results of tiny were known

No plan made these claims, no verdict above rests on them, and their correction is over this table alone.

${table(postHoc, 'post hoc')}`;
}

function table(claims: readonly ClaimResult[], others = 'its readers'): string {
  const rows = claims.map((claim) => {
    const p = [claim.p, claim.correctedP].map((value) => (value === null ? '' : digits(value)));
    const of = claim.paper ? 'paper' : others;
    return `| ${claim.id} | ${claim.claim} | ${of} | ${claim.number} | ${meanWithInterval(claim)} | ${p.join(' | ')} | ${seedsKnown(claim)} | **${claim.verdict}** |`;
  });
  return [
    '| id | claim | asked by | number of a seed | mean [interval] | p | corrected p | seeds | verdict |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
