/** @file The page of several seeds: which claims they support, and the numbers behind them. Chapter 11. */

import type { Results } from '../results/results.ts';
import type { StudyResults } from '../results/study-results.ts';
import { capitalised, countWord, decimal } from './format.ts';
import { glossarySection } from './glossary.ts';
import { type Html, html, raw } from './html.ts';
import { aheadSection, meanPercent, ranksSection, studyBaselinesSection } from './study-baselines.ts';
import { claimsSection, secondarySection } from './study-claims.ts';
import { curvesSection } from './study-curves.ts';
import { studyCausalSection, studyLayersSection } from './study-model.ts';
import { studyDataSection, studyLimitsSection, studyPaperSection, studyRegressionSection } from './study-paper.ts';
import { STYLE } from './style.ts';

const CONTENTS = [
  ['claims', 'Claims'],
  ['curves', 'Training'],
  ['baselines', 'Model or probe?'],
  ['ahead', 'Looking ahead'],
  ['ranks', 'All meanings'],
  ['layers', 'Layers'],
  ['use', 'Used?'],
  ['regressions', 'Rising together?'],
  ['paper', 'Beside the paper'],
  ['limits', 'Limits'],
  ['secondary', 'Secondary claims'],
  ['data', 'Data'],
  ['glossary', 'Glossary'],
] as const;

function tiles({ seeds, checkpoints, preset }: StudyResults, runs: readonly Results[]): Html {
  const last = checkpoints.at(-1);
  const entries = [
    ['preset', preset],
    ['seeds', decimal(seeds.length)],
    ['solved, mean over seeds', last ? meanPercent({ ...last.generativeAccuracy, interval: null }) : '–'],
    ['parameters of a model', decimal(runs[0]?.parameters)],
    ['training steps', decimal(last?.step)],
  ] as const;
  return html`<dl class="tiles">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/**
 * The text of a study's `index.html`, beside which the runs lie in seed-N. It loads nothing, as the page of a run. `command`
 * is what to type to make the runs anew in STUDY; null where no one command does.
 */
export function renderStudy(study: StudyResults, runs: readonly Results[], command: string | null): string {
  const seeds = study.seeds.join(', ');
  const count = study.seeds.length;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>karelscope: ${study.preset}, seed${count === 1 ? '' : 's'} ${seeds}</title>
<style>${raw(STYLE)}</style></head>
<body><header><p class="kicker">karelscope · ${study.preset} · seed${count === 1 ? '' : 's'} ${seeds}</p>
<h1>Do language models learn what programs mean? ${capitalised(countWord(count))} seed${count === 1 ? '' : 's'}</h1>
<p class="lede">A small language model learns to write programs for a robot, by guessing the next symbol of texts only. It never sees the robot move. Do its hidden states come to hold where the robot is and where it faces, as the program would be run? That is the question of Jin and Rinard (<a href="https://arxiv.org/abs/2305.11169">ICML 2024</a>), asked again here at a small scale, ${count === 1 ? 'with one model' : `with ${countWord(count)} models that differ only in their seed`}.</p>
<p>A <em>probe</em> is a small classifier that tries to tell the robot’s state from a hidden state. <em>Information</em> is how many bits it saves against knowing only how often each state occurs, as a share of all there is to know, on test programs. The <a href="#glossary">glossary</a> at the end tells what other words mean, and the page of each seed explains every measure: ${runs.map(({ seed }, index) => html`${index > 0 ? ', ' : ''}<a href="seed-${seed}/report/index.html">seed ${seed}</a>`)}.</p>
${tiles(study, runs)}
<nav aria-label="Contents"><ol>${CONTENTS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav></header>
<main>
${claimsSection(study)}
${curvesSection(study, runs)}
${studyBaselinesSection(study)}
${aheadSection(runs)}
${ranksSection(runs)}
${studyLayersSection(runs)}
${studyCausalSection(study, runs)}
${studyRegressionSection(study)}
${studyPaperSection(study, runs)}
${studyLimitsSection(study, runs)}
${secondarySection(study)}
${studyDataSection(runs, command)}
${glossarySection(runs[0]!)}
</main>
<footer>Made by karelscope from study.json and the results of the seeds, without dates or paths: the same results give the same page.</footer>
</body></html>
`;
  return page.markup;
}
