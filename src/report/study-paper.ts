/** @file Several seeds beside the paper: regressions, a table of numbers, limits, data. Chapter 11. */

import { FEWEST_SEEDS } from '../results/claim-tests.ts';
import { lookAheadOf } from '../results/find.ts';
import { overSeeds } from '../results/over-seeds.ts';
import { progressOf } from '../results/reached.ts';
import type { Results } from '../results/results.ts';
import type { OverSeeds, RegressionOverSeeds, StudyResults } from '../results/study-results.ts';
import { capitalised, countWord, decimal, hasWidth, isFiniteNumber, listing, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { type Comparison, comparisonTable, phaseShares, sizeText } from './paper.ts';
import { PAPER } from './paper-numbers.ts';
import { DEPTH_NAMES, FEATURES, lastProbeStep, lengthUnit, probeNumbers } from './select.ts';
import { ofSeeds, studied } from './source.ts';
import { meanPercent } from './study-baselines.ts';
import { type Column, table } from './tables.ts';
import { baseRateText, interiorOf, taskText } from './task.ts';

/** `0.878 (0.700 to 0.950)`. */
function meanDecimal({ mean, interval }: OverSeeds, digits: number): string {
  const range = hasWidth(interval) ? ` (${decimal(interval.low, digits)} to ${decimal(interval.high, digits)})` : '';
  return isFiniteNumber(mean) ? `${decimal(mean, digits)}${range}` : '–';
}

const seedsOf = ({ values }: OverSeeds, digits: number): string =>
  values.map((value) => decimal(value, digits)).join(', ');

const MEASURES = {
  accuracy: 'accuracy, offset 0',
  informationShare: 'information, offset −1',
  gain: 'information, trained − untrained, offset −1',
} as const;

const REGRESSION_COLUMNS: Column<RegressionOverSeeds>[] = [
  { name: 'measure', cell: ({ measure }) => MEASURES[measure], kind: 'whole' },
  {
    name: 'of',
    cell: ({ feature }) => (feature === 'mean' ? 'mean over the features' : capitalised(feature)),
    kind: 'whole',
  },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'slope, mean (95 %)', cell: ({ slope }) => meanDecimal(slope, 3), numeric: true },
  { name: 'by seed', cell: ({ slope }) => seedsOf(slope, 2), kind: 'whole' },
  { name: 'R², mean (95 %)', cell: ({ rSquared }) => meanDecimal(rSquared, 3), numeric: true },
  { name: 'by seed', cell: ({ rSquared }) => seedsOf(rSquared, 2), kind: 'whole' },
];

/** The claim `rises` and the slope that it does not test, side by side. */
function risesText({ claims, regressions }: StudyResults): Html {
  const of = (name: RegressionOverSeeds['measure']) =>
    regressions.find(
      ({ measure, feature, hiddenLayers }) => measure === name && feature === 'mean' && hiddenLayers === 1,
    );
  const slope = (name: RegressionOverSeeds['measure']) => meanDecimal(of(name)?.slope ?? NOTHING, 3);
  const verdict = claims.find(({ id }) => id === 'rises')?.verdict ?? 'not tested';
  return html`The claim <code>rises</code> tests the slope of information, trained − untrained, mean over the features, one hidden layer: ${slope('gain')}, ${verdict}. That of the trained model alone is ${slope('informationShare')}. The slope of accuracy, which is what the paper calls semantic content, is ${slope('accuracy')}; no claim tests it.`;
}

const NOTHING: OverSeeds = { values: [], mean: null, interval: null };

export function studyRegressionSection(study: StudyResults): Html {
  const { rSquared, firstVersion } = PAPER;
  return html`<section id="regressions"><h2>Do the two curves rise together?</h2>
<p>The lines of accuracy and of usable information on the share of specifications solved, over the checkpoints of each seed that have enough test pairs. The paper reports R² = ${decimal(rSquared, 3)} for accuracy (first version, direction, linear: ${decimal(firstVersion.rSquaredDirection, 3)}). R² does not tell a rising line from a falling one, so look at the slope: 0.1 is one point read for ten points solved. The checkpoints of one seed are not independent; both numbers only describe.</p>
<p>${risesText(study)}</p>
${table('Accuracy (semantic content) and information on the share solved, over seeds', REGRESSION_COLUMNS, study.regressions, studied('regressions[]'))}</section>`;
}

