/** @file Written beside reference programs: table, figure and sentences follow the numbers. Chapter 8. */

import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/index.ts';
import { lineChart } from '../../src/report/line-chart.ts';
import {
  actionText,
  detourText,
  diversityText,
  lengthSentence,
  shortestText,
  trainingText,
} from '../../src/report/program-prose.ts';
import { lengthText } from '../../src/report/prose.ts';
import { PAGE_THEME } from '../../src/report/theme.ts';
import type { Measured, ProgramComparison, Results } from '../../src/results/results.ts';
import { unlabelledFigures } from './page-checks.ts';
import { FACTS, sampleResults } from './sample-results.ts';

const results = sampleResults();

function section(of: Results) {
  const { document } = parseHTML(renderReport(of, FACTS));
  return document.querySelector('#programs')!;
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

function rowsOf(caption: string, of: Results = results): string[][] {
  const table = [...section(of).querySelectorAll('table')].find((one) =>
    one.querySelector('caption')!.textContent!.startsWith(caption),
  )!;
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => plain(cell.textContent!)),
  );
}

/** The last checkpoint's comparison, changed. */
function changed(change: (programs: ProgramComparison) => void): ProgramComparison {
  const programs = structuredClone(results.checkpoints.at(-1)!.programs!);
  change(programs);
  return programs;
}

function withPrograms(programs: ProgramComparison): Results {
  const copy = structuredClone(results);
  copy.checkpoints.at(-1)!.programs = programs;
  return copy;
}

const measured = (estimate: number, low: number, high: number): Measured => ({
  estimate,
  interval: { low, high },
  n: 1000,
});

describe('tables', () => {
  test('one row a measure: reference, written and difference, each with its interval', () => {
    const rows = rowsOf('Reference and written programs');
    expect(rows).toHaveLength(12);
    expect(rows[0]).toEqual(['programs', '1,000', '1,000', '']);
    expect(rows[1]).toEqual(['actions, mean', '2.492.44 to 2.54', '1.721.67 to 1.77', '−0.77−0.81 to −0.73']);
    expect(rows[3]![3]).toBe('−23.2 points−27.2 to −19.2 points');
    expect(rows[5]![0]).toBe('move, of all actions');
    expect(rows.at(-1)).toEqual(['different effects', '84', '36', '']);
  });

  test('beside the shortest: all specifications, those solved, and how many were left out', () => {
    const rows = rowsOf('Programs beside the shortest');
    expect(rows[0]).toEqual(['specifications', '997', '882', '882', '']);
    expect(rows[1]!.slice(1, 4)).toEqual(['3', '1', '1']);
    expect(rows[2]).toEqual([
      'as short as the shortest',
      '48.0 %45.0 to 51.0 %',
      '45.0 %42.0 to 48.0 %',
      '96.4 %95.4 to 97.4 %',
      '+51.4 points+49.4 to +53.4 points',
    ]);
  });

  test('a row, a pair of bars and a sentence more where the corpus has no programs of one action', () => {
    const rows = (of: Results) => rowsOf('Programs beside the shortest', of).map(([what]) => what);
    const long = structuredClone(results);
    long.settings['minLength'] = 2;
    expect([rows(results).length, rows(long).length]).toEqual([5, 6]);
    expect(rows(long)[3]).toBe('... of at least 2 actions, as in the corpus');
    expect(plain(section(long).textContent!)).toContain(
      '97.1 % are as short as any solution of so many or more, against 50.0 %',
    );
    expect(section(results).textContent).not.toContain('so many or more');
    const alt = [...section(long).querySelectorAll('figure svg')].at(-1)!.getAttribute('aria-label')!;
    expect(plain(alt)).toContain('... of 2 or more 50.0 % and 97.1 %');
  });

  test('accuracies with their intervals, and a dash for programs that are new where there are none', () => {
    expect(rowsOf('Shares of test')[0]).toEqual(['solved', '1,000', '88.3 %', '86.3 to 90.3 %']);
    const none = withPrograms(changed((programs) => (programs.notInTraining = null)));
    expect(rowsOf('Shares of test', none).at(-1)!.slice(1)).toEqual(['0', '–', '–']);
  });

  test('an interval without width is not shown', () => {
    const alike = withPrograms(changed((programs) => (programs.generativeAccuracy = measured(1, 1, 1))));
    expect(rowsOf('Shares of test', alike)[0]).toEqual(['solved', '1,000', '100.0 %', '–']);
  });
});

