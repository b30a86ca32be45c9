/** Measurements as rows, and the figures that select them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COLUMNS } from '../../src/results/measurement.ts';
import { decodeRows, encodeRows, pageData } from '../../src/results/page-data.ts';
import type { Results } from '../../src/results/results.ts';
import { measurementsOf } from '../../src/results/rows.ts';
import { FIGURES } from '../../web/figures/figures.ts';
import { MEASURES } from '../../web/figures/measures.ts';
import { pointsOf, selected } from '../../web/figures/select.ts';
import type { Row } from '../../web/row.ts';
import { withDiffering } from './sample-analyses.ts';

const ROOT = join(import.meta.dirname, '../..');
const resultsOf = (seed: number): Results =>
  JSON.parse(gunzipSync(readFileSync(join(ROOT, `results/tiny/seed-${seed}.json.gz`))).toString('utf8'));
const committed = resultsOf(11);
/** With rows where labels differ, which the committed results do not have. */
const run: Results = { ...committed, evidence: withDiffering(committed.evidence!, 0.0001) };
const rows = measurementsOf(run);
const asRows = (all: typeof rows): Row[] => all.map((row) => ({ run: 'tiny', ...row }));
const find = (about: Partial<Row>) =>
  rows.filter((row) => Object.entries(about).every(([column, value]) => row[column as keyof typeof row] === value));

describe('rows of a run', () => {
  test('hold the numbers of results.json with their intervals', () => {
    const last = run.checkpoints.at(-1)!;
    const [solved] = find({ measure: 'generativeAccuracy', step: last.step, part: null });
    const { estimate, interval, n } = last.programs.generativeAccuracy;
    expect(solved).toMatchObject({ value: estimate, low: interval!.low, high: interval!.high, n, seed: '11' });
    const accuracies = new Map(
      find({ measure: 'accuracy', source: 'untrained' }).map((row) => [
        [row.step, row.feature, row.semantics, row.offset, row.depth].join(),
        row.value,
      ]),
    );
    for (const { step, feature, semantics, offset, hiddenLayers, untrained } of run.probes)
      expect(accuracies.get([step, feature, semantics, offset, hiddenLayers].join())).toBe(untrained);
    const values = new Set(rows.map(({ value }) => value));
    const { shares, contrasts, differing } = run.evidence!;
    for (const { share } of [...shares, ...differing!.shares]) expect(values).toContain(share.estimate);
    for (const { difference } of [...contrasts, ...differing!.contrasts]) expect(values).toContain(difference.estimate);
  });

  test('where labels differ, say from which semantics, and how many pairs there are; a run that was not asked has none', () => {
    const { shares, contrasts, counts } = run.evidence!.differing!;
    for (const differsFrom of ['flip', 'adversarial']) {
      const there = find({ part: `labels differ from ${differsFrom}` });
      const of = (measure: string) => there.filter((row) => row.measure === measure).map(({ value }) => value);
      const own = <Row extends { differsFrom: string }>(list: readonly Row[]): Row[] =>
        list.filter((row) => row.differsFrom === differsFrom);
      expect(of('pairs')).toEqual(own(counts).map(({ pairs }) => pairs));
      expect(of('share')).toEqual(own(shares).map(({ share }) => share.estimate));
      const fair = own(contrasts).filter(({ comparison }) => comparison === 'fair');
      expect(of('shareDifference')).toEqual(fair.map(({ difference }) => difference.estimate));
    }
    expect(measurementsOf(committed).filter(({ part }) => part?.startsWith('labels differ'))).toEqual([]);
  });

  test('no two are about the same thing', () => {
    const about = rows.map(({ value, low, high, n, artefact, ...rest }) => JSON.stringify(rest));
    expect(new Set(about).size).toBe(about.length);
  });

  test('have measures that are explained, and every part of results.json has some', () => {
    const measures = new Set(rows.map(({ measure }) => measure));
    expect([...measures].filter((measure) => !(measure in MEASURES))).toEqual([]);
    const shown = [
      'generativeAccuracy',
      'distinctPrograms',
      'perplexity',
      'trainLoss',
      'actionShare',
      'programLength',
      'noOps',
      'asShort',
      'labels',
      'accuracy',
      'information',
      'informationShare',
      'share',
      'shareDifference',
      'signFlipP',
      'aheadAccuracy',
      'rSquared',
      'slope',
      'permutationInformation',
      'permutationRank',
      'layerInformation',
      'editSuccess',
      'editUnchanged',
      'editReading',
      'wholeStateSuccess',
      'patchSuccess',
      'cases',
    ];
    expect(shown.filter((measure) => !measures.has(measure))).toEqual([]);
  });

  test('come back from a page as they were, numbers to five digits, also those of several seeds', () => {
    const both = pageData([resultsOf(9), run]);
    expect(both.rows.count).toBe(measurementsOf(resultsOf(9)).length + rows.length);
    const key = (row: object): string => JSON.stringify(row);
    const round = (value: number | null, digits: number) =>
      value === null || Number.isInteger(value) ? value : Number(value.toPrecision(digits));
    const expected = rows.map((row) => ({
      ...row,
      value: round(row.value, 5)!,
      low: round(row.low, 4),
      high: round(row.high, 4),
    }));
    const got = decodeRows(both.rows).filter(({ seed }) => seed === '11');
    expect(got.map(key).sort()).toEqual(
      expected.map((row) => key(Object.fromEntries(COLUMNS.map((column) => [column, row[column]])))).sort(),
    );
    expect(decodeRows(encodeRows([]))).toEqual([]);
  });
});

