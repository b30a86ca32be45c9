/** @file Tables: every number that the figures draw, and some that they do not. Chapter 11. */

import { ACTIONS, FACINGS } from '../karel/actions.ts';
import type { CheckpointResult, FeatureName, ProbeResult, Results } from '../results/results.ts';
import type { RunFacts } from '../results/run-facts.ts';
import { byteText, decimal, duration, isFiniteNumber, percent, pointsNumber } from './format.ts';
import { type Html, type HtmlValue, html, raw } from './html.ts';
import { DEPTH_NAMES, FEATURES, lastCheckpoint, lastProbeStep, semanticsOf } from './select.ts';
import { collected, journalled, type Source, sourceLine, traced } from './source.ts';
import { isComplete, stepsText } from './unfinished.ts';
import { worldSvg } from './world-svg.ts';

export interface Column<Row> {
  name: string;
  cell: (row: Row) => HtmlValue;
  /** Numbers are set flush right. */
  numeric?: boolean;
  /** Running text, which needs some width or much, or something short that must not break. */
  kind?: 'text' | 'long' | 'whole';
}

/** A table in a box of its own, which scrolls sideways where the screen is narrow. The first column names its row. */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  source: Source,
): Html {
  const kind = (column: Column<Row>) => {
    const name = column.numeric ? 'number' : column.kind;
    return name ? html` class="${name}"` : undefined;
  };
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table>
<caption><span>${caption}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${kind(column)}>${column.name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${columns.map((column, index) =>
        index === 0
          ? html`<th scope="row"${kind(column)}>${column.cell(row)}</th>`
          : html`<td${kind(column)}>${column.cell(row)}</td>`,
      )}</tr>
`,
  )}</tbody></table></div>${sourceLine(source)}`;
}

const TOO_FEW = html` <span class="badge">too few</span>`;

const PAIR_COLUMNS: Column<[string, HtmlValue]>[] = [
  { name: 'what', cell: ([name]) => name },
  { name: 'value', cell: ([, value]) => value },
];

export function runTable(results: Results, facts: RunFacts): Html {
  const last = lastCheckpoint(results);
  const rows: [string, HtmlValue][] = [
    ['preset', results.preset],
    ['seed', results.seed],
    ['model', `${decimal(results.parameters)} parameters, trained from random weights`],
    [
      'training',
      `${stepsText(results)} steps, ${decimal(last?.tokens)} tokens, ${decimal(results.epochs, 2)} times through the corpus`,
    ],
    [
      'speed',
      `${decimal(tokensPerSecond(last?.tokens, facts))} training tokens a second on ${decimal(facts.threads)} threads`,
    ],
    ['time', `${duration(facts.seconds)} ${isComplete(results) ? 'in all' : 'so far'}`],
    ['memory', `${byteText(facts.peakMemoryBytes)} at the peak`],
    ['test specifications', decimal(last?.specifications)],
    ['arithmetic', results.arithmetic],
    ['runtime', facts.runtime],
    ['SHA-256 of the weights at the last checkpoint', html`<code class="hash">${results.modelSha256 || '–'}</code>`],
    ['SHA-256 of the manifest, which names every file', html`<code class="hash">${facts.manifestSha256 || '–'}</code>`],
  ];
  return table('The run', PAIR_COLUMNS, rows, collected('parameters', 'epochs', 'arithmetic', 'modelSha256'));
}

/** Of the training steps alone, without traces. */
function tokensPerSecond(tokens: number | undefined, { stageSeconds }: RunFacts): number | null {
  const seconds = stageSeconds['train'];
  return tokens && seconds ? Math.round(tokens / seconds) : null;
}

export function stageTable(facts: RunFacts): Html {
  const rows = Object.entries(facts.stageSeconds).map(([name, seconds]): [string, HtmlValue] => [
    name,
    duration(seconds),
  ]);
  return table('Time by stage', PAIR_COLUMNS, rows, journalled('seconds'));
}

export function settingsTable(results: Results): Html {
  const rows = Object.entries(results.settings).map(([name, value]): [string, HtmlValue] => [name, String(value)]);
  return table('All settings', PAIR_COLUMNS, rows, collected('settings'));
}

export function checkpointTable(results: Results): Html {
  const columns: Column<CheckpointResult>[] = [
    { name: 'step', numeric: true, cell: (row) => decimal(row.step) },
    { name: 'tokens', numeric: true, cell: (row) => decimal(row.tokens) },
    { name: 'solved', numeric: true, cell: (row) => percent(row.generativeAccuracy) },
    { name: 'also unseen', numeric: true, cell: (row) => percent(row.unseenAccuracy) },
    { name: 'distinct programs', numeric: true, cell: (row) => decimal(row.distinctPrograms) },
    { name: 'mean length', numeric: true, cell: (row) => decimal(row.meanLength, 2) },
    { name: 'reference length', numeric: true, cell: (row) => decimal(row.referenceLength, 2) },
    { name: 'program perplexity', numeric: true, cell: (row) => decimal(row.programPerplexity, 3) },
    { name: 'grid perplexity', numeric: true, cell: (row) => decimal(row.gridPerplexity, 3) },
    { name: 'training loss', numeric: true, cell: (row) => decimal(row.trainLoss, 3) },
  ];
  return table('Every checkpoint', columns, results.checkpoints, { keys: ['checkpoints[]'], commands: ['trace'] });
}

/** Programs as the corpus spells them, one action after the other. */
function program(text: string): Html {
  return text.trim() === '' ? html`<em>nothing</em>` : html`<code class="program">${text}</code>`;
}

/** The example of each checkpoint; a specification that is the same at all of them is not drawn again. */
export function exampleTable(results: Results): Html {
  const { checkpoints } = results;
  const first = checkpoints[0]?.example;
  const same = checkpoints.every(
    ({ example }) =>
      example.input === first?.input && example.output === first.output && example.reference === first.reference,
  );
  const drawn = (text: string, name: string) => raw(worldSvg(text, name));
  const columns: Column<CheckpointResult>[] = [
    { name: 'step', numeric: true, cell: (row) => decimal(row.step) },
    {
      name: 'from → to',
      cell: ({ example }) =>
        html`<span class="pair">${drawn(example.input, 'Before')}<span aria-hidden="true">→</span>${drawn(example.output, 'After')}</span>`,
    },
    { name: 'the model wrote', cell: ({ example }) => program(example.generated) },
    {
      name: 'result',
      cell: ({ example }) =>
        example.correct ? html`<b class="right">✓ right</b>` : html`<b class="wrong">✗ wrong</b>`,
    },
    { name: 'reference', cell: ({ example }) => program(example.reference) },
  ];
  const shown = same ? columns.filter(({ name }) => name !== 'from → to' && name !== 'reference') : columns;
  const which = same
    ? 'for the specification whose first pair is drawn above'
    : 'for one specification (first pair drawn)';
  return table(`What the model wrote at each checkpoint ${which}`, shown, checkpoints, traced('example'));
}

function share(value: number): Html {
  const width = isFiniteNumber(value) ? Math.round(value * 1000) / 10 : 0;
  return html`<span class="bar" style="--share:${width}%">${percent(value)}</span>`;
}

export function actionTable(results: Results): Html {
  const columns: Column<CheckpointResult>[] = [
    { name: 'step', numeric: true, cell: (row) => decimal(row.step) },
    ...ACTIONS.map((name) => ({
      name,
      numeric: true,
      cell: (row: CheckpointResult) => share(row.actionShares[name]!),
    })),
  ];
  return table('Share of each action among all written actions', columns, results.checkpoints, traced('actionShares'));
}

/** Names of a feature's classes; those of a position are the square of an odd number. */
function classNames(feature: FeatureName, classes: number): string[] {
  if (feature === 'direction') return [...FACINGS];
  if (feature === 'obstacle') return ['clear', 'wall ahead'];
  const side = Math.sqrt(classes);
  const offset = (index: number) => decimal(index - (side - 1) / 2);
  return Array.from(
    { length: classes },
    (_, index) => `(${offset(index % side)}, ${offset(Math.floor(index / side))})`,
  );
}

interface LabelRow {
  feature: FeatureName;
  semantics: string;
  counts: number[];
}

const MOST_CLASSES = 6;

export function labelTable(results: Results): Html {
  const distribution = lastCheckpoint(results)?.labelDistribution ?? {};
  const semantics = [...new Set([...semanticsOf(results), ...Object.keys(distribution)])];
  const rows: LabelRow[] = FEATURES.flatMap((feature) =>
    semantics.flatMap((name) => {
      const counts = distribution[name]?.[feature];
      return counts ? [{ feature, semantics: name, counts }] : [];
    }),
  );
  const columns: Column<LabelRow>[] = [
    { name: 'feature', cell: (row) => row.feature },
    { name: 'semantics', cell: (row) => row.semantics },
    {
      name: `labels, the most frequent first (at most ${MOST_CLASSES})`,
      kind: 'long',
      cell: ({ feature, counts }) => {
        const names = classNames(feature, counts.length);
        const total = counts.reduce((sum, count) => sum + count, 0);
        const ranked = counts.map((count, index) => ({ count, name: names[index]! })).filter(({ count }) => count > 0);
        ranked.sort((a, b) => b.count - a.count);
        const shown = ranked
          .slice(0, MOST_CLASSES)
          .map(({ count, name }) => html`<span class="label">${name} <b>${percent(count / total)}</b></span> `);
        const rest = ranked.length - MOST_CLASSES;
        return ranked.length === 0 ? 'no pairs' : [...shown, rest > 0 ? `and ${rest} more` : ''];
      },
    },
    { name: 'classes seen', numeric: true, cell: ({ counts }) => counts.filter((count) => count > 0).length },
  ];
  return table('Labels of the test traces at the last checkpoint, offset 0', columns, rows, {
    keys: ['checkpoints[].labelDistribution'],
    commands: ['probe'],
  });
}

/** Probes that a checkpoint wrote too little for, one row a reason. */
export function skippedTable(results: Results): Html | undefined {
  const groups = new Map<string, { steps: Set<number>; reason: string; count: number }>();
  for (const { step, reason } of results.skippedProbes) {
    const group = groups.get(reason) ?? { steps: new Set<number>(), reason, count: 0 };
    group.steps.add(step);
    group.count++;
    groups.set(reason, group);
  }
  if (groups.size === 0) return undefined;
  const columns: Column<{ steps: Set<number>; reason: string; count: number }>[] = [
    { name: 'reason', kind: 'text', cell: (row) => row.reason },
    { name: 'probes', numeric: true, cell: (row) => decimal(row.count) },
    { name: 'at steps', cell: (row) => [...row.steps].map((step) => decimal(step)).join('; ') },
  ];
  return table('Probes that could not be trained or tested', columns, [...groups.values()], {
    keys: ['skippedProbes[]'],
    commands: ['probe'],
  });
}

/** The probes of the last probed step that `keep` lets through, in the order of the figures. */
export function probeTable(results: Results, caption: string, keep: (probe: ProbeResult) => boolean): Html {
  const step = lastProbeStep(results);
  const semantics = semanticsOf(results);
  const rows = results.probes.filter((probe) => probe.step === step && keep(probe));
  rows.sort(
    (a, b) =>
      FEATURES.indexOf(a.feature) - FEATURES.indexOf(b.feature) ||
      semantics.indexOf(a.semantics) - semantics.indexOf(b.semantics) ||
      a.offset - b.offset ||
      a.hiddenLayers - b.hiddenLayers,
  );
  const several = (name: 'layer' | 'seed' | 'offset') => new Set(rows.map((row) => row[name])).size > 1;
  const columns: Column<ProbeResult>[] = [
    { name: 'feature', cell: (row) => row.feature },
    { name: 'semantics', cell: (row) => row.semantics },
    ...(several('offset') ? [{ name: 'offset', numeric: true, cell: (row: ProbeResult) => decimal(row.offset) }] : []),
    { name: 'probe', kind: 'whole', cell: (row) => DEPTH_NAMES[row.hiddenLayers] },
    ...(several('layer') ? [{ name: 'layer', cell: (row: ProbeResult) => String(row.layer) }] : []),
    ...(several('seed') ? [{ name: 'seed', cell: (row: ProbeResult) => row.seed }] : []),
    { name: 'test pairs n', numeric: true, cell: (row) => [decimal(row.n), row.tooFew ? TOO_FEW : undefined] },
    { name: 'programs', numeric: true, cell: (row) => decimal(row.programs) },
    { name: 'information, bits', numeric: true, cell: (row) => (row.n > 0 ? decimal(row.information, 3) : '–') },
    { name: 'of label entropy', numeric: true, cell: (row) => percent(row.informationShare) },
    { name: 'untrained', numeric: true, cell: (row) => percent(row.untrainedInformationShare) },
    { name: 'accuracy', numeric: true, cell: (row) => (row.n > 0 ? percent(row.accuracy) : '–') },
    { name: 'majority', numeric: true, cell: (row) => (row.n > 0 ? percent(row.majority) : '–') },
    { name: 'untrained accuracy', numeric: true, cell: (row) => (row.n > 0 ? percent(row.untrained) : '–') },
    {
      name: 'over majority, points',
      numeric: true,
      cell: (row) => (row.n > 0 ? pointsNumber(row.accuracy - row.majority) : '–'),
    },
  ];
  return table(caption, columns, rows, { keys: ['probes[]'], commands: ['probe'] });
}
