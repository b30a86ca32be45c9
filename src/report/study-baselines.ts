/** @file Sources, semantics, states ahead and ranks, over seeds: tables. Chapter 11. */

import { lookAheadOf } from '../results/find.ts';
import { overSeeds } from '../results/over-seeds.ts';
import type { Results } from '../results/results.ts';
import type { ContrastsOverSeeds, OverSeeds, SharesOverSeeds, StudyResults } from '../results/study-results.ts';
import { baselinesIntro, COMPARED, comparedWith } from './baselines-section.ts';
import { capitalised, decimal, hasWidth, isFiniteNumber, percent, rangeText, SHARES } from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES, FEATURES } from './select.ts';
import { ofSeeds, studied } from './source.ts';
import { type Column, table } from './tables.ts';

/** `54.5 % (48.0 to 61.0 %)`: the mean over seeds with its interval. */
export function meanPercent({ mean, interval }: OverSeeds): string {
  if (!isFiniteNumber(mean)) return '–';
  return hasWidth(interval) ? `${percent(mean)} (${rangeText(interval, SHARES)})` : percent(mean);
}

const SHARE_COLUMNS: Column<SharesOverSeeds>[] = [
  { name: 'source', cell: ({ source }) => source, kind: 'whole' },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'offset', cell: ({ offset }) => decimal(offset), numeric: true },
  { name: 'semantics', cell: ({ semantics }) => semantics, kind: 'whole' },
  { name: 'information, mean (95 %)', cell: meanPercent, numeric: true },
  { name: 'by seed', cell: ({ values }) => values.map((value) => percent(value, 0)).join(', '), kind: 'text' },
  { name: 'trained − it', cell: ({ source, offset }) => comparedWith(source, offset), kind: 'text' },
];

const CONTRAST_COLUMNS: Column<ContrastsOverSeeds>[] = [
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'offset', cell: ({ offset }) => decimal(offset), numeric: true },
  { name: 'information', cell: ({ over }) => (over ? `trained − ${over}` : 'trained'), kind: 'whole' },
  { name: 'semantics', cell: ({ against }) => (against ? `original − ${against}` : 'original'), kind: 'whole' },
  { name: 'comparison', cell: ({ comparison }) => COMPARED[comparison], kind: 'text' },
  { name: 'mean (95 %)', cell: meanPercent, numeric: true },
  { name: 'by seed', cell: ({ values }) => values.map((value) => percent(value)).join(', '), kind: 'text' },
];

export function studyBaselinesSection({ shares, contrasts }: StudyResults): Html {
  const title = 'Beside the baselines';
  const all = shares.filter(({ actionsLeft, feature }) => actionsLeft === 'all' && feature === 'mean');
  if (all.length === 0) {
    return html`<section id="baselines"><h2>${title}</h2><p>No run of this study has probes with baselines.</p></section>`;
  }
  const named = 'feature mean, actionsLeft all';
  return html`<section id="baselines"><h2>${title}</h2>
${baselinesIntro()}
${table(
  'Usable information as a share of label entropy, one hidden layer, mean over the features',
  SHARE_COLUMNS,
  all.filter(({ hiddenLayers }) => hiddenLayers === 1),
  studied(`shares[] (${named}, hiddenLayers 1)`),
)}
<p>Intervals are Student’s, over seeds, and not corrected: the claims alone decide.</p>
<details><summary>Linear probes</summary>${table(
    'The same, linear probes',
    SHARE_COLUMNS,
    all.filter(({ hiddenLayers }) => hiddenLayers === 0),
    studied(`shares[] (${named}, hiddenLayers 0)`),
  )}</details>
<details><summary>All differences</summary>${table(
    'Differences of usable information',
    CONTRAST_COLUMNS,
    contrasts.filter(({ actionsLeft }) => actionsLeft === 'all'),
    studied('contrasts[] (actionsLeft all)'),
  )}</details></section>`;
}

interface AheadLine {
  source: 'trained' | 'untrained';
  feature: (typeof FEATURES)[number];
  hiddenLayers: 0 | 1;
  offset: number;
  of: (name: 'accuracy' | 'best' | 'difference') => OverSeeds;
}

