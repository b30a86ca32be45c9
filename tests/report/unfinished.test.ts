/** A run that was stopped before its end says so, on its page and in the command's summary. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { renderCurveSvg, renderReport } from '../../src/report/index.ts';
import { contentSection } from '../../src/report/probe-sections.ts';
import { phasesText } from '../../src/report/prose.ts';
import { accuracyChart } from '../../src/report/training-charts.ts';
import { tiles } from '../../src/report/training-sections.ts';
import { awaited, isComplete, unfinishedNote } from '../../src/report/unfinished.ts';
import { describeReached, progressOf } from '../../src/results/reached.ts';
import type { Results } from '../../src/results/results.ts';
import { unlabelledFigures, unsourced } from './page-checks.ts';
import { FACTS } from './sample-results.ts';

const whole: Results = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, '../../results/tiny/seed-9.json.gz'))).toString('utf8'),
);

/** The same run as it was after so many checkpoints, before any analysis. */
function stoppedAfter(checkpoints: number): Results {
  const kept = whole.checkpoints.slice(0, checkpoints);
  const among = ({ step }: { step: number }) => kept.some((one) => one.step === step);
  return {
    ...whole,
    checkpoints: kept,
    probes: whole.probes.filter(among),
    skippedProbes: whole.skippedProbes.filter(among),
    evidence: null,
    permutations: null,
    layers: null,
    causal: null,
  };
}

/** What claims an end that has not come. */
const OVERCLAIMS = /end of training|at the end\b(?! tables)|\bfinal\b|whole study|in all\b|training steps →/i;
const textOf = (page: string): string => {
  const { document } = parseHTML(page);
  for (const element of document.querySelectorAll('style')) element.remove();
  const labels = [...document.querySelectorAll('[aria-label]')].map((one) => one.getAttribute('aria-label'));
  return `${document.body.textContent} ${labels.join(' ')}`.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
};

const cut = stoppedAfter(6);
const page = renderReport(cut, FACTS);
const text = textOf(page);

describe('tiny, seed 9, cut to 6 of 13 checkpoints', () => {
  test('the note stands before the tiles: the step, all steps, the share of the learning rate, what is not done yet', () => {
    expect(page.indexOf('id="unfinished"')).toBeGreaterThan(0);
    expect(page.indexOf('id="unfinished"')).toBeLessThan(page.indexOf('class="tiles"'));
    expect(text).toContain('training had reached step 1,500 of 3,600');
    expect(text).toContain('falls to zero by step 3,600, had only decayed to 61.8 % of its peak');
    for (const one of awaited(cut)) expect(text).toContain(one);
    expect(awaited(cut)).toHaveLength(5);
  });

  test('tiles, table and axes give the steps done and all steps', () => {
    const tiles = parseHTML(page).document.querySelector('.tiles')!.textContent!;
    expect(tiles).toContain('solved so far');
    expect(tiles).toContain('1,500 of 3,600');
    expect(text).toContain('1,500 of 3,600 steps, ');
    expect(text.split('training steps, 1,500 of 3,600 done →').length).toBeGreaterThan(10);
    expect(renderCurveSvg(cut)).toContain('Three curves over 1,500 of 3,600 training steps.');
  });

  test('phases are shares of all steps, and absent ones are absent so far', () => {
    expect(text).toContain('babbling 0 % to 33 %; meaning 33 % to 42 %');
    expect(text).toContain('There is no syntax phase so far');
    expect(phasesText(stoppedAfter(4))).toContain('There is no meaning phase so far.');
    expect(phasesText(whole)).not.toContain('so far');
  });

  test('nothing says that training, the study or its numbers are final, and the check finds what would', () => {
    expect(text).not.toMatch(OVERCLAIMS);
    expect(tiles(whole, FACTS).markup).toMatch(OVERCLAIMS);
    expect(tiles(cut, FACTS).markup).not.toMatch(OVERCLAIMS);
    expect(accuracyChart(whole)).toMatch(OVERCLAIMS);
    for (const words of ['solved, end of training', 'At the end the programs', 'All final numbers', '4 s in all'])
      expect(words).toMatch(OVERCLAIMS);
  });

  test('stages that have not run are awaited: records, permutations, layers, edits, look-ahead, two hidden layers', () => {
    for (const words of [
      'Hidden states have not been compared with baselines in this run yet',
      'have not been probed in this run yet',
      'have not been probed one by one yet',
      'No hidden state of this run has been edited yet',
      'has not been measured in this run yet',
      'not probed yet',
    ])
      expect(text).toContain(words);
    const { probes: _, skippedProbes: __, ...rest } = cut;
    const unprobed = { ...rest, probes: [], skippedProbes: [] };
    expect(awaited(unprobed)).toContain('probes');
    expect(contentSection(unprobed).markup).toContain('This run has not been probed yet.');
  });

  test('every figure is labelled and sourced', () => {
    expect(unlabelledFigures(page)).toEqual([]);
    expect(unsourced(page)).toEqual([]);
  });
});

describe('how far a run has come', () => {
  test('a whole run has ended, needs no note, and the command says nothing of it', () => {
    expect(progressOf(whole)).toMatchObject({ step: 3600, steps: 3600, ended: true });
    expect(progressOf(whole).rate).toBeCloseTo(1 / 3401, 12); // of the last step: 0 would waste a batch
    expect(isComplete(whole)).toBe(true);
    expect(unfinishedNote(whole)).toBeUndefined();
    expect(describeReached(progressOf(whole))).toBeUndefined();
  });

  test('a trained run without edits has a note, but not of training', () => {
    const { markup } = unfinishedNote({ ...whole, causal: null })!;
    expect(markup).toContain('edits of hidden states');
    expect(markup).not.toContain('training had reached');
  });

  test('the command names the step, all steps and the learning rate; without a checkpoint no rate is known', () => {
    expect(describeReached(progressOf(cut))).toBe(
      'training has not ended: step 1500 of 3600 at the last checkpoint, learning rate at 62% of its peak',
    );
    expect(progressOf(stoppedAfter(0))).toEqual({ step: 0, steps: 3600, ended: false, rate: null });
    expect(progressOf({ ...cut, settings: { ...cut.settings, steps: 150_000, warmupSteps: 3000 } }).rate).toBe(0.5);
  });
});