describe('the figure', () => {
  test('three charts that name every pair of numbers in their text alternatives', () => {
    const alts = [...section(results).querySelectorAll('figure svg[role=img]')].map((svg) =>
      plain(svg.getAttribute('aria-label')!),
    );
    expect(alts).toHaveLength(3);
    expect(alts[0]).toContain('1 action 25.3 % and 50.0 %; 2 actions 24.8 % and 30.0 %');
    expect(alts[1]).toContain('move 33.0 % and 41.0 %');
    expect(alts[2]).toContain('shortest 45.0 % and 96.4 %');
  });

  test('bars differ in more than colour: one hollow and one filled a pair, and whiskers where there are intervals', () => {
    const [lengths, actions] = [...section(results).querySelectorAll('figure svg[role=img]')];
    const bars = [...actions!.querySelectorAll('g[aria-label=rect]')];
    const fills = bars.map((bar) => bar.getAttribute('fill'));
    expect(fills.filter((fill) => fill === 'var(--paper)')).toHaveLength(5);
    expect(fills.filter((fill) => fill === 'var(--blue)')).toHaveLength(5);
    const rules = (chart: typeof lengths) => chart!.querySelectorAll('g[aria-label=rule]').length;
    expect(rules(actions)).toBe(rules(lengths) + 2 * 10);
  });

  test('a band that would leave the frame ends there', () => {
    const band = [-1, 2] as const;
    const points = [0, 1].map((x) => ({ x, y: 0.5, band }));
    const series = [{ label: '', color: 'red', points }];
    const frame = { marginTop: 20, marginBottom: 30, height: 150, yDomain: [0, 1] as [number, number] };
    const svg = lineChart({ ...frame, alt: '', theme: PAGE_THEME, series, yFormat: String });
    const path = /aria-label="area".*? d="([^"]*)"/s.exec(svg)![1]!;
    const heights = [...path.matchAll(/[ML][\d.-]+,([\d.-]+)/g)].map(([, y]) => Number(y));
    expect([Math.min(...heights), Math.max(...heights)]).toEqual([20, 120]);
  });

  test('curves of accuracy and length have bands, and have none in a run without intervals', () => {
    const bands = (of: Results) => (renderReport(of, FACTS).match(/aria-label="area"/g) ?? []).length;
    const bare: Results = JSON.parse(JSON.stringify(results, (key, value) => (key === 'interval' ? null : value)));
    expect([bands(results), bands(bare)]).toEqual([4, 0]);
    expect(renderReport(results, FACTS)).toContain('pale bands');
    expect(renderReport(bare, FACTS)).not.toContain('pale bands');
  });
});

describe('runs without the numbers', () => {
  test('a run without a checkpoint says that it was not measured, and the page has no table of it', () => {
    const none = { ...results, checkpoints: [], probes: [] };
    expect(section(none).textContent).toContain('This was not measured in this run: it has no checkpoint yet.');
    expect(section(none).querySelectorAll('table, figure, li').length).toBe(0);
    expect(lengthText(none)).toBe('');
  });

  test('a model that wrote no program is said to have written none, without a figure', () => {
    const nothing = withPrograms(
      changed((programs) => {
        Object.assign(programs, { generated: null, difference: null });
        Object.assign(programs.shortest!.solved, { reference: null, generated: null, difference: null });
      }),
    );
    const page = renderReport(nothing, FACTS);
    for (const word of ['NaN', 'undefined']) expect(page).not.toContain(word);
    expect(unlabelledFigures(page)).toEqual([]);
    expect(section(nothing).querySelectorAll('figure').length).toBe(0);
    expect(section(nothing).textContent).toContain('No text that the model wrote is a program.');
  });
});

describe('sentences', () => {
  const length = (difference: Measured) =>
    plain(lengthSentence(changed((programs) => (programs.difference!.length = difference))));

  test('both numbers and their difference stand side by side, and no interval is laid on one side of 0', () => {
    expect(length(measured(-0.77, -0.81, -0.73))).toBe(
      'the written programs have 1.72 actions on average, against 2.49 in the reference programs (difference −0.77, 95 % interval −0.81 to −0.73).',
    );
    expect(length(measured(0.1, -0.1, 0.3))).toContain('(difference +0.10, 95 % interval −0.10 to +0.30)');
    expect(length({ estimate: -1, interval: null, n: 1 })).toContain('(difference −1.00)');
  });

  test('detours are compared both ways', () => {
    const text = plain(
      detourText(changed((programs) => (programs.difference!.notMinimal = measured(0.1, 0.05, 0.15)))),
    );
    expect(text).toMatch(/^12.8 % of the written programs .* against 36.0 % of the reference programs/);
    expect(text).toMatch(/Out of 19.2 % .* against 54.0 % of the reference programs/);
  });

  test('the action that differs most is found by its difference', () => {
    const one = changed((programs) => {
      for (const name of Object.keys(programs.difference!.actionShares)) {
        programs.difference!.actionShares[name] = measured(0, -0.01, 0.01);
      }
    });
    one.difference!.actionShares['turnLeft'] = measured(-0.05, -0.06, -0.04);
    expect(plain(actionText(one))).toContain('turnLeft differs most: it is 20.0 % of all written actions');
    one.difference!.actionShares['move'] = measured(0.08, 0.07, 0.09);
    expect(actionText(one)).toContain('move differs most');
  });

  test('shortest programs: what was left out is said, and nothing is claimed where nothing was solved', () => {
    const programs = changed(() => {});
    expect(plain(shortestText(programs, 1))).toContain(
      '96.4 % (95.4 to 97.4 %) are as short as any that solves it, against',
    );
    expect(shortestText(programs, 1)).toContain('For 3 specifications the search for the shortest program gave up');
    Object.assign(programs.shortest!, {
      all: { ...programs.shortest!.all, unknown: 0 },
      solved: { unknown: 0, reference: null, generated: null, difference: null },
    });
    expect(shortestText(programs, 1)).toMatch(
      /^There is no solved specification .* can be said of written programs here\.$/,
    );
  });

  test('new programs: their number, accuracy and the others’; few are called too few, and none is said', () => {
    const programs = changed(() => {});
    expect(plain(trainingText(programs))).toMatch(
      /^12 reference programs occur in no training sample. Of their specifications the model solves 44.2 % .*, of the other 988 it solves 88.3 % .* 12 are too few for a firm number\./,
    );
    programs.notInTraining = null;
    expect(trainingText(programs)).toMatch(/^Every reference program of the test is also that of some training sample/);
  });

  test('diversity counts programs and effects of both sides', () => {
    expect(diversityText(changed(() => {}))).toBe(
      'The model wrote 44 different programs with 36 different effects; the reference programs are 380 different programs with 84 different effects.',
    );
    const one = changed((programs) => Object.assign(programs.generated!, { distinct: 1, effectClasses: 1 }));
    expect(diversityText(one)).toMatch(/^The model wrote 1 different program with 1 different effect;/);
  });
});
