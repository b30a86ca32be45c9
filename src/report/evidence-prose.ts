/** @file Sentences on what hidden states tell beyond their baselines, computed from the numbers. Chapter 11. */

import { AGAINST, type EvidenceDepth, OVERS } from './evidence-figures.ts';
import type { ContrastKey, Drawn, EvidenceNumbers } from './evidence-numbers.ts';
import {
  capitalised,
  countWord,
  decimal,
  differenceRangeText,
  hasWidth,
  isFiniteNumber,
  listing,
  percent,
  points,
  pointsNumber,
  SHARES,
} from './format.ts';
import { DEPTH_NAMES, FEATURES } from './select.ts';

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

interface Told {
  depth: EvidenceDepth;
  against: (typeof AGAINST)[number];
  parts: { words: string; over: ContrastKey['over']; drawn: Drawn }[];
}

function told(numbers: EvidenceNumbers): Told[] {
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

/** For each depth the differences that the interval puts above 0, below 0, and on neither side. */
export function interventionSentences(numbers: EvidenceNumbers): string[] {
  const all = told(numbers);
  return ([0, 1] as const).flatMap((depth) => {
    const here = all.filter((one) => one.depth === depth);
    if (here.length === 0) return [];
    const named = (side: ReturnType<typeof sideOf>): string => {
      const found = here.flatMap(({ against, parts }) =>
        parts
          .filter(({ drawn }) => sideOf(drawn) === side)
          .map(({ words, drawn }) => `${against} ${words} (${pointsNumber(drawn.value)})`),
      );
      return found.length > 0 ? listing(found) : 'none';
    };
    return [
      `${capitalised(DEPTH_NAMES[depth])}, original minus the other. The interval lies above 0: ${named('above')}. Below 0, the other way round: ${named('below')}. Not told apart from 0: ${named('open')}.`,
    ];
  });
}

/** How many differences lie on which side: as read, and beyond a baseline. */
export function interventionSummary(numbers: EvidenceNumbers): string {
  const all = told(numbers).flatMap(({ parts }) => parts);
  const count = (some: typeof all): string => {
    const of = (side: ReturnType<typeof sideOf>) => some.filter(({ drawn }) => sideOf(drawn) === side).length;
    const word = (number: number) => (number === 0 ? 'none' : countWord(number));
    const [above, below, open] = [of('above'), of('below'), of('open')];
    return `of ${countWord(some.length)}, ${listing([`${word(above)} favour the original`, `${word(below)} the other semantics`, `${word(open)} cannot be told apart from 0`])}`;
  };
  const beyondThe = (record: 'prompt' | 'bestRecord') => all.filter(({ over }) => over === record);
  const [read, beyond, best] = [all.filter(({ over }) => !over), beyondThe('prompt'), beyondThe('bestRecord')];
  const others = all.filter(({ over }) => over === 'untrained' || over === 'input');
  const baselines = (some: typeof all): string =>
    capitalised(
      OVERS.filter(({ over }) => some.some((one) => one.over === over))
        .map(({ words }) => words)
        .join(' or '),
    );
  const lines = [
    read.length > 0 ? `Differences as the probes read them: ${count(read)}.` : '',
    others.length > 0 ? `${baselines(others)}: ${count(others)}.` : '',
    beyond.length > 0 ? `${baselines(beyond)}: ${count(beyond)}.` : '',
    best.length > 0 ? `${baselines(best)}: ${count(best)}.` : '',
  ];
  return lines.filter(Boolean).join(' ');
}

/** Whether the hidden states tell more than each record, and than labels without meaning; means over the features. */
export function recordSentences(numbers: EvidenceNumbers): string[] {
  const whats = [
    ['untrained', 'the untrained model'],
    ['input', 'the record of text and input grid'],
    ['prompt', 'the record of text and both grids'],
    ['bestRecord', 'the better record, by validation'],
  ] as const;
  return ([0, 1] as const).flatMap((hiddenLayers) => {
    const parts = whats.flatMap(([over, words]) => {
      const drawn = numbers.contrast({ feature: 'mean', hiddenLayers, actionsLeft: 'all', over, against: null });
      if (!drawn || !isFiniteNumber(drawn.value)) return [];
      const verdict = { above: 'more', below: 'less', open: 'not told apart' }[sideOf(drawn)];
      return [`minus ${words}: ${differenceText(drawn)}, ${verdict}`];
    });
    return parts.length === 0
      ? []
      : [
          `${capitalised(DEPTH_NAMES[hiddenLayers])}, mean over the features. Information of the hidden states ${parts.join('; ')}.`,
        ];
  });
}

/** For each depth where the record with the output grid is read worse than the one without, though it holds all of that. */
export function overfitSentences(numbers: EvidenceNumbers): string[] {
  return ([0, 1] as const).flatMap((hiddenLayers) => {
    let asked = 0;
    const worse = ['original', ...AGAINST].flatMap((semantics) =>
      FEATURES.flatMap((feature) => {
        const about = { feature, hiddenLayers, actionsLeft: 'all', semantics } as const;
        const [less, more] = [
          numbers.share({ ...about, source: 'input' })?.value,
          numbers.share({ ...about, source: 'prompt' })?.value,
        ];
        if (!isFiniteNumber(less) || !isFiniteNumber(more)) return [];
        asked++;
        return more < less ? [`${feature} under ${semantics} (${percent(more)} against ${percent(less)})`] : [];
      }),
    );
    if (worse.length === 0) return [];
    return [
      `${capitalised(DEPTH_NAMES[hiddenLayers])}: in ${decimal(worse.length)} of ${decimal(asked)} cases less is read from the record with the output grid than from the one without, though it holds all of that: ${listing(worse)}. There the probe on it has not learned what it could, and a contrast with it is no bound.`,
    ];
  });
}

/** Selectivity: the feature against the control task. */
export function selectivitySentences(numbers: EvidenceNumbers): string[] {
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
    return [`${capitalised(DEPTH_NAMES[hiddenLayers])}: selectivity ${differenceText(drawn)}; ${verdict}.`];
  });
}
