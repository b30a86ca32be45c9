/** Edits at one place for all kinds, on the page of a run; made-up numbers. */
import { describe, expect, test } from 'vitest';
import { matchedText, placeText, wholeStatesText } from '../../src/report/causal-matched.ts';
import { causalSection } from '../../src/report/causal-section.ts';
import type { Results } from '../../src/results/results.ts';
import { plain, rowsOf } from './page-tables.ts';
import { sampleAnalyses, sampleCausal } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

const base = sampleResults();
const results: Results = { ...base, ...sampleAnalyses() };

describe('at the matched place', () => {
  const { edits } = sampleCausal(0.1);

  test('the table has a row for each kind: success, unchanged, success among the changed, how far it moves', () => {
    const rows = rowsOf(causalSection(results).markup, 'The matched place');
    expect(rows.length).toBe(3);
    expect(rows[0]).toEqual([
      'along the probe’s direction',
      '15.0 %',
      '12.0 to 18.0 %',
      '65.0 %',
      '62.0 to 68.0 %',
      '129',
      '42.9 %',
      '37.9 to 47.9 %',
      '1.40',
    ]);
    expect(rowsOf(causalSection(results).markup, 'Whole states between')[2]![1]).toBe('80.0 %');
  });

  test('sentences say how it was chosen, and what the place with the most successes does, as the numbers are', () => {
    expect(plain(matchedText(edits!.matched))).toContain('from layer 1 on, size 1: +10.0 points on validation');
    expect(matchedText(edits!.matched)).toContain('leave at least half');
    expect(matchedText({ ...edits!.matched, gentle: false })).toContain('among all places, since nowhere');
    const unchanged = (estimate: number) => {
      const chosen = edits!.chosen.map((one) => ({ ...one, unchanged: { ...one.unchanged, estimate } }));
      return placeText({ ...edits!, chosen });
    };
    expect(plain(unchanged(0.03))).toContain('3.0 % of programs stay unchanged');
    expect(unchanged(0.03)).toContain('that large changes nearly everything');
    expect(unchanged(0.3)).toContain('that large changes most programs');
    expect(unchanged(0.7)).toContain('changes less than half of the programs');
  });

  test('flip is compared in the cases where it differs, and in none if there are none', () => {
    const page = (flipDiffers: NonNullable<typeof edits>['flipDiffers']) =>
      plain(causalSection({ ...base, causal: { ...sampleCausal(0.1), edits: { ...edits!, flipDiffers } } }).markup);
    const text = page(edits!.flipDiffers);
    expect(text).toContain('differ in 150 of 368 test cases. In these alone:');
    expect(text).toMatch(
      /own chosen place\. [^<]*: \+11\.0 points \(95 % interval \+6\.0 to \+16\.0 points\), p = 0\.012/,
    );
    expect(text).toMatch(
      /Both at the matched place\. [^<]*: \+12\.0 points \(95 % interval \+7\.0 to \+17\.0 points\), p = 0\.013/,
    );
    const none = page({ cases: 0, chosen: null, matched: null });
    expect(none).toContain('differ in 0 of 368 test cases.</p>');
    expect(none).not.toContain('Both at the matched place');
  });

  test('the most that edits could reach is what the model writes of robots that do stand turned', () => {
    const text = plain(wholeStatesText(edits!.wholeStates!, edits!.test.counted));
    expect(text).toContain('For 240 of 368 test cases');
    expect(text).toContain('in 80.0 % of them (95 % interval 77.0 to 83.0 %)');
    expect(text).toContain('the states of layer 1 do most: 40.0 %');
  });

  test('where no test case has a B the page says nothing of the most that edits could reach', () => {
    const without = { ...base, causal: { ...sampleCausal(0.1), edits: { ...edits!, wholeStates: null } } };
    expect(causalSection(without).markup).not.toMatch(/could do|Whole states between|undefined|NaN/);
    expect(causalSection(results).markup).toMatch(/could do/);
  });
});
