/** @file The second half of the report: what the probes read, ahead and back, and under other semantics. Chapter 11. */

import { progressOf } from '../results/reached.ts';
import type { FeatureName, Results } from '../results/results.ts';
import { type KeyEntry, type PanelFigure, panelFigure } from './figure.ts';
import { capitalised, countWord, decimal, listing } from './format.ts';
import { type Html, html } from './html.ts';
import { phaseKey } from './phase-key.ts';
import { accuracyDomain, contentChart, offsetChart, semanticsChart, semanticsDumbbell } from './probe-charts.ts';
import { contentText, semanticsText } from './prose.ts';
import {
  DEPTH_NAMES,
  type Depth,
  depthsOf,
  featuresOf,
  labelText,
  lastCheckpoint,
  lastProbeStep,
  layerText,
  mainDepth,
  offsetsOf,
  probeSeeds,
  semanticsOf,
} from './select.ts';
import { probed } from './source.ts';
import { labelTable, probeTable, skippedTable } from './tables.ts';

const CONTENT_MEANING = {
  direction: 'where the robot faces, one of four',
  position: 'how far it is from its start, columns and rows both right',
  obstacle: 'whether there is a wall in front of it, yes or no',
} as const;

const DEPTH_KEY: Record<Depth, KeyEntry> = {
  0: { label: DEPTH_NAMES[0], color: 'var(--orange)', dash: '', symbol: 'square' },
  1: { label: DEPTH_NAMES[1], color: 'var(--blue)', dash: '', symbol: 'circle' },
  2: { label: DEPTH_NAMES[2], color: 'var(--purple)', dash: '', symbol: 'diamond' },
};
const UNTRAINED: KeyEntry = {
  label: 'same probe, untrained model',
  color: 'var(--muted)',
  dash: '1 4',
  symbol: 'hollow',
};
const MAJORITY: KeyEntry = { label: 'majority class', color: 'var(--muted)', dash: '7 4' };
const TOO_FEW: KeyEntry = { label: 'too few: fewer than 500 test pairs', color: 'var(--muted)', symbol: 'cross' };

/** The entry of a figure that has symbols only. */
function withoutLine({ dash: _dash, ...entry }: KeyEntry): KeyEntry {
  return entry;
}

function tooFewKey(results: Results): KeyEntry[] {
  return results.probes.some((probe) => probe.tooFew && probe.n > 0) ? [TOO_FEW] : [];
}

/** A figure with one panel for each feature. */
function byFeature(
  results: Results,
  figure: Omit<PanelFigure, 'panels'>,
  draw: (feature: FeatureName) => string,
): Html {
  const panels = featuresOf(results).map((feature) => ({ title: capitalised(feature), svg: draw(feature) }));
  return panelFigure({ ...figure, panels });
}

/** Says so when the last checkpoint has no probes: the figures then stop before it. */
function unprobedText(results: Results): Html | undefined {
  const [probed, last] = [lastProbeStep(results), lastCheckpoint(results)?.step];
  if (probed === undefined || last === undefined || probed >= last) return undefined;
  const why = results.skippedProbes.find(({ step }) => step === last)?.reason;
  return html`<div class="note"><p>The last checkpoint with probes is that of step ${decimal(probed)}, not the last of the run (${decimal(last)})${why ? `: there was too little to train on (${why})` : ''}. The sentences below and all figures “at step ${decimal(probed)}” are about that earlier model.</p></div>`;
}

function missing(id: string, title: string): Html {
  return html`<section id="${id}"><h2>${title}</h2><p>This run has not been probed yet.</p></section>`;
}

