/** @file The paper's numbers beside ours, and whether they can be compared. Chapter 11. */

import { lookAheadOf } from '../results/find.ts';
import { findPhases } from '../results/phases.ts';
import { progressOf } from '../results/reached.ts';
import { regressionsOf } from '../results/regressions.ts';
import type { CheckpointResult, Results } from '../results/results.ts';
import { COUNTS, decimal, percent, rangeText } from './format.ts';
import { type Html, html } from './html.ts';
import { PAPER } from './paper-numbers.ts';
import {
  DEPTH_NAMES,
  type Depth,
  FEATURES,
  lastCheckpoint,
  lastProbeStep,
  lengthUnit,
  mainDepth,
  numberOf,
  probeNumbers,
  semanticsOf,
} from './select.ts';
import type { Source } from './source.ts';
import { type Column, table } from './tables.ts';
import { baseRateText, taskParts, taskText } from './task.ts';
import { stepsText } from './unfinished.ts';

/** A number of the paper beside ours. */
export interface Comparison {
  what: string;
  paper: string;
  ours: string | Html;
  comparable: 'yes' | 'in kind' | 'no';
  why: string;
}

function comparisons(results: Results): Comparison[] {
  const last = lastCheckpoint(results);
  const step = lastProbeStep(results) ?? 0;
  const current = (feature: (typeof FEATURES)[number], hiddenLayers: Depth) =>
    probeNumbers(results, { step, feature, semantics: 'original', offset: 0, hiddenLayers });
  const depth = mainDepth(results);
  const { steps, ended } = progressOf(results);
  const soFar = ended ? '' : ' so far';
  const world = taskParts(results).find(({ name }) => name === 'worlds');
  const rows: Comparison[] = [
    {
      what: 'model, parameters',
      paper: `${decimal(PAPER.parameters / 1e6)} million`,
      ours: decimal(results.parameters),
      comparable: 'no',
      why: `same architecture (CodeGen, from scratch); ${sizeText(results)}`,
    },
    {
      what: 'world, cells inside the border',
      paper: world!.paper,
      ours: world!.ours,
      comparable: world!.same ? 'yes' : 'no',
      why: 'the size of the world sets how many states there are to represent',
    },
    {
      what: `test specifications solved, ${ended ? 'last checkpoint' : `step ${stepsText(results)} (the paper’s when training has ended)`}`,
      paper: percent(PAPER.solved),
      ours: percent(last?.generativeAccuracy),
      comparable: ended ? 'in kind' : 'no',
      why: `same definition of right; ${taskText(results)}${last?.specifications === PAPER.testSpecifications ? '' : `, and the test is ${decimal(last?.specifications)} specifications against ${decimal(PAPER.testSpecifications)}`}${ended ? '' : '; training has not ended here'}`,
    },
  ];
  for (const hiddenLayers of [0, 1, 2] as const) {
    const known = FEATURES.some((feature) => current(feature, hiddenLayers));
    const ours = FEATURES.map((feature) => `${feature} ${percent(current(feature, hiddenLayers)?.accuracy)}`);
    rows.push({
      what: `semantic content, current state, ${DEPTH_NAMES[hiddenLayers]}`,
      paper: percent(PAPER.semanticContent[hiddenLayers]),
      ours: known ? ours.join('; ') : ended ? '–' : 'not probed yet',
      comparable: 'no',
      why: `one number in the paper against three features here${baseRateText(results)}${probeSamplesText(results)}`,
    });
  }
  const ours = regressionsOf(results).filter(({ measure }) => measure === 'accuracy');
  for (const { feature, hiddenLayers, line, points: fitted } of ours) {
    const firstVersion = feature === 'direction' && hiddenLayers === 0;
    if (hiddenLayers !== depth && !firstVersion) continue;
    rows.push({
      what: `R² of semantic content (${feature}, ${DEPTH_NAMES[hiddenLayers]}) on share solved, over training${soFar}`,
      paper: firstVersion ? `${PAPER.firstVersion.rSquaredDirection} (v1)` : `${PAPER.rSquared} (one number)`,
      ours: line ? `${decimal(line.rSquared, 3)}, slope ${decimal(line.slope, 2)} (${fitted.length} checkpoints)` : '–',
      comparable: 'in kind',
      why: 'R² does not tell a rising line from a falling one: look at the slope. The checkpoints of one run are not independent; those with too few pairs are left out',
    });
  }
  rows.push(
    {
      what: `phases${soFar}, as shares of all training steps`,
      paper: PAPER.phases,
      ours: phaseShares(results, steps),
      comparable: 'no',
      why: 'the paper’s as journalists report them, without a rule; ours by the rule stated above, at checkpoints only. Compare the order only',
    },
    {
      what: `the semantics (${DEPTH_NAMES[depth]})`,
      paper: 'semantic content drops under flip, and further under adversarial',
      ours: informationBySemantics(results, step, depth),
      comparable: 'in kind',
      why: 'ours as usable information (share of label entropy), because base rates differ between semantics',
    },
    {
      what: 'length of written against reference programs',
      paper: `${PAPER.firstVersion.writtenLength} against ${PAPER.firstVersion.referenceLength} actions (v1)`,
      ours: `${decimal(last?.meanLength, 2)} against ${decimal(last?.referenceLength, 2)} ${lengthUnit(results)}${lengthRanges(last)}`,
      comparable: 'in kind',
      why: 'compare whether written programs are shorter, and whether the 95 % intervals are apart, as the paper’s are; lengths depend on the corpus',
    },
    {
      what: 'direction one and two actions ahead, linear, given that the probe is right about the present; best from the present alone',
      paper: `${percent(PAPER.firstVersion.ahead[0])} and ${percent(PAPER.firstVersion.ahead[1])}; ${percent(PAPER.firstVersion.aheadBest[0])} and ${percent(PAPER.firstVersion.aheadBest[1])} (v1)`,
      ours: aheadOf(results),
      comparable: 'in kind',
      why: `the same two shares; the best guess of the first version knows the frequencies of the pairs that it is asked for, ours those of the training pairs${aheadPairs(results)}`,
    },
  );
  return rows;
}

