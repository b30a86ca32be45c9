/** @file How its programs differ from the reference programs: a figure, tables, sentences. Chapter 11. */

import type {
  Measured,
  ProgramComparison,
  ProgramMeasures,
  Results,
  ShortestComparison,
  ShortestMeasures,
} from '../results/results.ts';
import { type Bar, type BarPair, barChart } from './bar-chart.ts';
import { panelFigure } from './figure.ts';
import {
  COUNTS,
  capitalised,
  decimal,
  differenceRangeText,
  hasWidth,
  percent,
  rangeText,
  SHARES,
  type Unit,
} from './format.ts';
import { type Html, html } from './html.ts';
import {
  actionText,
  controlText,
  detourText,
  diversityText,
  lengthSentence,
  shortestText,
  trainingText,
} from './program-prose.ts';
import { lastCheckpoint, numberOf } from './select.ts';
import { traced } from './source.ts';
import { type Column, table } from './tables.ts';
import { PAGE_THEME } from './theme.ts';

const TITLE = 'How its programs differ from the reference programs';

export function programSection(results: Results): Html {
  const last = lastCheckpoint(results);
  if (!last) {
    return html`<section id="programs"><h2>${TITLE}</h2><p>This was not measured in this run: it has no checkpoint yet.</p></section>`;
  }
  const { programs } = last;
  const minLength = numberOf(results, 'minLength');
  return html`<section id="programs"><h2>${TITLE}</h2>
<p>A specification was made by a random program, its reference. The model may write any other program that does the same, and the reference is seldom the best one: a random program walks into walls and takes back what it did. So a model that had only learnt what programs in the corpus look like would be expected to write programs of their kind; one that looks for what a specification asks need not. All numbers here are of step ${decimal(last.step)}, of programs right or wrong unless it says otherwise.</p>
<ul>${[
    capitalised(lengthSentence(programs)),
    detourText(programs),
    controlText(programs),
    shortestText(programs, minLength),
    actionText(programs),
    diversityText(programs),
    trainingText(programs),
  ]
    .filter(Boolean)
    .map((sentence) => html`<li>${sentence}</li>`)}</ul>
${comparisonFigure(programs, last.step, minLength)}
${measuresTable(programs, last.step)}
${programs.shortest ? shortestPart(programs.shortest, minLength) : undefined}
<h3>How sure the shares are</h3>
${accuracyTable(programs)}</section>`;
}

function shortestPart(shortest: ShortestComparison, minLength: number): Html {
  return html`<h3>Beside the shortest programs</h3>
<p>For each specification a search finds the shortest program that meets it, of one action at least. Of written programs only those count that solve their specification; the reference programs of the same specifications stand beside them. A model that always writes one short program is as short as can be wherever that happens to be right: read these shares beside the number of different programs.</p>
${shortestTable(shortest, minLength)}`;
}

const programSource = (...names: string[]) => traced(...names.map((name) => `programs.${name}`));

function barOf({ estimate, interval }: Measured): Bar {
  return { value: estimate, whisker: hasWidth(interval) ? [interval.low, interval.high] : undefined };
}

/** What the length of a program counts. */
function unitOf({ withControl }: ProgramMeasures): 'word' | 'action' {
  return withControl ? 'word' : 'action';
}

function lengthPairs({ reference, generated }: ProgramComparison): BarPair[] {
  const sides = [reference.lengths, generated?.lengths ?? []];
  const totals = sides.map((counts) => counts.reduce((sum, count) => sum + count, 0));
  const used = (length: number): boolean => sides.some((counts) => (counts[length] ?? 0) > 0);
  const lengths = Array.from({ length: Math.max(...sides.map((counts) => counts.length)) }, (_, length) => length);
  const first = lengths.findIndex(used);
  return lengths.slice(Math.max(0, first)).map((length) => {
    const [hollow, filled] = sides.map((counts, side) => ({ value: (counts[length] ?? 0) / (totals[side] || 1) }));
    return {
      label: `${decimal(length)} ${unitOf(reference)}${length === 1 ? '' : 's'}`,
      hollow: hollow!,
      filled: filled!,
    };
  });
}

