/** @file Figures of what hidden states tell beyond their baselines, of one run or of several seeds. Chapter 11. */

import type { ContrastKey, EvidenceNumbers, ShareKey } from './evidence-numbers.ts';
import { type KeyEntry, panelFigure } from './figure.ts';
import { capitalised, percent, pointsNumber } from './format.ts';
import type { Html } from './html.ts';
import { domainOf, type IntervalRow, intervalChart } from './interval-chart.ts';
import { DEPTH_NAMES, FEATURES } from './select.ts';
import type { Source } from './source.ts';
import { PAGE_THEME } from './theme.ts';

type EvidenceSource = ShareKey['source'];
export type Over = ContrastKey['over'];
export type EvidenceDepth = ContrastKey['hiddenLayers'];

export const EVIDENCE_DEPTHS: readonly EvidenceDepth[] = [0, 1];

type Style = Pick<IntervalRow, 'color' | 'symbol'> & {
  readonly hollow?: boolean;
  readonly label: string;
  readonly long: string;
};

/** What a probe reads: each has a symbol of its own. */
export const SOURCE_STYLES: Readonly<Record<EvidenceSource, Style>> = {
  trained: {
    label: 'hidden states',
    long: 'hidden states of the trained model',
    color: PAGE_THEME.teal,
    symbol: 'circle',
  },
  untrained: {
    label: 'untrained',
    long: 'hidden states of the untrained model',
    color: PAGE_THEME.muted,
    symbol: 'circle',
    hollow: true,
  },
  input: {
    label: 'record, input grid',
    long: 'record of text and input grid',
    color: PAGE_THEME.orange,
    symbol: 'square',
  },
  prompt: {
    label: 'record, both grids',
    long: 'record of text and both grids',
    color: PAGE_THEME.purple,
    symbol: 'diamond',
  },
  control: {
    label: 'control task',
    long: 'hidden states, labels without meaning',
    color: PAGE_THEME.blue,
    symbol: 'cross',
  },
  bestRecord: {
    label: 'better record',
    long: 'the better record, by validation',
    color: PAGE_THEME.ink,
    symbol: 'triangle',
  },
};
const SOURCE_NAMES = Object.keys(SOURCE_STYLES) as EvidenceSource[];

/** What is taken from the hidden states' information before semantics are compared. */
export const OVERS: readonly { over: Exclude<Over, 'control'>; label: string; words: string }[] = [
  { over: null, label: 'as read', words: 'as read' },
  { over: 'untrained', label: '− untrained', words: 'beyond the untrained model' },
  { over: 'input', label: '− record, input grid', words: 'beyond the record of text and input grid' },
  { over: 'prompt', label: '− record, both grids', words: 'beyond the record of text and both grids' },
  { over: 'bestRecord', label: '− better record', words: 'beyond the better record, by validation' },
];
export const AGAINST = ['flip', 'adversarial'] as const;

const styleOf = (over: Over): Pick<IntervalRow, 'color' | 'symbol'> & { hollow?: boolean } => {
  const { color, symbol, hollow } = SOURCE_STYLES[over ?? 'trained'];
  return { color, symbol, ...(hollow ? { hollow } : {}) };
};

const keyEntry = (name: EvidenceSource, label = SOURCE_STYLES[name].long): KeyEntry => {
  const { color, symbol, hollow } = SOURCE_STYLES[name];
  return { label, color, symbol: hollow ? 'hollow' : symbol };
};

/** How to read the symbols of those that are drawn. */
function symbolsText(has: (name: EvidenceSource) => boolean): string {
  const records = has('input') || has('prompt') ? 'Squares and diamonds read the text itself' : '';
  const best = has('bestRecord') ? 'the triangle is the record that is read better on validation traces' : '';
  const control = has('control') ? 'the cross has labels that mean nothing' : '';
  const parts = [records, best, control].filter(Boolean).join(', ');
  return parts && ` ${capitalised(parts)}.`;
}

const readings = (rows: readonly IntervalRow[], format: (value: number | null) => string): string =>
  rows.map(({ group, label, value }) => `${group}, ${label}: ${format(value)}`).join('; ');

/** Dots for each feature, by source and depth: original semantics. */
export function sharesFigure({ share, intervals }: EvidenceNumbers, title: string, source: Source): Html {
  const panels = FEATURES.map((feature) => ({
    feature,
    rows: EVIDENCE_DEPTHS.flatMap((hiddenLayers) =>
      SOURCE_NAMES.flatMap((name): IntervalRow[] => {
        const found = share({ feature, hiddenLayers, actionsLeft: 'all', semantics: 'original', source: name });
        if (!found) return [];
        const { label, color, symbol, hollow } = SOURCE_STYLES[name];
        return [{ group: DEPTH_NAMES[hiddenLayers], label, color, symbol, ...(hollow ? { hollow } : {}), ...found }];
      }),
    ),
  })).filter(({ rows }) => rows.length > 0);
  const all = panels.flatMap(({ rows }) => rows);
  const has = (name: EvidenceSource): boolean => all.some(({ label }) => label === SOURCE_STYLES[name].label);
  const [low, high] = domainOf(all);
  const xDomain: [number, number] = [Math.max(low, -0.3), Math.min(high, 1)];
  return panelFigure({
    title,
    unit: 'usable information as a share of label entropy, original semantics, offset 0, last checkpoint',
    key: SOURCE_NAMES.filter((name) => has(name)).map((name) => keyEntry(name)),
    source,
    how: `How to read this: compare the filled circle with the symbols below it, within one depth.${symbolsText(has)} ${intervals}`,
    panels: panels.map(({ feature, rows }) => ({
      title: capitalised(feature),
      svg: intervalChart({
        theme: PAGE_THEME,
        rows,
        xDomain,
        xFormat: (value) => percent(value, 0),
        valueFormat: (value) => percent(value),
        alt: `Dots with intervals: usable information on ${feature}, by what the probe reads. ${readings(rows, percent)}.`,
      }),
    })),
  });
}

