/** @file One action earlier: what is read of the state before the action that is being written. Chapter 11. */

import type { Results } from '../results/results.ts';
import { AGAINST, EVIDENCE_DEPTHS, type EvidenceDepth } from './evidence-figures.ts';
import {
  type ContrastKey,
  type Drawn,
  type EvidenceNumbers,
  evidenceBeforeOf,
  evidenceOf,
} from './evidence-numbers.ts';
import { differenceText } from './evidence-prose.ts';
import { capitalised, differenceRangeText, isFiniteNumber, pointsNumber, SHARES } from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES } from './select.ts';
import { evidenced, type Source } from './source.ts';
import { type Column, table } from './tables.ts';

interface Line {
  readonly depth: EvidenceDepth;
  readonly words: string;
  readonly now: Drawn | undefined;
  readonly before: Drawn | undefined;
}

const DIFFERENCES: readonly (Pick<ContrastKey, 'over' | 'against'> & { words: string })[] = [
  { over: 'untrained', against: null, words: 'trained − untrained' },
  ...([null, 'untrained'] as const).flatMap((over) =>
    AGAINST.map((against) => ({
      over,
      against,
      words: `${over ? 'beyond the untrained model, ' : ''}original − ${against}`,
    })),
  ),
];

/** The differences that offset -1 has, with those of offset 0. */
export function beforeLines(now: EvidenceNumbers | undefined, before: EvidenceNumbers): Line[] {
  return EVIDENCE_DEPTHS.flatMap((depth) =>
    DIFFERENCES.flatMap(({ over, against, words }): Line[] => {
      const key = { feature: 'mean', hiddenLayers: depth, actionsLeft: 'all', over, against } as const;
      const [at0, at1] = [now?.contrast(key), before.contrast(key)];
      return at1 && isFiniteNumber(at1.value) ? [{ depth, words, now: at0, before: at1 }] : [];
    }),
  );
}

const rangeOf = (drawn: Drawn | undefined): string => differenceRangeText(drawn?.interval, SHARES);

export function beforeTable(lines: readonly Line[], caption: string, source: Source): Html {
  const seeds = lines.some(({ before }) => before?.seeds);
  const columns: Column<Line>[] = [
    { name: 'probe', cell: ({ depth }) => DEPTH_NAMES[depth], kind: 'whole' },
    { name: 'information', cell: ({ words }) => words, kind: 'whole' },
    { name: 'offset 0, points', cell: ({ now }) => pointsNumber(now?.value), numeric: true },
    { name: '95 % interval', cell: ({ now }) => rangeOf(now), numeric: true },
    { name: 'offset −1, points', cell: ({ before }) => pointsNumber(before?.value), numeric: true },
    { name: '95 % interval', cell: ({ before }) => rangeOf(before), numeric: true },
    ...(seeds
      ? [{ name: 'offset −1, by seed', cell: ({ before }: Line) => before?.seeds?.map(pointsNumber).join(', ') ?? '' }]
      : []),
  ];
  return table(caption, columns, lines, source);
}

/** For each depth what training adds, at offset 0 and one action earlier. */
export function beforeSentences(lines: readonly Line[]): string[] {
  return lines.flatMap(({ depth, words, now, before }) => {
    if (words !== DIFFERENCES[0]!.words || !before) return [];
    const present = now && isFiniteNumber(now.value) ? `, against ${differenceText(now)} at offset 0` : '';
    return [
      `${capitalised(DEPTH_NAMES[depth])}, trained minus untrained: ${differenceText(before)} at offset −1${present}.`,
    ];
  });
}

export const BEFORE_TITLE = 'One action earlier';

/** Why offset -1 is asked, in general. */
export function beforeIntro(settings: Results['settings']): Html {
  const straight = settings['programs'] !== 'control';
  const states =
    straight && settings['lastState'] === 'dropped'
      ? ' The states that are asked for are the same at both offsets; at offset −1 the hidden state of the next action is asked.'
      : '';
  return html`<p>At offset 0 a hidden state is asked for the state after an action that the model is only about to write. A trained model predicts that action, an untrained one cannot, so part of what training adds there is next-token prediction. At offset −1, the state before the action being written, both have read all that the state depends on.${states}</p>`;
}

/** Of a run; undefined where it has no probes of offset -1 with enough programs. */
export function beforeSubsection(results: Results): Html | undefined {
  const before = evidenceBeforeOf(results);
  const lines = before ? beforeLines(evidenceOf(results), before) : [];
  if (lines.length === 0) return undefined;
  const shown = 'contrasts[] (feature mean, actionsLeft all)';
  return html`<h3>${BEFORE_TITLE}</h3>
${beforeIntro(results.settings)}
<ul>${beforeSentences(lines).map((line) => html`<li>${line}</li>`)}</ul>
${beforeTable(lines, 'One action earlier: differences of usable information, mean over the features', evidenced(`before.${shown}`, shown))}`;
}