function comparisonFigure(programs: ProgramComparison, step: number, minLength: number): Html | undefined {
  const { reference, generated, shortest } = programs;
  if (!generated) return undefined;
  const pair = (label: string, hollow: Measured, filled: Measured): BarPair => ({
    label,
    hollow: barOf(hollow),
    filled: barOf(filled),
  });
  const solved = shortest?.solved;
  const pairIf = (
    label: string,
    hollow: Measured | null | undefined,
    filled: Measured | null | undefined,
  ): BarPair[] => (hollow && filled ? [pair(label, hollow, filled)] : []);
  const panels: { title: string; pairs: BarPair[] }[] = [
    { title: 'Length, share of programs', pairs: lengthPairs(programs) },
    {
      title: 'Actions, share of all actions',
      pairs: Object.keys(reference.actionShares).map((name) =>
        pair(name, reference.actionShares[name]!, generated.actionShares[name]!),
      ),
    },
    {
      title: shortest ? 'Detours, share of programs' : 'Branches and loops, share of programs',
      pairs: [
        ...pairIf('with a no-op', reference.withNoOp, generated.withNoOp),
        ...pairIf('not minimal', reference.notMinimal, generated.notMinimal),
        ...pairIf('with branch or loop', reference.withControl, generated.withControl),
        ...pairIf('shortest', solved?.reference?.asShort, solved?.generated?.asShort),
        ...(minLength > 1
          ? pairIf(
              `... of ${minLength} or more`,
              solved?.reference?.asShortInCorpus,
              solved?.generated?.asShortInCorpus,
            )
          : []),
      ],
    },
  ];
  return panelFigure({
    title: `Reference and written programs at step ${decimal(step)}`,
    unit: 'in percent; whiskers are 95 % intervals',
    key: [
      { label: 'reference', color: 'var(--orange)', symbol: 'hollowBox' },
      { label: 'written', color: 'var(--blue)', symbol: 'filledBox' },
      { label: '95 % interval', color: 'var(--muted)', symbol: 'whisker' },
    ],
    source: programSource('reference', 'generated', 'shortest'),
    panels: panels.map(({ title, pairs }) => ({
      title,
      svg: barChart({
        theme: PAGE_THEME,
        pairs,
        colors: [PAGE_THEME.orange, PAGE_THEME.blue],
        format: (value) => percent(value, value < 0.0995 && value > 0 ? 1 : 0),
        alt: `Bar chart. ${title}, reference and written: ${pairs
          .map(({ label, hollow, filled }) => `${label} ${percent(hollow.value)} and ${percent(filled.value)}`)
          .join('; ')}.`,
      }),
    })),
    how: `How to read this: in each pair the hollow bar is the reference programs, the filled one what the model wrote.${shortest ? detoursKey(shortest, minLength) : ''}`,
  });
}

function detoursKey({ solved }: ShortestComparison, minLength: number): string {
  return ` “Not minimal” are programs out of which an action could be taken without a visible change; “shortest” are those as short as any program that solves their specification, among the ${decimal(solved.generated?.asShort.n ?? 0)} specifications that the model solved and whose shortest program is known${minLength > 1 ? `, and below that those as short as any of at least ${minLength} actions, as all programs of the corpus are` : ''}.`;
}

/** A number with its interval below it. */
function withInterval(measured: Measured | null | undefined, unit: Unit): Html | string {
  if (!measured) return '–';
  const range = rangeText(measured.interval, unit);
  return html`${unit.value(measured.estimate)}${range ? html`<span class="interval">${range}</span>` : undefined}`;
}

function differenceWithInterval(measured: Measured | null | undefined, unit: Unit): Html | string {
  if (!measured) return '–';
  const range = differenceRangeText(measured.interval, unit);
  return html`${unit.difference(measured.estimate)}${range ? html`<span class="interval">${range}</span>` : undefined}`;
}

interface Row {
  what: string;
  cells: (Html | string)[];
}