export function contentSection(results: Results): Html {
  const title = 'Reading the robot from the hidden states';
  if (lastProbeStep(results) === undefined) return missing('content', title);
  const depths = depthsOf(results).map((depth) => DEPTH_KEY[depth]);
  const seeds = probeSeeds(results);
  return html`<section id="content"><h2>${title}</h2>
<p>For each test specification the model writes a program, right or wrong. That program is then run, which gives the robot’s true state after every action. A <em>probe</em>, a small classifier of its own, tries to tell that state from the model’s hidden state at the moment the action was written. The states in between were never shown to the model.</p>
<p>The hidden state is here ${layerText(results)}; the state asked for is the robot’s ${labelText(results)}.</p>
<p>Three features of the state are asked for: ${listing(featuresOf(results).map((feature) => `${feature} (${CONTENT_MEANING[feature]})`))}.</p>
<p>Two numbers say how well it reads. <b>Usable information</b> is how many bits the probe saves on the test traces against knowing only how frequent each label is, here as a share of all there is to know; it does not rise because a label becomes frequent, and it can be negative. <b>Accuracy</b> is what the paper calls semantic content; it must be read beside the <em>majority</em> class, which is what one gets without looking.</p>
<p>Information is asked of the state before the action that is being written (offset −1), which follows from what the model has read; accuracy, as in the paper, of the state after it (offset 0).</p>
<p>And a probe can learn a task by itself. So each probe is trained a second time on the hidden states of the <em>untrained</em> model reading the same programs. The distance to that line is what training the language model has added for such a probe.</p>
${unprobedText(results)}
<ul>${featuresOf(results).map((feature) => html`<li>${contentText(results, feature)}</li>`)}</ul>
${seeds > 1 ? html`<p>Numbers in figures and sentences are means over ${countWord(seeds)} probe seeds.</p>` : undefined}
${byFeature(
  results,
  {
    title: 'Usable information over training',
    unit: 'share of label entropy, original semantics, offset −1',
    key: [...depths, UNTRAINED, ...tooFewKey(results), ...phaseKey(results)],
    source: probed('original semantics, offset -1', 'informationShare', 'untrainedInformationShare'),
    how: 'How to read this: 0 is knowing nothing but frequencies, 100 % is knowing the label for certain; what counts is the distance from a solid line to the dotted line with the same symbol. A triangle pointing down stands for a value below the frame.',
  },
  (feature) => contentChart(results, feature, 'informationShare'),
)}
${byFeature(
  results,
  {
    title: 'Semantic content (accuracy) over training',
    unit: 'share of test pairs, original semantics, offset 0',
    key: [...depths, UNTRAINED, MAJORITY, ...tooFewKey(results), ...phaseKey(results)],
    source: probed('original semantics, offset 0', 'accuracy', 'majority', 'untrained'),
    how: `How to read this: compare each solid line with the dashed one (always the most frequent class) and with its dotted twin; its height alone says little.${accuracyDomain(results)[0] > 0 ? ' The axis does not begin at 0.' : ''}`,
  },
  (feature) => contentChart(results, feature, 'accuracy'),
)}</section>`;
}

export function offsetSection(results: Results): Html {
  const title = 'Ahead and back';
  const step = lastProbeStep(results);
  if (step === undefined) return missing('offsets', title);
  const offsets = offsetsOf(results, step);
  if (offsets.length < 2) {
    return html`<section id="offsets"><h2>${title}</h2><p>Only offset ${listing(offsets.map((offset) => decimal(offset)))} has been probed${progressOf(results).ended ? '' : ' so far: the others are asked of the last step’s model'}.</p></section>`;
  }
  return html`<section id="offsets"><h2>${title}</h2>
<p>At offset 0 the probe is asked for the state after the action that is being written. At +1 and +2 it is asked for states after actions that have not been written yet; at −1 and −2 for states that are past. If future states can be read better than follows from the present one, the model may have decided on them already. But states near each other are alike, so some of this comes for free: the dotted line shows how much an untrained model gives; how much follows from the present state alone is asked in the next section.</p>
${byFeature(
  results,
  {
    title: 'Usable information by offset',
    unit: `share of label entropy, original semantics, step ${decimal(step)}`,
    key: [...depthsOf(results, step).map((depth) => DEPTH_KEY[depth]), UNTRAINED, ...tooFewKey(results)],
    source: probed(`step ${step}, original semantics`, 'informationShare', 'untrainedInformationShare'),
    how: 'How to read this: the middle is the present, left the past, right the future. Each offset has test pairs of its own, because not every program has a state two actions away; compare with the untrained line at the same offset.',
  },
  (feature) => offsetChart(results, feature),
)}
<details><summary>All numbers by offset, with counts and majority</summary>${probeTable(results, `Probes by offset, original semantics, step ${decimal(step)}`, (probe) => probe.semantics === 'original')}</details></section>`;
}

