/** @file Sections on evidence and analyses: numbers as in the results, sentences as the numbers say. Chapter 11. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { formatWorld, parseWorld, runActions, solves } from '../../src/karel/index.ts';
import { DEPTH_NAMES, TOKENS_READ } from '../../src/probe/index.ts';
import { baselinesSection } from '../../src/report/baselines-section.ts';
import { causalSection, EDIT_EXAMPLE } from '../../src/report/causal-section.ts';
import { limitsSection } from '../../src/report/closing-sections.ts';
import { decimal, pText } from '../../src/report/format.ts';
import { domainOf, type IntervalRow, intervalChart } from '../../src/report/interval-chart.ts';
import { layerSection } from '../../src/report/layer-section.ts';
import { lookAheadSection } from '../../src/report/look-ahead-section.ts';
import { permutationSection } from '../../src/report/permutation-section.ts';
import { swarm } from '../../src/report/strip-chart.ts';
import { PAGE_THEME } from '../../src/report/theme.ts';
import type { Results } from '../../src/results/results.ts';
import { plain, rowsOf } from './page-tables.ts';
import { sampleAnalyses, sampleCausal, sampleLayers } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

const base = sampleResults();
const results: Results = { ...base, ...sampleAnalyses() };

describe('beside the baselines', () => {
  const { markup } = baselinesSection(results);

  test('a row for each source, probe and offset, with its share, what it has read, and what a difference from it can say', () => {
    const rows = rowsOf(plain(markup), 'Usable information as a share');
    const { shares } = results.evidence!;
    const asked = shares.filter(
      (row) => row.actionsLeft === 'all' && row.feature === 'mean' && row.semantics === 'original',
    );
    expect(rows).toHaveLength(asked.length);
    for (const { source, hiddenLayers, offset, share, converged } of asked) {
      const row = rows.find(
        (cells) => cells[0] === source && cells[1] === DEPTH_NAMES[hiddenLayers] && cells[2] === decimal(offset),
      )!;
      expect(row[3]).toBe(TOKENS_READ[source].join(', '));
      expect(row[4]).toBe(`${(100 * share.estimate).toFixed(1)} %`);
      expect(row[6]).toBe(converged ? 'ended' : 'stopped early');
    }
    const compared = (source: string, offset: string) =>
      rows.find((cells) => cells[0] === source && cells[2] === offset)!.at(-1);
    expect([compared('record', '−1'), compared('untrained', '0'), compared('record', '0')]).toEqual([
      'fair',
      'fair',
      'at most so much: it knows less',
    ]);
  });

  test('the differences are those of all pairs, each with p and what it can say', () => {
    const whole = results.evidence!.contrasts.filter(({ actionsLeft }) => actionsLeft === 'all');
    const rows = rowsOf(plain(markup), 'Differences of usable information');
    expect(rows).toHaveLength(whole.length);
    rows.forEach((row, index) => {
      const { difference, p } = whole[index]!;
      expect(row[6]).toBe(`${difference.estimate > 0 ? '+' : '−'}${Math.abs(difference.estimate * 100).toFixed(1)}`);
      expect(row[8]).toBe(p!.toFixed(3));
    });
    expect([pText(0.0004), pText(0.0124), pText(null)]).toEqual(['< 0.001', '0.012', '–']);
  });

  test('no sentence lays an uncorrected interval on one side of 0', () => {
    expect(plain(markup)).not.toMatch(/above 0|below 0|told apart|favour/);
  });
});

describe('looking ahead', () => {
  test('a row for each feature, depth and offset, with the paper’s four numbers in the text', () => {
    const markup = plain(lookAheadSection(results).markup);
    const rows = rowsOf(markup, 'Later states');
    expect(rows.length).toBe(36);
    expect(rows[0]).toEqual([
      'trained',
      'Direction',
      'linear',
      '1',
      '60.0 %',
      '56.0 to 64.0 %',
      '52.0 %',
      '48.0 to 56.0 %',
      '+8.0',
      '+3.0 to +13.0 points',
      '300',
    ]);
    for (const number of ['68.4 %', '62.2 %', '61.0 %', '40.7 %']) expect(markup).toContain(number);
  });
});

describe('all meanings', () => {
  test('a dot for each semantics in both panels; shares outside the frame are counted at its edge', () => {
    const { document } = parseHTML(`<html><body>${permutationSection(results).markup}</body></html>`);
    const [shares, bits] = [...document.querySelectorAll('figure')[0]!.querySelectorAll('svg.plot')];
    expect(bits!.querySelectorAll('title').length).toBe(15);
    expect(shares!.querySelectorAll('title').length).toBe(14); // one at -395
    expect(shares!.textContent).toContain('‹ 1');
  });

  test('a swarm keeps its dots apart: none nearer than the gap, for 60 equal values and for 60 close ones', () => {
    for (const places of [new Array<number>(60).fill(3), Array.from({ length: 60 }, (_, index) => index * 0.7)]) {
      const heights = swarm(places, 6);
      for (let one = 0; one < 60; one++) {
        for (let other = 0; other < one; other++) {
          expect(Math.hypot(places[one]! - places[other]!, heights[one]! - heights[other]!)).toBeGreaterThan(6 - 1e-6);
        }
      }
    }
  });
});

describe('layers', () => {
  test('each cell has its number, in percent; the best layer is named; a share far below 0 is cut short', () => {
    const { markup } = layerSection(results);
    const { document } = parseHTML(`<html><body>${markup}</body></html>`);
    const [map] = [...document.querySelectorAll('svg.plot')];
    const words = [...map!.querySelectorAll('text')].map((text) => text.textContent);
    expect(words.filter((word) => word === '14').length).toBe(2); // layer 2 at both later steps
    expect(words.filter((word) => word === '<−99').length).toBe(4);
    expect(plain(markup)).toContain('Direction: best in layer 2, 14.0 %; the mean of all layers 10.5 %.');
    const early = sampleLayers().map((row) => ({ ...row, informationShare: row.layer === 0 ? 0.9 : 0.1 }));
    expect(layerSection({ ...base, layers: early }).markup).toContain('best in the embedding');
  });
});

describe('edits', () => {
  test('the drawn example is true: the remainder of each robot leads to the wanted world, and no other does', () => {
    const { start, first, written, turned, goal, unedited, remainder } = EDIT_EXAMPLE;
    const reached = (text: string, actions: readonly (typeof first | 'move' | 'turnLeft')[]) => {
      return formatWorld(runActions(parseWorld(text), actions));
    };
    const same = (text: string) => formatWorld(parseWorld(text));
    expect(reached(start, [first])).toBe(same(written));
    expect(reached(written, unedited)).toBe(same(goal));
    expect(reached(turned, remainder)).toBe(same(goal));
    expect(reached(turned, unedited)).not.toBe(same(goal));
    expect(solves({ inputs: [parseWorld(start)], outputs: [parseWorld(goal)] }, [first, ...unedited])).toBe(true);
  });

  test('the table of chosen places and the counts are those of the results', () => {
    const markup = plain(causalSection(results).markup);
    expect(rowsOf(markup, 'The chosen places')[0]).toEqual([
      'along the probe’s direction',
      'layer 1',
      '2',
      '11.0 %',
      '20.0 %',
      '17.0 to 23.0 %',
      '20.0 %',
      '30.0 %',
    ]);
    expect(markup).toContain(
      'Of 1,000 test specifications that were looked at, the model solves 883; 400 have a point',
    );
    expect(markup).toContain(
      'less 30 from which no program of the allowed length leads to the outputs and 2 for which the search gave up: 368 cases',
    );
    expect(markup).toContain('layer 1: in 45.0 % of 368 cases');
    expect(markup.match(/from layer 1 on/gi)!.length).toBeGreaterThan(1);
  });

  test('what the probes read after their own edits: in the text at the chosen place, in a cell for each layer and size', () => {
    const markup = plain(causalSection(results).markup);
    expect(markup).toContain('for 22.0 % of robots before the edit and for 92.0 % after it');
    expect(markup).toContain('layer 2 from 22.0 % to 92.0 %');
  });

  test('skipped edits and patches give their reasons', () => {
    const causal = { step: 0, edits: null, editsSkipped: 'no case', patching: null, patchingSkipped: 'none solved' };
    const { markup } = causalSection({ ...base, causal });
    expect(markup).toContain('There are no edits: no case.');
    expect(markup).toContain('There are no patches: none solved.');
  });

  test('the limits speak of edits only where there are some, and of patches where there are only these', () => {
    const causal = sampleCausal(0.1);
    const limits = (some: Results['causal']) => limitsSection({ ...base, causal: some ?? null }).markup;
    const along = 'but only along straight directions';
    const whole = 'Hidden states were replaced whole';
    expect(limits(causal)).toContain(along);
    expect(limits(causal)).not.toContain(whole);
    const patched = limits({ ...causal, edits: null, editsSkipped: 'no case' });
    expect(patched).toContain(whole);
    expect(patched).not.toContain(along);
    for (const none of [limits({ ...causal, edits: null, patching: null }), limits(null)]) {
      expect(none).not.toContain(along);
      expect(none).not.toContain(whole);
    }
  });
});

describe('dots with intervals', () => {
  const row = (value: number | null, low: number, high: number): IntervalRow => ({
    group: 'all',
    label: 'one',
    value,
    interval: { low, high },
    color: PAGE_THEME.teal,
    symbol: 'circle',
  });

  test('the axis holds 0 and every value; an interval far wider than the values is cut, with an arrow', () => {
    const [low, high] = domainOf([row(-0.1, -0.2, 0), row(0.3, 0.1, 9)]);
    expect(low).toBeLessThan(-0.2);
    expect(high).toBeGreaterThan(0.3);
    expect(high).toBeLessThan(0.6);
    const svg = (rows: IntervalRow[]) =>
      intervalChart({
        theme: PAGE_THEME,
        rows,
        xFormat: String,
        valueFormat: String,
        alt: 'a chart of dots with intervals',
      });
    expect(svg([row(0.3, 0.1, 9)])).toContain('›');
    expect(svg([row(0.3, 0.2, 0.4)])).not.toContain('›');
    expect(svg([row(null, 0.2, 0.4)])).toContain('not measured');
  });
});

test('a run without evidence and analyses says so in each section; empty ones are there, and not awaited', () => {
  const nothing = { shares: [], contrasts: [] };
  const empty: Results = {
    ...base,
    evidence: { ...nothing, lookAhead: [] },
    permutations: { rows: [], ranks: [] },
    layers: [],
  };
  for (const section of [baselinesSection, lookAheadSection, permutationSection, layerSection]) {
    expect(section(empty).markup).toMatch(/this run/);
    expect(section(empty).markup).not.toMatch(/ yet\b/);
  }
  for (const section of [baselinesSection, lookAheadSection, permutationSection, layerSection, causalSection]) {
    expect(section(base).markup).toMatch(/this run\b.* yet\b/);
  }
});