/** A table of the last checkpoint's comparison; `name` is its key there. */
function rowsTable(caption: string, columns: readonly string[], rows: readonly Row[], ...names: string[]): Html {
  const numbers = columns.map(
    (name, index): Column<Row> => ({ name, numeric: true, cell: (row) => row.cells[index] ?? '–' }),
  );
  return table(
    caption,
    [{ name: 'what', kind: 'text', cell: (row: Row) => row.what }, ...numbers],
    rows,
    programSource(...names),
  );
}

function measuresTable({ reference, generated, difference }: ProgramComparison, step: number): Html {
  const measured = (
    what: string,
    unit: Unit,
    pick: (measures: ProgramMeasures) => Measured | null | undefined,
  ): Row => ({
    what,
    cells: [
      withInterval(pick(reference), unit),
      withInterval(generated && pick(generated), unit),
      differenceWithInterval(difference && pick(difference), unit),
    ],
  });
  const counted = (what: string, pick: (side: NonNullable<typeof generated>) => number): Row => ({
    what,
    cells: [decimal(pick(reference)), generated ? decimal(pick(generated)) : '–', ''],
  });
  const rows = [
    counted('programs', (side) => side.programs),
    measured(`${unitOf(reference)}s, mean`, COUNTS, (side) => side.length),
    ...(reference.withControl
      ? [measured('programs with a branch or a loop', SHARES, (side) => side.withControl)]
      : [
          measured('no-ops, mean', COUNTS, (side) => side.noOps),
          measured('programs with a no-op', SHARES, (side) => side.withNoOp),
          measured('programs that are not removal-minimal', SHARES, (side) => side.notMinimal),
        ]),
    ...Object.keys(reference.actionShares).map((name) =>
      measured(`${name}, of all actions`, SHARES, (side) => side.actionShares[name]),
    ),
    counted('different programs', (side) => side.distinct),
    counted('different effects', (side) => side.effectClasses),
  ];
  return rowsTable(
    `Reference and written programs at step ${decimal(step)}, with 95 % intervals below`,
    ['reference', 'written', 'difference'],
    rows,
    'reference',
    'generated',
    'difference',
  );
}

function shortestTable({ all, solved }: ShortestComparison, minLength: number): Html {
  const measured = (what: string, unit: Unit, name: keyof ShortestMeasures): Row => ({
    what,
    cells: [
      withInterval(all.reference?.[name], unit),
      withInterval(solved.reference?.[name], unit),
      withInterval(solved.generated?.[name], unit),
      name === 'shortestLength' ? '' : differenceWithInterval(solved.difference?.[name], unit),
    ],
  });
  const counts = [all.reference, solved.reference, solved.generated].map((one) => decimal(one?.asShort.n ?? 0));
  return rowsTable(
    'Programs beside the shortest that do the same, with 95 % intervals below',
    ['reference, all', 'reference, where solved', 'written, where solved', 'difference, where solved'],
    [
      { what: 'specifications', cells: [...counts, ''] },
      {
        what: 'left out, shortest unknown',
        cells: [decimal(all.unknown), decimal(solved.unknown), decimal(solved.unknown), ''],
      },
      measured('as short as the shortest', SHARES, 'asShort'),
      ...(minLength > 1
        ? [measured(`... of at least ${minLength} actions, as in the corpus`, SHARES, 'asShortInCorpus')]
        : []),
      measured('actions, mean', COUNTS, 'length'),
      measured('actions of the shortest, mean', COUNTS, 'shortestLength'),
    ],
    'shortest',
  );
}

function accuracyTable(programs: ProgramComparison): Html {
  const { generativeAccuracy, unseenAccuracy, inTraining, notInTraining } = programs;
  const row = (what: string, measured: Measured | null): Row => ({
    what,
    cells: [decimal(measured?.n ?? 0), percent(measured?.estimate), rangeText(measured?.interval, SHARES) || '–'],
  });
  return rowsTable(
    'Shares of test specifications solved, with 95 % intervals',
    ['specifications', 'share', '95 % interval'],
    [
      row('solved', generativeAccuracy),
      row('... also on unseen inputs', unseenAccuracy),
      row('solved, the reference program is in training', inTraining),
      row('solved, the reference program is not in training', notInTraining),
    ],
    'generativeAccuracy',
    'unseenAccuracy',
    'inTraining',
    'notInTraining',
  );
}
