/** @file Sections on evidence and analyses: numbers as in the results, sentences as the numbers say. Chapter 11. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { formatWorld, parseWorld, runActions, solves } from '../../src/karel/index.ts';
import { contrastText, usedText } from '../../src/report/causal-prose.ts';
import { causalSection, EDIT_EXAMPLE } from '../../src/report/causal-section.ts';
import { limitsSection } from '../../src/report/closing-sections.ts';
import { evidenceOf } from '../../src/report/evidence-numbers.ts';
import {
  differenceText,
  interventionSentences,
  interventionSummary,
  selectivitySentences,
  sideOf,
} from '../../src/report/evidence-prose.ts';
import { pText } from '../../src/report/evidence-tables.ts';
import { domainOf, type IntervalRow, intervalChart } from '../../src/report/interval-chart.ts';
import { layerSection } from '../../src/report/layer-section.ts';
import { lookAheadSection } from '../../src/report/look-ahead-section.ts';
import { permutationSection, rankSentences } from '../../src/report/permutation-section.ts';
import { recordSection } from '../../src/report/record-section.ts';
import { swarm } from '../../src/report/strip-chart.ts';
import { PAGE_THEME } from '../../src/report/theme.ts';
import type { Results } from '../../src/results/results.ts';
import { plain, rowsOf } from './page-tables.ts';
import { sampleAnalyses, sampleCausal, sampleEvidence, sampleLayers, samplePermutations } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

const base = sampleResults();
const results: Results = { ...base, ...sampleAnalyses() };
const numbersOf = (shift: number) => evidenceOf({ ...base, evidence: sampleEvidence(shift) })!;

describe('beyond the record', () => {
  test('an interval above 0, below 0, across 0, and none: above, below, open, open', () => {
    const side = (low: number, high: number) => sideOf({ interval: { low, high } });
    expect([side(0.1, 0.2), side(-0.2, -0.1), side(-0.1, 0.1), side(0, 0.1)]).toEqual([
      'above',
      'below',
      'open',
      'open',
    ]);
    expect(sideOf({ interval: null })).toBe('open');
    expect(plain(differenceText({ value: -0.04, interval: { low: -0.06, high: -0.02 } }))).toBe(
      '−4.0 points (95 % interval −6.0 to −2.0 points)',
    );
    expect(plain(differenceText({ value: -0.04, interval: null }))).toBe('−4.0 points');
  });

  test('sentences name every difference on the side of its interval, in both directions', () => {
    const [linear] = interventionSentences(numbersOf(0));
    const [above, below, open] = linear!.split(/ Below 0|Not told apart/);
    expect(above).toContain('flip as read (+5.0)');
    expect(above).toContain('adversarial beyond the record of text and input grid (+3.0)');
    expect(below).toContain('flip beyond the record of text and both grids (−4.0)');
    expect(open).toContain('flip beyond the untrained model (+1.0)');
    const [shifted] = interventionSentences(numbersOf(-0.3));
    expect(shifted).toContain('The interval lies above 0: none.');
    expect(shifted).toContain('flip as read (−25.0)');
  });

  test('the summary counts sides: 4 as read for the original, 4 beyond both grids against it; turned round by a shift', () => {
    expect(interventionSummary(numbersOf(0))).toBe(
      'Differences as the probes read them: of four, four favour the original, none the other semantics and none cannot be told apart from 0. ' +
        'Beyond the untrained model or beyond the record of text and input grid: of eight, four favour the original, none the other semantics and four cannot be told apart from 0. ' +
        'Beyond the record of text and both grids: of four, none favour the original, four the other semantics and none cannot be told apart from 0.',
    );
    expect(interventionSummary(numbersOf(0.1))).toContain(
      'Beyond the record of text and both grids: of four, four favour the original',
    );
  });

  test('selectivity says which way it goes', () => {
    expect(selectivitySentences(numbersOf(0))[0]).toContain('reads more of the states than it can learn by heart');
    expect(selectivitySentences(numbersOf(-0.3))[0]).toContain('learns labels without meaning better than the states');
    expect(selectivitySentences(numbersOf(-0.1))[0]).toContain('cannot be told apart');
  });

  test('the tables hold every difference and share of all pairs, as in the results', () => {
    const { markup } = recordSection(results);
    const { contrasts, shares } = results.evidence!;
    const whole = contrasts.filter(({ actionsLeft }) => actionsLeft === 'all');
    const rows = rowsOf(markup, 'Differences of usable information');
    expect(rows.length).toBe(whole.length);
    rows.forEach((row, index) => {
      const { difference, p } = whole[index]!;
      expect(row[4]).toBe(`${difference.estimate > 0 ? '+' : '−'}${Math.abs(difference.estimate * 100).toFixed(1)}`);
      expect(row[6]).toBe(p!.toFixed(3));
    });
    const shareRows = rowsOf(markup, 'Usable information as a share');
    const wholeShares = shares.filter(({ actionsLeft }) => actionsLeft === 'all');
    expect(shareRows.map((row) => row[4])).toEqual(
      wholeShares.map(({ share }) => `${(share.estimate * 100).toFixed(1).replace('-', '−')} %`),
    );
    expect([pText(0.0004), pText(0.0124), pText(null)]).toEqual(['< 0.001', '0.012', '–']);
  });

  test('figures tell their numbers in words: the share of the trained model, differences by actions left', () => {
    const markup = plain(recordSection(results).markup);
    expect(markup).toContain('linear, hidden states: 50.0 %');
    expect(markup).toContain('one hidden layer, hidden states: 40.0 %');
    expect(markup).toMatch(/original − flip, beyond the record, both grids, 3 or more left: −4\.0/);
  });
});

describe('looking ahead', () => {
  test('a row for each feature, depth and offset, with the paper’s four numbers in the text', () => {
    const markup = plain(lookAheadSection(results).markup);
    const rows = rowsOf(markup, 'Later states');
    expect(rows.length).toBe(18);
    expect(rows[0]).toEqual([
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
    expect(markup).toContain('more than follows from the present in 18, less in 0');
    const behind = lookAheadSection({ ...base, evidence: sampleEvidence(-0.2) }).markup;
    expect(behind).toContain('more than follows from the present in 0, less in 18');
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

  test('the sentence gives the rank among the six, and says when another meaning is easier', () => {
    expect(rankSentences(samplePermutations())[0]).toBe(
      'One hidden layer: by mean information the original is the easiest to read (rank 1 of 6; direction 1 of 6, position 1 of 6, obstacle 1 of 6).',
    );
    const { ranks, rows } = samplePermutations();
    const second = { rows, ranks: ranks.map((row) => ({ ...row, rank: 2.5 })) };
    expect(rankSentences(second)[0]).toContain('another meaning is easier to read (rank 2.5 of 6');
    expect(rankSentences({ rows, ranks: [] })).toEqual([]);
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

  test('the verdict follows the intervals: used, not only the flip probe, no difference, worse than random', () => {
    const edits = (gain: number, flip = gain) => {
      const { edits } = sampleCausal(gain);
      const contrasts = edits!.contrasts.map((one) =>
        one.against === 'flip' ? { ...one, difference: sampleCausal(flip).edits!.contrasts[1]!.difference } : one,
      );
      return { ...edits!, contrasts };
    };
    expect(usedText(edits(0.1))).toContain('the model uses at least in part');
    expect(usedText(edits(0.1, 0))).toContain('not more often than those of the flip probe');
    expect(usedText(edits(0.01))).toContain('does not show');
    expect(usedText(edits(-0.1))).toContain('speaks against');
    expect(plain(contrastText(edits(0.1).contrasts[0]!))).toBe(
      'The probe’s direction against random directions: +10.0 points (95 % interval +6.0 to +14.0 points), p < 0.001: more often than random directions.',
    );
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
    evidence: { ...nothing, before: nothing, lookAhead: [] },
    permutations: { rows: [], ranks: [] },
    layers: [],
  };
  for (const section of [lookAheadSection, permutationSection, layerSection]) {
    expect(section(empty).markup).toMatch(/this run/);
    expect(section(empty).markup).not.toMatch(/ yet\b/);
  }
  for (const section of [lookAheadSection, permutationSection, layerSection, causalSection]) {
    expect(section(base).markup).toMatch(/this run\b.* yet\b/);
  }
});
