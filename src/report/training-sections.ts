/** @file The first half of the report: question, world, what the model learns to write, and the run itself. Chapter 11. */

import { progressOf } from '../results/reached.ts';
import type { Results } from '../results/results.ts';
import type { RunFacts } from '../results/run-facts.ts';
import { figures, key } from './figure.ts';
import { decimal, duration, hasWidth, percent } from './format.ts';
import { type Html, html, raw } from './html.ts';
import { overviewRole, overviewSvg } from './overview.ts';
import { phaseKey } from './phase-key.ts';
import { accuracyText, lengthText, phaseRuleText, phasesText } from './prose.ts';
import { DEPTH_NAMES, lastCheckpoint, lengthUnit, mainDepth } from './select.ts';
import { sourceLine, traced } from './source.ts';
import { actionTable, checkpointTable, exampleTable, runTable, settingsTable, stageTable } from './tables.ts';
import { PAGE_THEME } from './theme.ts';
import { accuracyChart, distinctChart, lengthChart, perplexityChart } from './training-charts.ts';
import { isComplete, stepsText } from './unfinished.ts';
import { worldRows, worldSvg } from './world-svg.ts';

/** The numbers of the run at a glance. */
export function tiles(results: Results, facts: RunFacts): Html {
  const last = lastCheckpoint(results);
  const { ended } = progressOf(results);
  const entries = [
    [`test specifications solved${ended ? '' : ' so far'}`, percent(last?.generativeAccuracy)],
    ['parameters', decimal(results.parameters)],
    ['training steps', stepsText(results)],
    ['training tokens', decimal(last?.tokens)],
    [isComplete(results) ? 'time, whole study' : 'time so far', duration(facts.seconds)],
    ['processor threads', decimal(facts.threads)],
  ] as const;
  return html`<dl class="tiles">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export function overviewFigure(results: Results): Html | undefined {
  if (results.checkpoints.length < 2) return undefined;
  const size = (name: string, width: number, height: number) =>
    raw(overviewSvg(results, PAGE_THEME, width, height, `class="plot ${name}" ${overviewRole(results)}`));
  const phases = phaseKey(results);
  const shading = phases.length > 0 ? ' The shaded bands are phases by a rule of ours, stated below.' : '';
  return html`<figure class="overview"><h3>The run in one picture</h3>
<p class="unit">three measures over the same training steps; the last is usable information, as a share of label entropy</p>
${phases.length > 0 ? key(phases) : undefined}${size('wide', 900, 430)}${size('narrow', 440, 470)}
<figcaption>How to read this: what stands on one vertical line was measured on the same model. The top curve is what the model can do, the middle how varied its programs are, the bottom how much of the robot’s direction a probe (${DEPTH_NAMES[mainDepth(results)]}) can read from its hidden states.${shading}${sourceLine(
    {
      keys: ['checkpoints[].generativeAccuracy', 'checkpoints[].distinctPrograms', 'probes[].informationShare'],
      commands: ['trace', 'probe'],
    },
  )}</figcaption></figure>`;
}

export function questionSection(): Html {
  return html`<section id="question"><h2>The question</h2>
<p>A language model is trained to guess the next symbol of a text, and nothing else. When the text is a program, the symbols have a meaning: run the program and a robot moves. The model never sees the robot move. It sees pictures of the world before and after, and then the text of a program that leads from one to the other.</p>
<p>Does such a model only learn which symbols tend to follow which, or does it come to keep track of <em>where the robot is and where it faces</em>, step by step, as the program that it writes would be run? That is the question of Jin and Rinard (<a href="https://arxiv.org/abs/2305.11169">ICML 2024</a>). This report repeats their study at a small scale, with one run of a small model.</p>
<p>First comes what the model writes as it is trained; then what a probe reads from its hidden states; then whether that says something of the model or of the probe; then whether the model uses it. Limits and the paper’s own numbers follow, and at the end tables to look things up.</p></section>`;
}

export function worldSection(results: Results): Html {
  const example = lastCheckpoint(results)?.example;
  const intro = html`<p>Karel is a robot on a grid with walls. It knows five actions: <code>move</code>, <code>turnLeft</code>, <code>turnRight</code>, <code>pickMarker</code> and <code>putMarker</code>. A <em>specification</em> is a few pairs of worlds, before and after; to solve it is to write a program that leads from each first world to its second.</p>`;
  if (!example || worldRows(example.input).length === 0) {
    return html`<section id="world"><h2>The world</h2>${intro}<p>No example has been written yet.</p></section>`;
  }
  const step = decimal(lastCheckpoint(results)!.step);
  return html`<section id="world"><h2>The world</h2>${intro}
<figure class="overview"><h3>One pair of a test specification</h3>
<div class="worlds"><div><p class="unit">before</p>${raw(worldSvg(example.input, 'World before'))}</div><span class="arrow" aria-hidden="true">→</span><div><p class="unit">after</p>${raw(worldSvg(example.output, 'World after'))}</div></div>
<figcaption>How to read this: the arrowhead is the robot and points where it faces, discs are markers with their number, dark cells are walls. Programs were drawn at random to make such pairs; this one was made by <code>${example.reference}</code>. At step ${step} the model wrote <code>${example.generated || '(nothing)'}</code>, which is ${example.correct ? 'right' : 'wrong'}: any program with the same effect on every given pair counts as right. The robot hides the markers of its own cell.${sourceLine(traced('example'))}</figcaption></figure></section>`;
}

export function runSection(results: Results, facts: RunFacts): Html {
  return html`<section id="run"><h2>The run</h2>
<p>Everything on this page comes from one run. The same settings and seed give the same weights on the same kind of arithmetic, for any number of threads; the SHA-256 says whether yours did.</p>
${runTable(results, facts)}
<details><summary>Time by stage, and all settings</summary>${stageTable(facts)}${settingsTable(results)}</details></section>`;
}

export function writingSection(results: Results): Html {
  const last = lastCheckpoint(results);
  if (!last)
    return html`<section id="writing"><h2>Learning to write programs</h2><p>${accuracyText(results)}</p></section>`;
  const bands = results.checkpoints.some(({ programs }) => hasWidth(programs.generativeAccuracy.interval))
    ? ' The pale bands are 95 % intervals: how much another choice of test specifications might have changed.'
    : '';
  return html`<section id="writing"><h2>Learning to write programs</h2>
<p class="lede">${accuracyText(results)} ${lengthText(results)}</p>
<p>As journalists report the study, its authors saw three phases: <em>babbling</em>, when the model repeats itself; <em>syntax</em>, when its programs become varied but seldom right; and <em>meaning</em>, when they become right. They give no rule for where one ends, so we use one of our own.</p>
<div class="note"><p><b>The phases in these figures follow a rule of ours, not of the paper.</b> ${phaseRuleText()}</p><p>${phasesText(results)} Between two checkpoints nothing was measured, so each border is only as exact as their distance. A curve that rises steadily has a change point too, near its middle: the rule does not show that anything happened suddenly. And a rule that asks for accuracy cannot show by itself that meaning was learnt; what the probes can add to that is below.</p></div>
${figures(
  [
    {
      title: 'Test specifications solved',
      unit: `share of ${decimal(last.specifications)} test specifications`,
      svg: accuracyChart(results),
      source: traced('generativeAccuracy', 'unseenAccuracy'),
      how: `How to read this: the solid line counts a program as right if it maps every given input to its output; the dashed line also asks it to be right on five inputs that the model has not seen.${bands}`,
    },
    {
      title: 'Different programs',
      unit: `distinct programs among those written for ${decimal(last.specifications)} specifications`,
      svg: distinctChart(results),
      source: traced('distinctPrograms'),
      how: 'How to read this: near the bottom the model answers almost every specification with the same few programs; higher means that it answers different specifications differently.',
    },
    {
      title: 'Program length',
      unit: `mean number of ${lengthUnit(results)}`,
      svg: lengthChart(results),
      source: traced('meanLength', 'referenceLength'),
      how: `How to read this: the dashed line is the length of the programs from which the specifications were made; where the solid line lies below it, the written programs are shorter, right or wrong.${bands}`,
    },
    {
      title: 'Perplexity',
      unit: 'per token on the test split, logarithmic; 1 is certainty',
      svg: perplexityChart(results),
      source: traced('programPerplexity', 'gridPerplexity', 'ownProgramPerplexity'),
      how: `How to read this: a perplexity of 3 is as uncertain as a fair choice among three tokens. The lines of grids and of reference programs cannot reach 1: random worlds cannot be foreseen, and the reference program is one of many right ones. “Own program”: how sure the model is of the programs that it writes itself.`,
    },
  ],
  phaseKey(results),
)}
<h3>What it wrote</h3>
${exampleTable(results)}
<h3>Which actions it used</h3>
${actionTable(results)}
<details><summary>All numbers of these figures</summary>${checkpointTable(results)}</details></section>`;
}
