/** @file The paper's numbers beside ours, and whether they can be compared. Chapter 11. */

import { findPhases } from '../study/phases.ts';
import { regressionsOf } from '../study/regressions.ts';
import type { CheckpointResult, Results } from '../study/results.ts';
import { COUNTS, decimal, percent, rangeText } from './format.ts';
import { type Html, html } from './html.ts';
import {
  DEPTH_NAMES,
  type Depth,
  FEATURES,
  lastCheckpoint,
  lastProbeStep,
  lengthUnit,
  mainDepth,
  probeNumbers,
  semanticsOf,
} from './select.ts';
import type { Source } from './source.ts';
import { type Column, table } from './tables.ts';
import { worldRows } from './world-svg.ts';

/** What Jin & Rinard report (arXiv 2305.11169; `v1` is its first version). Shares in 0..1. */
export const PAPER = {
  parameters: 350_000_000,
  trainingPrograms: 500_000,
  testSpecifications: 10_000,
  solved: 0.924,
  /** Table 1: semantic content of the current state at the end of training, by hidden layers of the probe. */
  semanticContent: { 0: 0.632, 1: 0.791, 2: 0.823 },
  /** R squared of semantic content against generative accuracy over training. */
  rSquared: 0.878,
  phases: 'babbling 0 to 50 %; syntax 50 to 75 %; meaning 75 to 100 %',
  firstVersion: {
    rSquaredDirection: 0.968,
    writtenLength: 1.6,
    referenceLength: 2.5,
    ahead: [0.684, 0.61],
    aheadBest: [0.622, 0.407],
  },
} as const;

/** A number of the paper beside ours. */
export interface Comparison {
  what: string;
  paper: string;
  ours: string;
  comparable: 'in kind' | 'no';
  why: string;
}

/** Size of the world's interior as the example draws it, `4 x 4`; undefined without an example. */
export function interiorOf(results: Results): string | undefined {
  const rows = worldRows(lastCheckpoint(results)?.example.input ?? '');
  return rows.length < 3 ? undefined : `${rows[0]!.length - 2} × ${rows.length - 2}`;
}

function comparisons(results: Results): Comparison[] {
  const last = lastCheckpoint(results);
  const step = lastProbeStep(results) ?? 0;
  const current = (feature: (typeof FEATURES)[number], hiddenLayers: Depth) =>
    probeNumbers(results, { step, feature, semantics: 'original', offset: 0, hiddenLayers });
  const depth = mainDepth(results);
  const rows: Comparison[] = [
    {
      what: 'model, parameters',
      paper: `${decimal(PAPER.parameters / 1e6)} million`,
      ours: decimal(results.parameters),
      comparable: 'no',
      why: `same architecture (CodeGen, from scratch); the paper’s is about ${decimal(PAPER.parameters / results.parameters)} times as large`,
    },
    {
      what: 'world, cells inside the border',
      paper: '6 × 6 (drawn 8 × 8)',
      ours: interiorOf(results) ?? '–',
      comparable: 'no',
      why: 'the size of the world sets how many states there are to represent',
    },
    {
      what: 'test specifications solved, end of training',
      paper: percent(PAPER.solved),
      ours: percent(last?.generativeAccuracy),
      comparable: 'in kind',
      why: `same definition of right; our programs and worlds differ, and the test is ${decimal(last?.specifications)} specifications against ${decimal(PAPER.testSpecifications)}`,
    },
  ];
  for (const hiddenLayers of [0, 1, 2] as const) {
    const ours = FEATURES.map((feature) => `${feature} ${percent(current(feature, hiddenLayers)?.accuracy)}`);
    rows.push({
      what: `semantic content, current state, ${DEPTH_NAMES[hiddenLayers]}`,
      paper: percent(PAPER.semanticContent[hiddenLayers]),
      ours: ours.join('; '),
      comparable: 'no',
      why: 'one number in the paper against three features here; base rates differ with world and program lengths, and our probes see far fewer samples, those with two hidden layers the fewest (see the settings): not even the order of the depths compares',
    });
  }
  const ours = regressionsOf(results).filter(({ measure }) => measure === 'accuracy');
  for (const { feature, hiddenLayers, line, points: fitted } of ours) {
    const firstVersion = feature === 'direction' && hiddenLayers === 0;
    if (hiddenLayers !== depth && !firstVersion) continue;
    rows.push({
      what: `R² of semantic content (${feature}, ${DEPTH_NAMES[hiddenLayers]}) on share solved, over training`,
      paper: firstVersion ? `${PAPER.firstVersion.rSquaredDirection} (v1)` : `${PAPER.rSquared} (one number)`,
      ours:
        line && line.n > 2
          ? `${decimal(line.rSquared, 3)}, slope ${decimal(line.slope, 2)} (${fitted.length} checkpoints)`
          : '–',
      comparable: 'in kind',
      why: 'R² does not tell a rising line from a falling one: look at the slope. The checkpoints of one run are not independent; those with too few pairs are left out',
    });
  }
  const phases = findPhases(results).map(({ name, from, to }) => {
    const end = last?.step || 1;
    return `${name} ${percent(from / end, 0)} to ${percent(to / end, 0)}`;
  });
  rows.push(
    {
      what: 'phases, as shares of training',
      paper: PAPER.phases,
      ours: phases.join('; ') || '–',
      comparable: 'no',
      why: 'the paper’s as journalists report them, without a rule; ours by the rule stated above, at checkpoints only. Compare the order only',
    },
    {
      what: `original, flip, adversarial (${DEPTH_NAMES[depth]})`,
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
      why: 'the same two shares; the best guess of the first version knows the frequencies of the pairs that it is asked for, ours those of the training pairs. Programs here are shorter',
    },
  );
  return rows;
}

function lengthRanges(checkpoint: CheckpointResult | undefined): string {
  const { generated, reference } = checkpoint?.programs ?? {};
  const [written, drawn] = [generated, reference].map((one) => rangeText(one?.length.interval, COUNTS));
  return written && drawn ? ` (95 % intervals ${written}, ${drawn})` : '';
}

function informationBySemantics(results: Results, step: number, hiddenLayers: Depth): string {
  const share = (feature: (typeof FEATURES)[number], semantics: string) =>
    percent(probeNumbers(results, { step, feature, semantics, offset: 0, hiddenLayers })?.informationShare);
  const names = semanticsOf(results);
  return FEATURES.map((feature) => `${feature} ${names.map((name) => share(feature, name)).join(', ') || '–'}`).join(
    '; ',
  );
}

function aheadOf({ evidence }: Results): string {
  const of = (offset: number) =>
    evidence?.lookAhead.find((row) => row.feature === 'direction' && row.hiddenLayers === 0 && row.offset === offset);
  const [one, two] = [of(1), of(2)];
  if (!one && !two) return '–';
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
  const { examples, trainSamples } = results.settings;
  return [
    html`<li>Scale: ${decimal(results.parameters)} parameters here, ${decimal(PAPER.parameters / 1e6)} million there.</li>`,
    html`<li>World: ${interiorOf(results) ?? 'an unknown number of'} cells inside the border here, 6 × 6 there.</li>`,
    html`<li>Examples for each specification: ${typeof examples === 'number' ? decimal(examples) : 'see the settings'} here, 5 there.</li>`,
    html`<li>Training programs: ${typeof trainSamples === 'number' ? decimal(trainSamples) : 'see the settings'} here, ${decimal(PAPER.trainingPrograms)} there.</li>`,
    html`<li>Probes: here the best epoch is picked on validation traces; the released code of the paper picks it on the test traces, which flatters the number.</li>`,
  ];
}