/** How much larger the paper's model is. */
export function sizeText({ parameters }: Pick<Results, 'parameters'>): string {
  const times = PAPER.parameters / parameters;
  return times < 1.5 ? 'of about the same size' : `the paper’s is about ${decimal(times)} times as large`;
}

/** `babbling 0 % to 42 %; meaning 42 % to 100 %`, of `steps`. */
export function phaseShares(results: Results, steps: number): string {
  const share = (step: number) => percent(step / (steps || 1), 0);
  const phases = findPhases(results).map(({ name, from, to }) => `${name} ${share(from)} to ${share(to)}`);
  return phases.join('; ') || '–';
}

/** How many samples our probes see, where these are not as many as the paper's. */
function probeSamplesText(results: Results): string {
  const [shallow, deep] = [numberOf(results, 'probeSamples'), numberOf(results, 'probeSamplesTwoHidden')];
  if (shallow === PAPER.probeSamples && deep === shallow) return '';
  const order = deep === shallow ? '' : ': not even the order of the depths compares';
  return `; our probes see ${decimal(shallow)} samples in training, those with two hidden layers ${decimal(deep)}, the paper’s ${decimal(PAPER.probeSamples)}${order}`;
}

function lengthRanges(checkpoint: CheckpointResult | undefined): string {
  const { generated, reference } = checkpoint?.programs ?? {};
  const [written, drawn] = [generated, reference].map((one) => rangeText(one?.length.interval, COUNTS));
  return written && drawn ? ` (95 % intervals ${written}, ${drawn})` : '';
}

function informationBySemantics(results: Results, step: number, hiddenLayers: Depth): string {
  const share = (feature: (typeof FEATURES)[number], semantics: string) =>
    `${semantics} ${percent(probeNumbers(results, { step, feature, semantics, offset: -1, hiddenLayers })?.informationShare)}`;
  const names = semanticsOf(results);
  return FEATURES.map((feature) => `${feature} ${names.map((name) => share(feature, name)).join(', ') || '–'}`).join(
    '; ',
  );
}

/** Direction, linear, one and two actions ahead. */
const aheadRows = (results: Results) => [1, 2].map((offset) => lookAheadOf(results, 'direction', 0, offset));

function aheadPairs(results: Results): string {
  const [one, two] = aheadRows(results);
  return one || two ? `. Here of ${decimal(one?.pairs)} and ${decimal(two?.pairs)} pairs` : '';
}

function aheadOf(results: Results): string {
  const [one, two] = aheadRows(results);
  if (!one && !two) return results.evidence === null ? 'not measured yet' : '–';
  const both = (name: 'accuracy' | 'best') => `${percent(one?.[name].estimate)} and ${percent(two?.[name].estimate)}`;
  return `${both('accuracy')}; ${both('best')}`;
}

/** `ours` says whose numbers stand in that column. */
export function comparisonTable(ours: string, rows: readonly Comparison[], source: Source): Html {
  const columns: Column<Comparison>[] = [
    { name: 'what', kind: 'text', cell: (row) => row.what },
    { name: 'paper', kind: 'text', cell: (row) => row.paper },
    { name: ours, kind: 'text', cell: (row) => row.ours },
    { name: 'comparable?', kind: 'whole', cell: (row) => html`<b>${row.comparable}</b>` },
    { name: 'why', kind: 'long', cell: (row) => row.why },
  ];
  return table('The paper’s numbers and ours', columns, rows, source);
}

export function paperTable(results: Results): Html {
  return comparisonTable('this run', comparisons(results), {
    keys: ['checkpoints[]', 'probes[]'],
    commands: ['trace', 'probe'],
  });
}

/** What differs between the paper's study and this run, as list items. */
export function differences(results: Results): Html[] {
  const samples = numberOf(results, 'trainSamples');
  const task = taskParts(results).filter(({ same }) => !same);
  return [
    html`<li>Scale: ${decimal(results.parameters)} parameters here, ${decimal(PAPER.parameters / 1e6)} million there.</li>`,
    ...task.map(({ about, ours, paper }) => html`<li>${about}: ${ours} here, ${paper} there.</li>`),
    ...(samples === PAPER.trainingPrograms
      ? []
      : [html`<li>Training programs: ${decimal(samples)} here, ${decimal(PAPER.trainingPrograms)} there.</li>`]),
    html`<li>Probes: here the best epoch is picked on validation traces; the released code of the paper picks it on the test traces, which flatters the number.</li>`,
  ];
}
