/** @file The report: one self-contained page from the results of one run. Chapter 11. */

import { progressOf } from '../results/reached.ts';
import type { Results } from '../results/results.ts';
import type { RunFacts } from '../results/run-facts.ts';
import { baselinesSection } from './baselines-section.ts';
import { causalSection } from './causal-section.ts';
import { limitsSection, paperSection } from './closing-sections.ts';
import { controlSection } from './control-section.ts';
import { glossarySection } from './glossary.ts';
import { html, raw } from './html.ts';
import { layerSection } from './layer-section.ts';
import { lookAheadSection } from './look-ahead-section.ts';
import { permutationSection } from './permutation-section.ts';
import { contentSection, numbersSection, offsetSection, semanticsSection } from './probe-sections.ts';
import { programSection } from './program-section.ts';
import { regressionSection } from './regression-section.ts';
import { hasControl } from './select.ts';
import { sourceNote } from './source.ts';
import { STYLE } from './style.ts';
import {
  overviewFigure,
  questionSection,
  runSection,
  tiles,
  worldSection,
  writingSection,
} from './training-sections.ts';
import { stepsText, unfinishedNote } from './unfinished.ts';

const CONTENTS = [
  ['question', 'Question'],
  ['world', 'World'],
  ['writing', 'Writing programs'],
  ['programs', 'Beside the reference'],
  ['control', 'Branches and loops'],
  ['content', 'Reading the robot'],
  ['regression', 'Rising together?'],
  ['offsets', 'Ahead and back'],
  ['ahead', 'Looking ahead'],
  ['semantics', 'Model or probe?'],
  ['baselines', 'Beside the baselines'],
  ['permutations', 'All meanings'],
  ['layers', 'Layers'],
  ['use', 'Used?'],
  ['limits', 'Limits'],
  ['paper', 'Beside the paper'],
  ['run', 'Run'],
  ['numbers', 'All numbers'],
  ['glossary', 'Glossary'],
] as const;

/**
 * The text of `index.html`. It loads nothing: style and figures are inside, there is no script, and its content policy
 * forbids requests. Results of an unfinished run give a page that says, first of all, how far it came and what is missing.
 */
export function renderReport(results: Results, facts: RunFacts): string {
  const reached = progressOf(results).ended ? '' : ` · step ${stepsText(results)}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>karelscope: ${results.preset}, seed ${results.seed}</title>
<style>${raw(STYLE)}</style></head>
<body><header><p class="kicker">karelscope · ${results.preset} · seed ${results.seed}${reached}</p>
<h1>Does a model that only sees text learn what programs mean?</h1>
<p class="lede">A small language model is trained on programs for a robot that it never sees. This report follows it through training: what it writes, and what can be read from its hidden states about the robot, beside everything that such a reading must be compared with.</p>
${unfinishedNote(results)}${tiles(results, facts)}
<nav aria-label="Contents"><ol>${CONTENTS.filter(([id]) => id !== 'control' || hasControl(results)).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
${overviewFigure(results)}
${sourceNote()}</header>
<main>
${questionSection()}
${worldSection(results)}
${writingSection(results)}
${programSection(results)}${controlSection(results)}
${contentSection(results)}
${regressionSection(results)}
${offsetSection(results)}
${lookAheadSection(results)}
${semanticsSection(results)}
${baselinesSection(results)}
${permutationSection(results)}
${layerSection(results)}
${causalSection(results)}
${limitsSection(results)}
${paperSection(results)}
${runSection(results, facts)}
${numbersSection(results)}
${glossarySection(results)}
</main>
<footer>Made by karelscope from results.json, without dates or paths: the same results give the same page.</footer>
</body></html>
`;
  return page.markup;
}
