/** @file What hidden states tell, over seeds: beyond the record, under other semantics, ahead, by rank. Chapter 11. */

import { lookAheadOf } from '../results/find.ts';
import { overSeeds } from '../results/over-seeds.ts';
import type { FeatureName, Results } from '../results/results.ts';
import type { OverSeeds, StudyResults } from '../results/study-results.ts';
import { interventionFigure, sharesFigure, strataFigure } from './evidence-figures.ts';
import { evidenceOverSeeds } from './evidence-numbers.ts';
import { interventionSentences, overfitSentences, recordSentences, selectivitySentences } from './evidence-prose.ts';
import { panelFigure } from './figure.ts';
import { capitalised, decimal, hasWidth, isFiniteNumber, percent, rangeText, SHARES } from './format.ts';
import { type Html, html } from './html.ts';
import { type IntervalRow, intervalChart } from './interval-chart.ts';
import { actionsAhead, LOOK_AHEAD_KEY, PRESENT, PROBE, pairsAheadText } from './look-ahead-section.ts';
import { PAPER } from './paper-numbers.ts';
import { DEPTH_NAMES, FEATURES } from './select.ts';
import { ofSeeds, studied } from './source.ts';
import { studyBeforeSubsection } from './study-before.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';

/** `54.5 % (48.0 to 61.0 %)`: the mean over seeds with its interval. */
export function meanPercent({ mean, interval }: OverSeeds): string {
  if (!isFiniteNumber(mean)) return '–';
  return hasWidth(interval) ? `${percent(mean)} (${rangeText(interval, SHARES)})` : percent(mean);
}

export function evidenceSection(study: StudyResults): Html {
  const title = 'Beyond the record, and under other semantics';
  const numbers = evidenceOverSeeds(study);
  if (!numbers) {
    return html`<section id="evidence"><h2>${title}</h2><p>No run of this study has probes with baselines.</p></section>`;
  }
  const compared = study.shares.some(({ source }) => source === 'input')
    ? html`The same probe is trained on these <em>records</em>, on the hidden states of the untrained model, and on labels without meaning (the <em>control task</em>, after Hewitt and Liang 2019).`
    : 'These runs have no records and no control task: the same probe is trained on the hidden states of the untrained model alone.';
  return html`<section id="evidence"><h2>${title}</h2>
<p>A probe reads the robot’s state from the model’s hidden states. How much of that could it have worked out itself, from the program’s text and the grids? ${compared}</p>
${study.seeds.length > 1 ? html`<p>Intervals are Student’s, over seeds; an interval that holds 0 does not say that there is no difference.</p>` : html`<p>One seed gives no interval over seeds.</p>`}
<ul>${[...recordSentences(numbers), ...overfitSentences(numbers), ...selectivitySentences(numbers)].map((line) => html`<li>${line}</li>`)}</ul>
${sharesFigure(numbers, 'What each source tells, over seeds', studied('shares[] (semantics original, actionsLeft all)'))}
<h3>The intervention</h3>
<p>The same programs are run under other rules: under <em>flip</em> the turns are exchanged, under <em>adversarial</em> every action means something else. If the model follows the real rules, the real states should be easier to read, also beyond what each baseline favours by itself.</p>
<ul>${interventionSentences(numbers).map((line) => html`<li>${line}</li>`)}</ul>
${interventionFigure(numbers, 'Original against the other semantics, over seeds', studied('contrasts[] (feature mean, actionsLeft all)'))}
${strataFigure(numbers, 'The same by actions left, over seeds', studied('contrasts[] (feature mean, over null, prompt and bestRecord)'))}
${studyBeforeSubsection(study)}</section>`;
}

