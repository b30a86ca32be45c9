/** @file The claims table: what several seeds support, refute or leave open. Chapter 11. */

import { FEWEST_SEEDS, LEVEL } from '../results/claim-tests.ts';
import type { ClaimResult, StudyResults, Verdict } from '../results/study-results.ts';
import { claimMean, claimSvg, VERDICTS } from './claim-plot.ts';
import { capitalised, countWord, decimal, isFiniteNumber, listing, pText } from './format.ts';
import { type Html, html, raw } from './html.ts';
import { studied } from './source.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';

const VERDICT_CLASS: Readonly<Record<Verdict, string>> = { supported: 'right', refuted: 'wrong', undecided: 'whole' };

export function verdictMark(verdict: Verdict): Html {
  return html`<b class="${VERDICT_CLASS[verdict]}">${VERDICTS[verdict].symbol} ${verdict}</b>`;
}

const COLUMNS: Column<ClaimResult>[] = [
  {
    name: 'claim',
    kind: 'text',
    cell: ({ claim, id, number }) => html`${claim}<span class="interval"><code>${id}</code>: ${number}</span>`,
  },
  { name: 'verdict', kind: 'whole', cell: ({ verdict }) => verdictMark(verdict) },
  {
    name: 'mean over seeds',
    numeric: true,
    cell: (claim) => {
      const { mean, interval } = claimMean(claim);
      return html`${mean}<span class="interval">${interval}</span>`;
    },
  },
  { name: '← against · for →', cell: (claim) => raw(claimSvg(claim, PAGE_THEME)) },
  { name: 'corrected p', numeric: true, cell: ({ correctedP }) => pText(correctedP) },
  {
    name: 'seeds, of those needed',
    numeric: true,
    cell: ({ values, fewestSeeds, seedsWithout }) =>
      `${decimal(values.filter(isFiniteNumber).length)} of ${decimal(fewestSeeds)}${seedsWithout.length > 0 ? `; none of seed ${seedsWithout.join(', ')}` : ''}`,
  },
  { name: 'test', kind: 'whole', cell: ({ test }) => test },
  { name: 'asked by', kind: 'whole', cell: ({ paper }) => (paper ? 'the paper' : 'its readers') },
];

const SOURCE_COLUMNS = (key: string) => studied(`${key}[]`);

/** `Of fifteen claims, three are supported, ...`. */
export function verdictsText(claims: readonly ClaimResult[]): string {
  const names = Object.keys(VERDICTS) as Verdict[];
  const parts = names.map((name) => {
    const count = claims.filter(({ verdict }) => verdict === name).length;
    return `${count === 0 ? 'none' : countWord(count)} ${count === 1 ? 'is' : 'are'} ${name}`;
  });
  return `Of ${decimal(claims.length)} claims, ${listing(parts)}.`;
}

/** Which claims are decided, by name. */
function decidedText(claims: readonly ClaimResult[]): Html | undefined {
  const of = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict).map(({ claim }) => claim);
  const lines = (['supported', 'refuted'] as const).flatMap((verdict) => {
    const found = of(verdict);
    return found.length > 0 ? [html`<li><b>${capitalised(verdict)}:</b> ${found.join(' ')}</li>`] : [];
  });
  return lines.length > 0 ? html`<ul>${lines}</ul>` : undefined;
}

export function claimsSection(study: StudyResults): Html {
  const { claims, seeds } = study;
  const few =
    seeds.length < FEWEST_SEEDS
      ? html`<div class="note"><p><b>${seeds.length === 1 ? 'One seed decides' : `${capitalised(countWord(seeds.length))} seeds decide`} nothing:</b> with fewer than ${countWord(FEWEST_SEEDS)} every claim is undecided by rule, whatever its number.</p></div>`
      : undefined;
  return html`<section id="claims"><h2>The claims</h2>
<p class="lede">${verdictsText(claims)}</p>
<p><em>Flip</em> and <em>adversarial</em> are other rules under which the same programs are run: under flip the two turns are exchanged, and picking with putting, under adversarial every action means something else. A model that follows the real rules should have hidden states from which the real, <em>original</em> states are easier to read. A <em>record</em> is the text of the program before the action that is being written, with the input grid or with both grids: what a probe reads from it needs no model. <em>Generative accuracy</em> is the share of test specifications solved, and a <em>change point</em> the checkpoint at which a curve goes over to another level.</p>
${decidedText(claims)}
${few}
${table('Every claim, with its number of each seed', COLUMNS, claims, SOURCE_COLUMNS('claims'))}
<p>How to read this: a circle is a seed, the diamond their mean, the line its 95 % interval; what lies right of the upright line is as claimed. The line is at 0, for ranks at what chance gives. Every row has a scale of its own.</p>
<h3>How a verdict comes about</h3>
<ul>
<li>${capitalised(study.plan)}.</li>
<li>Each seed gives one number. Student’s t test asks whether their mean differs from 0. Values that mostly tie, or are all equal, have the exact sign test; ranks an exact test of their sum against ranks drawn at random. A claim that lacks the number of a seed is undecided.</li>
<li>Who asks many questions gets some striking answers by chance. Holm’s correction raises each p for the number of claims in the table.</li>
<li><b>Supported</b>: corrected p below ${decimal(LEVEL, 2)}, and the mean on the claimed side. <b>Refuted</b>: the same, on the other side. <b>Undecided</b>: all else; it means that these seeds do not tell, not that nothing is there. With fewer seeds than a claim <em>needs</em>, nothing they show could support it.</li>
</ul></section>`;
}

export function secondarySection({ secondary }: StudyResults): Html {
  return html`<section id="secondary"><h2>Secondary claims</h2>
<p>Each claim about information again, for each feature, for linear probes and at offset 0; and what the trained model shows alone. They have a correction of their own, and no verdict above rests on them. ${verdictsText(secondary)}</p>
<details><summary>All secondary claims</summary>${table('Secondary claims', COLUMNS, secondary, SOURCE_COLUMNS('secondary'))}</details></section>`;
}