describe.each(FIGURES.map((figure) => [figure.id, figure] as const))('figure %s', (_, figure) => {
  const step = run.checkpoints.at(-1)!.step;
  const chosen = selected(asRows(rows), figure.where, step);

  test('selects rows, and a chart of it has one unit', () => {
    expect(chosen.length).toBeGreaterThan(0);
    const panels = new Map<string, Set<string>>();
    for (const point of pointsOf(chosen, figure)) {
      const units = panels.get(point.panel) ?? new Set();
      panels.set(point.panel, units.add(MEASURES[point.measure]!.unit));
    }
    for (const units of panels.values()) expect(units.size).toBe(1);
  });

  test('draws each row of one seed as a point of its own', () => {
    expect(pointsOf(chosen, figure)).toHaveLength(chosen.length);
  });
});

test('a figure that not every run was asked for has rows that say so, and none in results of before', () => {
  const asked = FIGURES.filter((figure) => figure.asked);
  expect(asked.map(({ id }) => id)).toEqual(['differing']);
  for (const figure of asked) {
    const step = run.checkpoints.at(-1)!.step;
    const those = (all: typeof rows): number =>
      selected(selected(asRows(all), figure.where, step), figure.asked!, step).length;
    expect(those(rows)).toBeGreaterThan(0);
    expect(those(measurementsOf(committed))).toBe(0);
  }
});

test('several seeds are put together: their mean, and Student’s interval', () => {
  const figure = FIGURES.find(({ id }) => id === 'learning')!;
  const all = [9, 10, 11].flatMap((seed) => measurementsOf(resultsOf(seed)));
  const points = pointsOf(selected(asRows(all), figure.where, 3600), figure);
  const last = points.find(({ x, measure }) => x === 3600 && measure === 'generativeAccuracy')!;
  const values = [9, 10, 11].map((seed) => resultsOf(seed).checkpoints.at(-1)!.generativeAccuracy);
  const mean = values.reduce((sum, value) => sum + value, 0) / 3;
  expect(last.value).toBeCloseTo(mean, 12);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
  expect(last.high! - mean).toBeCloseTo((4.302652729911275 * deviation) / Math.sqrt(3), 9); // t of 2 degrees of freedom
});

test('the story has at most 1,500 words and eight figures, all declared, and its claims and terms exist', () => {
  const story = readFileSync(join(ROOT, 'web/story/story.md'), 'utf8');
  const words = story
    .replace(/<[^>]*>/g, ' ')
    .split(/\s+/)
    .filter((word) => /\w/.test(word));
  expect(words.length).toBeLessThanOrEqual(1500);
  const figures = [...story.matchAll(/<Figure id="([^"]+)"/g)].map(([, id]) => id);
  expect(figures.toSorted()).toEqual(
    FIGURES.slice(0, 8)
      .map(({ id }) => id)
      .toSorted(),
  );
  const claims = pageData([run]).claims.map(({ id }) => id);
  for (const [, claim] of story.matchAll(/<Verdict claim="([^"]+)"/g)) expect(claims).toContain(claim);
  const terms = readFileSync(join(ROOT, 'web/story/terms.ts'), 'utf8');
  for (const [, term] of story.matchAll(/<Term of="([^"]+)"/g))
    expect(terms).toMatch(new RegExp(`^  '?${term}'?:`, 'm'));
});