function contentOf(runs: readonly Results[], hiddenLayers: 0 | 1 | 2): string {
  const each = FEATURES.map((feature) => {
    const values = runs.map((run) => {
      const key = { step: lastProbeStep(run) ?? 0, feature, semantics: 'original', offset: 0, hiddenLayers };
      return probeNumbers(run, key)?.accuracy;
    });
    return `${feature} ${meanPercent(overSeeds(values))}`;
  });
  return each.join('; ');
}

function aheadOf(runs: readonly Results[], name: 'accuracy' | 'best'): string {
  const of = (offset: number) =>
    meanPercent(overSeeds(runs.map((run) => lookAheadOf(run, 'direction', 0, offset)?.[name].estimate)));
  return `${of(1)} and ${of(2)}`;
}

/** On how many pairs these rest, the mean over seeds: a program must go on for so long. */
function aheadPairs(runs: readonly Results[]): string {
  const of = (offset: number) =>
    decimal(overSeeds(runs.map((run) => lookAheadOf(run, 'direction', 0, offset)?.pairs)).mean);
  return `on average of ${of(1)} pairs a seed one action ahead, and of ${of(2)} two ahead`;
}

function comparisons(study: StudyResults, runs: readonly Results[]): Comparison[] {
  const last = study.checkpoints.at(-1);
  const { firstVersion } = PAPER;
  const line = study.regressions.find(
    ({ measure, feature, hiddenLayers }) => measure === 'accuracy' && feature === 'mean' && hiddenLayers === 1,
  );
  const share = (semantics: string) =>
    study.shares.find(
      (row) =>
        row.feature === 'mean' &&
        row.hiddenLayers === 1 &&
        row.actionsLeft === 'all' &&
        row.offset === -1 &&
        row.source === 'trained' &&
        row.semantics === semantics,
    ) ?? NOTHING;
  const reference = overSeeds(runs.map(({ checkpoints }) => checkpoints.at(-1)?.referenceLength));
  const phases = runs.map((run) => `seed ${run.seed}: ${phaseShares(run, progressOf(run).steps)}`);
  const first = runs[0]!;
  return [
    {
      what: 'model, parameters',
      paper: `${decimal(PAPER.parameters / 1e6)} million`,
      ours: decimal(first.parameters),
      comparable: 'no',
      why: `same architecture; ${sizeText(first)}`,
    },
    {
      what: 'test specifications solved, last checkpoint',
      paper: percent(PAPER.solved),
      ours: meanPercent(last?.generativeAccuracy ?? NOTHING),
      comparable: 'in kind',
      why: `same definition of right; ${taskText(first)}`,
    },
    ...([0, 1, 2] as const).map(
      (hiddenLayers): Comparison => ({
        what: `semantic content, current state, ${DEPTH_NAMES[hiddenLayers]}`,
        paper: percent(PAPER.semanticContent[hiddenLayers]),
        ours: contentOf(runs, hiddenLayers),
        comparable: 'no',
        why: `one number in the paper against three features here${baseRateText(first)}`,
      }),
    ),
    {
      what: 'R² over training',
      paper: `${decimal(PAPER.rSquared, 3)} (accuracy)`,
      ours: line
        ? `${meanDecimal(line.rSquared, 3)}, slope ${meanDecimal(line.slope, 3)} (accuracy, mean over features, 1 hidden)`
        : '–',
      comparable: 'in kind',
      why: 'the mean of three features here; a falling line can have a high R² too, look at the slope',
    },
    {
      what: 'direction one and two actions ahead, linear, given the present; best from the present alone',
      paper: `${percent(firstVersion.ahead[0])} and ${percent(firstVersion.ahead[1])}; ${percent(firstVersion.aheadBest[0])} and ${percent(firstVersion.aheadBest[1])} (v1)`,
      ours: `${aheadOf(runs, 'accuracy')}; ${aheadOf(runs, 'best')}`,
      comparable: 'in kind',
      why: `the same two shares; ${aheadPairs(runs)}`,
    },
    {
      what: 'the semantics, 1 hidden',
      paper: 'semantic content drops under flip, and further under adversarial',
      ours: ['original', 'flip', 'adversarial'].map((name) => `${name} ${meanPercent(share(name))}`).join('; '),
      comparable: 'in kind',
      why: 'ours as usable information (share of label entropy, mean over the features), because base rates differ between semantics',
    },
    {
      what: 'length of written against reference programs',
      paper: `${firstVersion.writtenLength} against ${firstVersion.referenceLength} actions (v1)`,
      ours: `${meanDecimal(last?.meanLength ?? NOTHING, 2)} against ${meanDecimal(reference, 2)} ${lengthUnit(first)}`,
      comparable: 'in kind',
      why: 'compare whether written programs are shorter; lengths depend on the corpus',
    },
    {
      what: 'phases, as shares of all training steps',
      paper: PAPER.phases,
      ours: html`${phases.map((line) => html`<div>${line}</div>`)}`,
      comparable: 'no',
      why: 'the paper’s as journalists report them, without a rule; ours by a stated rule, at checkpoints only',
    },
  ];
}