export function semanticsSection(results: Results): Html {
  const title = 'In the model, or in the probe?';
  const step = lastProbeStep(results);
  if (step === undefined) return missing('semantics', title);
  const names = semanticsOf(results);
  const depth = DEPTH_NAMES[mainDepth(results)];
  const symbols = [...depthsOf(results, step).map((one) => DEPTH_KEY[one]), UNTRAINED].map(withoutLine);
  const semanticsKey: KeyEntry[] = [
    { label: 'original', color: 'var(--teal)', dash: '', symbol: 'circle' },
    { label: 'flip', color: 'var(--orange)', dash: '7 3', symbol: 'square' },
    { label: 'adversarial', color: 'var(--purple)', dash: '2 3', symbol: 'diamond' },
  ];
  return html`<section id="semantics"><h2>${title}</h2>
<p>Perhaps the model only keeps a record of the program’s text, and the probe has learnt to run it. To find out, the <em>same</em> programs are run under other rules, and new probes are trained on the <em>same</em> hidden states. Under <em>flip</em>, left and right turns are exchanged (and picking with putting). Under <em>adversarial</em>, a move turns, a right turn moves, and every other action turns the robot some way that it should not. If the hidden states held nothing but such a record, one would expect no set of rules to be favoured; if the model follows the real rules, the real states should be easier to read.</p>
<p>Measured here: ${listing(names)}. The comparison is not perfect: some rules are harder to run than others, also for a probe that reads the text; and the world after the program stands in the prompt, and it shows the last state under the original rules only.</p>
<ul>${featuresOf(results).map((feature) => html`<li>${semanticsText(results, feature)}</li>`)}</ul>
<p>These are differences between single numbers of one run${results.evidence ? '; the next section has their intervals' : ', without intervals'}. This report cannot say which of the small ones would come back with another seed.</p>
${byFeature(
  results,
  {
    title: `Usable information at step ${decimal(step)}`,
    unit: 'share of label entropy, offset −1',
    key: [...symbols, ...tooFewKey(results)],
    source: probed(`step ${step}, offset -1`, 'informationShare', 'untrainedInformationShare'),
    how: 'How to read this: compare the same symbol across the groups; the hollow circle is the same probe on the untrained model, and the bar is 0.',
  },
  (feature) => semanticsDumbbell(results, feature, 'informationShare'),
)}
${byFeature(
  results,
  {
    title: 'Usable information over training',
    unit: `share of label entropy, offset −1, ${depth}`,
    key: [...semanticsKey.filter((entry) => names.includes(entry.label)), ...tooFewKey(results), ...phaseKey(results)],
    source: probed('offset -1', 'informationShare'),
    how: 'How to read this: lines that part as training goes on, the original one on top, are what one would expect of a model that follows the real rules; they do not prove it, see the next section.',
  },
  (feature) => semanticsChart(results, feature),
)}
<div class="note"><p><b>Do not compare the accuracies below across semantics without their base rates.</b> Each semantics has label frequencies of its own: where the robot seldom moves, “it has not moved” is right most of the time. Compare instead how far each dot is from its upright bar, and trust information first.</p></div>
${byFeature(
  results,
  {
    title: `Raw accuracy at step ${decimal(step)}`,
    unit: 'share of test pairs, offset 0',
    key: [...symbols, { label: 'majority class', color: 'var(--muted)', symbol: 'bar' }, ...tooFewKey(results)],
    source: probed(`step ${step}, offset 0`, 'accuracy', 'majority', 'untrained'),
    how: 'How to read this: from the bar (majority) to the filled symbol (probe) is what looking at the hidden state adds; from the hollow circle to the filled symbol, what training the model adds.',
  },
  (feature) => semanticsDumbbell(results, feature, 'accuracy'),
)}</section>`;
}

const NUMBERS = 'All probe numbers of the last probed checkpoint';

export function numbersSection(results: Results): Html {
  const step = lastProbeStep(results);
  if (step === undefined) return missing('numbers', NUMBERS);
  return html`<section id="numbers"><h2>${NUMBERS}</h2>
<p>Information and accuracy on the test traces of step ${decimal(step)}; “untrained” beside each is the same probe on the initial weights. Numbers from fewer than 500 pairs are marked <span class="badge">too few</span>.</p>
${probeTable(results, `Probes at offset 0, step ${decimal(step)}`, (probe) => probe.offset === 0)}
${
  offsetsOf(results, step).length > 1
    ? html`<details><summary>All other offsets</summary>${probeTable(results, `Probes at the other offsets, step ${decimal(step)}`, (probe) => probe.offset !== 0)}</details>`
    : undefined
}
${skippedTable(results)}
<h3>What the labels are</h3>
<p>A probe can only be judged against how often each label occurs. Position is (columns right, rows down) from the start.</p>
${labelTable(results)}</section>`;
}