export function aheadSection(runs: readonly Results[]): Html {
  const title = 'Looking ahead';
  const rowsOf = (feature: FeatureName): IntervalRow[] =>
    ([0, 1] as const).flatMap((hiddenLayers) =>
      [1, 2].flatMap((offset): IntervalRow[] => {
        const found = runs.map((run) => lookAheadOf(run, feature, hiddenLayers, offset));
        if (!found.some(Boolean)) return [];
        const group = `${DEPTH_NAMES[hiddenLayers]}, ${actionsAhead(offset)}`;
        const over = (name: 'accuracy' | 'best'): Pick<IntervalRow, 'value' | 'interval' | 'seeds'> => {
          const { mean, interval, values } = overSeeds(found.map((row) => row?.[name].estimate));
          return { value: mean, interval, seeds: values };
        };
        return [
          { group, ...PROBE, ...over('accuracy') },
          { group, ...PRESENT, ...over('best') },
        ];
      }),
    );
  const panels = FEATURES.map((feature) => ({ feature, rows: rowsOf(feature) })).filter(({ rows }) => rows.length > 0);
  if (panels.length === 0) {
    return html`<section id="ahead"><h2>${title}</h2><p>No run of this study has probes of later states with enough pairs.</p></section>`;
  }
  const { ahead, aheadBest } = PAPER.firstVersion;
  return html`<section id="ahead"><h2>${title}</h2>
<p>Where the probe of the present state is right: how often is its twin for a later state right too, and how often is the best guess that knows the present state alone? The paper’s first version, for direction and a linear probe: ${percent(ahead[0])} against ${percent(aheadBest[0])} one action ahead, ${percent(ahead[1])} against ${percent(aheadBest[1])} two ahead.</p>
<p>${pairsAheadText(runs)}</p>
${panelFigure({
  title: 'Right about the later state, where the present one is read right',
  unit: 'share of test pairs for which the probe of offset 0 is right, original semantics',
  key: LOOK_AHEAD_KEY,
  source: ofSeeds('evidence.lookAhead[]'),
  how: 'How to read this: filled symbols are means over seeds, small circles are seeds, lines 95 % intervals over seeds. A circle to the right of the square below it: the hidden states tell of the later state more than the present state would.',
  panels: panels.map(({ feature, rows }) => ({
    title: capitalised(feature),
    svg: intervalChart({
      theme: PAGE_THEME,
      rows,
      xDomain: [0, 1],
      xFormat: (value) => percent(value, 0),
      valueFormat: (value) => percent(value),
      alt: `Dots over seeds: accuracy on ${feature} ahead. ${rows.map(({ group, label, value }) => `${group}, ${label}: ${percent(value)}`).join('; ')}.`,
    }),
  })),
})}</section>`;
}

interface RankLine {
  about: string;
  ranks: (number | null)[];
  of: number;
}

export function ranksSection(runs: readonly Results[]): Html {
  const title = 'The rank of the original meaning';
  const all = runs.flatMap(({ permutations }) => permutations?.ranks ?? []);
  if (all.length === 0) {
    return html`<section id="ranks"><h2>${title}</h2><p>No run of this study has ranks among other meanings.</p></section>`;
  }
  const lines = (['markersKept', 'all'] as const).flatMap((among) =>
    ([1, 0] as const).flatMap((hiddenLayers) =>
      (['mean', ...FEATURES] as const).flatMap((feature): RankLine[] => {
        const is = (row: (typeof all)[number]) =>
          row.among === among && row.hiddenLayers === hiddenLayers && row.feature === feature;
        const of = all.find(is)?.of;
        if (of === undefined) return [];
        const ranks = runs.map(({ permutations }) => permutations?.ranks.find(is)?.rank ?? null);
        return [
          {
            about: `${feature}, ${DEPTH_NAMES[hiddenLayers]}, among ${decimal(of)}`,
            ranks,
            of,
          },
        ];
      }),
    ),
  );
  const whole = (rank: number | null | undefined) =>
    decimal(rank, isFiniteNumber(rank) && !Number.isInteger(rank) ? 1 : 0);
  const columns: Column<RankLine>[] = [
    { name: 'rank by information share', cell: ({ about }) => about, kind: 'whole' },
    ...runs.map(
      ({ seed }, index): Column<RankLine> => ({
        name: `seed ${seed}`,
        cell: ({ ranks }) => whole(ranks[index]),
        numeric: true,
      }),
    ),
    { name: 'mean', cell: ({ ranks }) => decimal(overSeeds(ranks).mean, 1), numeric: true },
    { name: 'chance', cell: ({ of }) => decimal((of + 1) / 2, 1), numeric: true },
  ];
  return html`<section id="ranks"><h2>${title}</h2>
<p>The five words could mean other things: 60 permutations differ in what a probe is asked for. Six of them permute <code>move</code> and the turns alone, and only among these is the rank tested. In the others a marker word moves or turns the robot, so that a share says first how often that word occurs; their ranks stand here for completeness. Rank 1 is the easiest to read.</p>
${table('Rank of the original meaning, by seed', columns, lines, ofSeeds('permutations.ranks[]'))}</section>`;
}