export function studyPaperSection(study: StudyResults, runs: readonly Results[]): Html {
  return html`<section id="paper"><h2>The paper’s numbers beside ours</h2>
<p>“In kind” means that the same thing is measured under other conditions; “no” means that even the thing differs. In brackets the 95 % interval of the mean over seeds.</p>
${comparisonTable('ours, mean over seeds', comparisons(study, runs), studied('checkpoints[]', 'shares[]', 'regressions[]'))}</section>`;
}

export function studyLimitsSection({ seeds, claims, settings }: StudyResults, runs: readonly Results[]): Html {
  const open = claims.filter(({ verdict }) => verdict === 'undecided').map(({ id }) => id);
  const unmeasured = claims.filter(({ values }) => values.some((value) => value === null)).map(({ id }) => id);
  const many = seeds.length < FEWEST_SEEDS ? 'too few to decide anything' : 'few';
  return html`<section id="limits"><h2>Limits</h2><ul>
<li>${capitalised(countWord(seeds.length))} seed${seeds.length === 1 ? '' : 's'}: ${many}. Only differences that are large beside their spread from seed to seed can be told from chance.</li>
<li>${open.length > 0 ? `Undecided: ${listing(open)}. That is no evidence against these claims, and none for them.` : 'No claim is undecided.'}</li>
${unmeasured.length > 0 ? html`<li>Not measured on every seed: ${listing(unmeasured)}.</li>` : undefined}
<li>One scale: ${decimal(runs[0]?.parameters)} parameters, programs of up to ${decimal(Number(settings['maxLength']))} ${lengthUnit(runs[0]!)}, worlds of ${interiorOf(runs[0]!)} cells. Whether any of this holds at the paper’s scale is for the paper to say.</li>
<li>Seeds differ in corpus, weights, order and probes at once, so that these sources of spread are not told apart.</li>
<li>A probe shows what <em>can be read</em>. Edits ask what is <em>used</em>, but only along straight directions.</li></ul></section>`;
}

const RUN_COLUMNS: Column<Results>[] = [
  { name: 'seed', cell: ({ seed }) => html`<a href="seed-${seed}/report/index.html">seed ${seed}</a>`, kind: 'whole' },
  { name: 'data', cell: ({ seed }) => html`<a href="seed-${seed}/results.json">results.json</a>`, kind: 'whole' },
  { name: 'solved', cell: ({ checkpoints }) => percent(checkpoints.at(-1)?.generativeAccuracy), numeric: true },
  { name: 'steps', cell: ({ checkpoints }) => decimal(checkpoints.at(-1)?.step), numeric: true },
  {
    name: 'SHA-256 of the weights at the last checkpoint',
    cell: ({ modelSha256 }) => html`<code class="hash">${modelSha256 || '–'}</code>`,
  },
];

/** `command` makes all seeds anew; null where no one command does. */
export function studyDataSection(runs: readonly Results[], command: string | null): Html {
  const anew = command
    ? html`All seeds anew: <code>${command}</code>.`
    : 'These seeds do not follow each other, so no one command makes all of them anew.';
  return html`<section id="data"><h2>Data and commands</h2>
<p>Everything on this page is computed from <a href="study.json">study.json</a> and the results of the seeds; the tables of claims are also in <a href="claims.md">claims.md</a>.</p>
${table('The runs', RUN_COLUMNS, runs, ofSeeds('seed', 'modelSha256', 'checkpoints[]'))}
<p>Below each figure and table stand its data and what computes it. STUDY is the folder that holds <a href="study.json">study.json</a>, with a run in each <code>seed-N</code>; in a clone of the repository <code>karelscope</code> is <code>node dist/main.js</code>. <code>karelscope report STUDY</code> collects the results of the seeds and draws this page again. ${anew}</p></section>`;
}