const AHEAD_COLUMNS: Column<AheadLine>[] = [
  { name: 'hidden states', cell: ({ source }) => source, kind: 'whole' },
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'actions ahead', cell: ({ offset }) => decimal(offset), numeric: true },
  { name: 'accuracy, mean (95 %)', cell: ({ of }) => meanPercent(of('accuracy')), numeric: true },
  { name: 'best from the present', cell: ({ of }) => meanPercent(of('best')), numeric: true },
  { name: 'difference', cell: ({ of }) => meanPercent(of('difference')), numeric: true },
];

export function aheadSection(runs: readonly Results[]): Html {
  const title = 'Looking ahead';
  const lines = (['trained', 'untrained'] as const).flatMap((source) =>
    FEATURES.flatMap((feature) =>
      ([0, 1] as const).flatMap((hiddenLayers) =>
        [1, 2].flatMap((offset): AheadLine[] => {
          const found = runs.map((run) => lookAheadOf(run, feature, hiddenLayers, offset, source));
          if (!found.some(Boolean)) return [];
          const of: AheadLine['of'] = (name) => overSeeds(found.map((row) => row?.[name].estimate));
          return [{ source, feature, hiddenLayers, offset, of }];
        }),
      ),
    ),
  );
  if (lines.length === 0) {
    return html`<section id="ahead"><h2>${title}</h2><p>No run of this study has probes of later states with enough pairs.</p></section>`;
  }
  return html`<section id="ahead"><h2>${title}</h2>
<p>Where the probe of the present state is right: how often is its twin for a later state right too, and how often is the best guess that knows the present state alone?</p>
${table('Right about the later state, where the present one is read right', AHEAD_COLUMNS, lines, ofSeeds('evidence.lookAhead[]'))}</section>`;
}

interface RankLine {
  about: string;
  ranks: (number | null)[];
  of: number;
}

const rankText = (rank: number | null | undefined): string =>
  decimal(rank, isFiniteNumber(rank) && !Number.isInteger(rank) ? 1 : 0);

export function ranksSection(runs: readonly Results[]): Html {
  const title = 'The rank of the original meaning';
  const all = runs.flatMap(({ permutations }) => permutations?.ranks ?? []);
  if (all.length === 0) {
    return html`<section id="ranks"><h2>${title}</h2><p>No run of this study has ranks among other meanings.</p></section>`;
  }
  const keys = [...new Set(all.map((row) => [row.among, row.source, row.hiddenLayers, row.feature].join('/')))];
  const lines = keys.map((key): RankLine => {
    const is = (row: (typeof all)[number]) => [row.among, row.source, row.hiddenLayers, row.feature].join('/') === key;
    const { source, feature, hiddenLayers, of } = all.find(is)!;
    const words = source === 'gained' ? 'trained − untrained' : source;
    return {
      about: `${words}: ${feature}, ${DEPTH_NAMES[hiddenLayers]}, among ${decimal(of)}`,
      ranks: runs.map(({ permutations }) => permutations?.ranks.find(is)?.rank ?? null),
      of,
    };
  });
  const columns: Column<RankLine>[] = [
    { name: 'rank by information share', cell: ({ about }) => about, kind: 'whole' },
    ...runs.map(
      ({ seed }, index): Column<RankLine> => ({
        name: `seed ${seed}`,
        cell: ({ ranks }) => rankText(ranks[index]),
        numeric: true,
      }),
    ),
    { name: 'mean', cell: ({ ranks }) => decimal(overSeeds(ranks).mean, 1), numeric: true },
    { name: 'chance', cell: ({ of }) => decimal((of + 1) / 2, 1), numeric: true },
  ];
  return html`<section id="ranks"><h2>${title}</h2>
<p>The five words could mean other things: 60 permutations differ in what a probe is asked for. Six of them permute <code>move</code> and the turns alone, and only among these is the rank tested. In the others a marker word moves or turns the robot, so that a share says first how often that word occurs. Rank 1 is the easiest to read, or, for trained − untrained, what training adds most to.</p>
${table('Rank of the original meaning, by seed, offset −1', columns, lines, ofSeeds('permutations.ranks[]'))}</section>`;
}
