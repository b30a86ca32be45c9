/** @file One action earlier, over seeds. Chapter 11. */

import type { StudyResults } from '../results/study-results.ts';
import { BEFORE_TITLE, beforeIntro, beforeLines, beforeSentences, beforeTable } from './before-section.ts';
import { evidenceBeforeOverSeeds, evidenceOverSeeds } from './evidence-numbers.ts';
import { type Html, html } from './html.ts';
import { studied } from './source.ts';

/** Undefined where no seed has probes of offset -1 with enough programs. */
export function studyBeforeSubsection(study: StudyResults): Html | undefined {
  const before = evidenceBeforeOverSeeds(study);
  const lines = before ? beforeLines(evidenceOverSeeds(study), before) : [];
  if (lines.length === 0) return undefined;
  const shown = 'contrasts[] (feature mean, actionsLeft all)';
  return html`<h3>${BEFORE_TITLE}</h3>
${beforeIntro(study.settings)}
<ul>${beforeSentences(lines).map((line) => html`<li>${line}</li>`)}</ul>
${beforeTable(lines, 'One action earlier: differences of usable information, mean over the features, over seeds', studied(`before.${shown}`, shown))}
<p>The claims that were asked of these numbers stand <a href="#afterwards">apart</a>: they were made after results were known.</p>`;
}