/** Panels by depth of differences between semantics; `rowsOf` gives the rows of one. */
function differencesFigure(
  about: { title: string; unit: string; how: string; source: Source; key: readonly KeyEntry[] },
  rowsOf: (hiddenLayers: EvidenceDepth) => readonly IntervalRow[],
): Html | undefined {
  const panels = EVIDENCE_DEPTHS.map((depth) => ({ depth, rows: rowsOf(depth) })).filter(({ rows }) => rows.length > 0);
  if (panels.length === 0) return undefined;
  const xDomain = domainOf(panels.flatMap(({ rows }) => rows));
  return panelFigure({
    ...about,
    panels: panels.map(({ depth, rows }) => ({
      title: capitalised(DEPTH_NAMES[depth]),
      svg: intervalChart({
        theme: PAGE_THEME,
        rows,
        xDomain,
        xFormat: pointsNumber,
        valueFormat: pointsNumber,
        alt: `Dots with intervals, ${DEPTH_NAMES[depth]}: ${about.title}, in points. ${readings(rows, pointsNumber)}.`,
      }),
    })),
  });
}

const overKey = (overs: readonly Over[]): KeyEntry[] =>
  OVERS.filter(({ over }) => overs.includes(over)).map(({ over, words }) => keyEntry(over ?? 'trained', words));

/** Those of the baselines that were measured. */
const measured = ({ contrast }: EvidenceNumbers, overs: readonly Over[]): Over[] =>
  overs.filter((over) =>
    EVIDENCE_DEPTHS.some((hiddenLayers) =>
      AGAINST.some((against) => contrast({ feature: 'mean', hiddenLayers, actionsLeft: 'all', over, against })),
    ),
  );

/** Original - flip and original - adversarial, as read and beyond each baseline: means over the features. */
export function interventionFigure(numbers: EvidenceNumbers, title: string, source: Source): Html | undefined {
  return differencesFigure(
    {
      title,
      unit: 'points of usable information (share of label entropy), mean over the three features',
      key: overKey(
        measured(
          numbers,
          OVERS.map(({ over }) => over),
        ),
      ),
      source,
      how: `How to read this: right of 0 the original semantics is favoured, left of 0 the other one. The first row of each group is what the probes read; each row below takes away what the named baseline favours by itself. ${numbers.intervals}`,
    },
    (hiddenLayers) =>
      AGAINST.flatMap((against) =>
        OVERS.flatMap(({ over, label }): IntervalRow[] => {
          const found = numbers.contrast({ feature: 'mean', hiddenLayers, actionsLeft: 'all', over, against });
          return found ? [{ group: `original − ${against}`, label, ...styleOf(over), ...found }] : [];
        }),
      ),
  );
}

const LEFT_WORDS = { '0': 'last state', '1': '1 action left', '2': '2 left', '3+': '3 or more left' } as const;

/** The same by how many actions the program still has: as read, and beyond the record of both grids. */
export function strataFigure(numbers: EvidenceNumbers, title: string, source: Source): Html | undefined {
  const overs = [null, 'prompt', 'bestRecord'] as const;
  const beyond = { prompt: 'beyond the record, both grids', bestRecord: 'beyond the better record' };
  return differencesFigure(
    {
      title,
      unit: 'points of usable information, mean over the three features, by actions left',
      key: overKey(measured(numbers, overs)),
      source,
      how: `How to read this: where few actions are left, the output grid in the prompt nearly shows the state, and it does so under the original semantics only. A difference that comes from that alone would vanish towards the lower rows of its group. ${numbers.intervals}`,
    },
    (hiddenLayers) =>
      AGAINST.flatMap((against) =>
        overs.flatMap((over) =>
          (['0', '1', '2', '3+'] as const).flatMap((actionsLeft): IntervalRow[] => {
            const found = numbers.contrast({ feature: 'mean', hiddenLayers, actionsLeft, over, against });
            const group = `original − ${against}, ${over ? beyond[over] : 'as read'}`;
            return found ? [{ group, label: LEFT_WORDS[actionsLeft], ...styleOf(over), ...found }] : [];
          }),
        ),
      ),
  );
}
