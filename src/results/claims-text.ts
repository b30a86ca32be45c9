/** @file The claims as people read them: lines for a terminal, a table for a page on GitHub. Chapter 13. */
import { ASKED_LATER } from './plan.ts';
import type { ClaimResult, StudyResults } from './study-results.ts';

/** Three significant digits. */
const digits = (value: number): string => Number(value.toPrecision(3)).toString();

/** `0.0205 [0.0128, 0.0283]`; every value where there is no interval. */
function meanWithInterval({ mean, interval, values }: ClaimResult): string {
  if (mean === null) return 'not measured';
  if (interval) return `${digits(mean)} [${digits(interval.low)}, ${digits(interval.high)}]`;
  return values.length > 1
    ? `${digits(mean)} (${values.map((value) => (value === null ? '-' : digits(value))).join(', ')})`
    : digits(mean);
}

/** Why a claim could not have been supported, or nothing. */
function lacking({ seedsWithout, fewestSeeds, values }: ClaimResult): string {
  if (seedsWithout.length > 0) return `no number of seed ${seedsWithout.join(', ')}`;
  return values.length < fewestSeeds ? `needs ${fewestSeeds} seeds` : '';
}

/** A line a claim: verdict, name, mean and interval, corrected p. */
export function describeClaims(claims: readonly ClaimResult[]): string[] {
  return claims.map((claim) => {
    const p = claim.correctedP === null ? '' : `, corrected p ${digits(claim.correctedP)}`;
    const why = lacking(claim);
    return `${claim.verdict.padEnd(10)} ${claim.id.padEnd(20)} ${meanWithInterval(claim)}${p}${why && `; ${why}`}`;
  });
}

/** `claims.md`: the table of claims, and the secondary ones. */
export function claimsMarkdown({ preset, seeds, plan, claims, secondary, exploratory }: StudyResults): string {
  return `# Claims: \`${preset}\`, seeds ${seeds.join(', ')}

Made by \`karelscope report\` from the results of every seed; ${plan}.

*Supported* and *refuted* need a p below 0.05 after Holm's correction over the table, *undecided* is everything else. Intervals are
Student's, 95 %, over seeds, and are not corrected; ranks, and values that mostly tie, are listed. With fewer than the *fewest* seeds a claim could not
be supported, whatever they showed. Information is that of probes with one hidden layer, mean over the features, of the state before the action
that is being written (offset -1), unless said.

${table(claims)}
## Secondary

Each claim about information for each feature, for linear probes, and of the state after the action that is being written (offset 0); and what the trained
model shows alone. No verdict above rests on them; their correction is over this table.

${table(secondary)}${exploratory ? later(exploratory) : ''}`;
}

function later(claims: readonly ClaimResult[]): string {
  return `
## Exploratory

These were ${ASKED_LATER}. Their correction is over this table.

${table(claims)}`;
}

function table(claims: readonly ClaimResult[]): string {
  const rows = claims.map((claim) => {
    const p = [claim.p, claim.correctedP].map((value) => (value === null ? '' : digits(value)));
    const { id, claim: sentence, paper, number, test, fewestSeeds, verdict } = claim;
    const why = lacking(claim);
    return `| ${id} | ${sentence} | ${paper ? 'paper' : 'its readers'} | ${number} | ${meanWithInterval(claim)} | ${test} | ${p.join(' | ')} | ${fewestSeeds} | **${verdict}**${why && `, ${why}`} |`;
  });
  return [
    '| id | claim | asked by | number of a seed | mean [interval] | test | p | corrected p | fewest | verdict |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
