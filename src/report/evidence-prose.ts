/** @file Sentences on what hidden states tell beyond their baselines, computed from the numbers. Chapter 10. */

import type { Results } from '../study/results.ts';
import { AGAINST, DEPTH_WORDS, type Depth, OVERS } from './evidence-figures.ts';
import { type ContrastKey, type Drawn, evidenceOf } from './evidence-numbers.ts';
import {
  capitalised,
  countWord,
  differenceRangeText,
  hasWidth,
  isFiniteNumber,
  listing,
  points,
  SHARES,
} from './format.ts';

/** Which side of 0 a whole interval lies on. */
export function sideOf({ interval }: Pick<Drawn, 'interval'>): 'above' | 'below' | 'open' {
  if (!hasWidth(interval)) return 'open';
  if (interval.low > 0) return 'above';
  return interval.high < 0 ? 'below' : 'open';
}

/** `+4.1 points (95 % interval +2.1 to +6.0 points)`. */
export function differenceText({ value, interval }: Pick<Drawn, 'value' | 'interval'>): string {
  const range = differenceRangeText(interval, SHARES);
  return `${points(value)}${range && ` (95 % interval ${range})`}`;
}

const SIDE_WORDS = {
  above: 'the interval lies above 0',
  below: 'the interval lies below 0: the other way round',
  open: 'not told apart from 0',
} as const;

interface Told {
  depth: Depth;
  against: (typeof AGAINST)[number];
  parts: { words: string; over: ContrastKey['over']; drawn: Drawn }[];
}

function told(results: Results): Told[] {
  const numbers = evidenceOf(results);
  if (!numbers) return [];
  return ([0, 1] as const).flatMap((depth) =>
    AGAINST.flatMap((against): Told[] => {
      const parts = OVERS.flatMap(({ over, words }) => {
        const drawn = numbers.contrast({ feature: 'mean', hiddenLayers: depth, actionsLeft: 'all', over, against });
        return drawn && isFiniteNumber(drawn.value) ? [{ words, over, drawn }] : [];
      });
      return parts.length > 0 ? [{ depth, against, parts }] : [];
    }),
  );
}

/** A sentence for each depth and each other semantics. */
export function interventionSentences(results: Results): string[] {
  return told(results).map(({ depth, against, parts }) => {
    const said = parts.map(({ words, drawn }) => `${words} ${differenceText(drawn)}, ${SIDE_WORDS[sideOf(drawn)]}`);
    return `${capitalised(DEPTH_WORDS[depth])}, original − ${against}: ${said.join('; ')}.`;
  });
}

/** How many differences lie on which side: as read, and beyond a baseline. */
export function interventionSummary(results: Results): string {
  const all = told(results).flatMap(({ parts }) => parts);
  const count = (some: typeof all): string => {
    const of = (side: ReturnType<typeof sideOf>) => some.filter(({ drawn }) => sideOf(drawn) === side).length;
    const [above, below, open] = [of('above'), of('below'), of('open')];
    return `of ${countWord(some.length)}, ${listing([`${countWord(above)} favour the original`, `${countWord(below)} the other semantics`, `${countWord(open)} cannot be told apart from 0`])}`;
  };
  const [read, beyond] = [all.filter(({ over }) => !over), all.filter(({ over }) => over === 'prompt')];
  const others = all.filter(({ over }) => over && over !== 'prompt');
  const lines = [
    read.length > 0 ? `Differences as the probes read them: ${count(read)}.` : '',
    others.length > 0 ? `Beyond the untrained model or the record without the output grid: ${count(others)}.` : '',
    beyond.length > 0 ? `Beyond the record that also has the output grid: ${count(beyond)}.` : '',
  ];
  return lines.filter(Boolean).join(' ');
}

/** Whether the hidden states tell more than each record, and than labels without meaning; means over the features. */
export function recordSentences(results: Results): string[] {
  const numbers = evidenceOf(results);
  if (!numbers) return [];
  const whats = [
    ['untrained', 'the untrained model'],
    ['input', 'the record of text and input grid'],
    ['prompt', 'the record of text and both grids'],
  ] as const;
  return ([0, 1] as const).flatMap((hiddenLayers) => {
    const parts = whats.flatMap(([over, words]) => {
      const drawn = numbers.contrast({ feature: 'mean', hiddenLayers, actionsLeft: 'all', over, against: null });
      if (!drawn || !isFiniteNumber(drawn.value)) return [];
      const verb = { above: 'more than', below: 'less than', open: 'about as much as' }[sideOf(drawn)];
      return [`${verb} ${words}, ${differenceText(drawn)}`];
    });
    return parts.length === 0
      ? []
      : [
          `${capitalised(DEPTH_WORDS[hiddenLayers])}, mean over the features: the hidden states tell ${parts.join('; ')}.`,
        ];
  });
}

/** Selectivity: the feature against the control task. */
export function selectivitySentences(results: Results): string[] {
  const numbers = evidenceOf(results);
  if (!numbers) return [];
  return ([0, 1] as const).flatMap((hiddenLayers) => {
    const about = { feature: 'mean', hiddenLayers, actionsLeft: 'all' } as const;
    const drawn = numbers.contrast({ ...about, over: 'control', against: null });
    if (!drawn || !isFiniteNumber(drawn.value)) return [];
    const verdict = {
      above: 'it reads more of the states than it can learn by heart',
      below:
        'it learns labels without meaning better than the states, so what it reads of the states may be learnt by heart',
      open: 'what it reads of the states and what it can learn by heart cannot be told apart',
    }[sideOf(drawn)];
    return [`${capitalised(DEPTH_WORDS[hiddenLayers])}: selectivity ${differenceText(drawn)}; ${verdict}.`];
  });
}
