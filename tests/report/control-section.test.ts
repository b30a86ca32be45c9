/** @file What the report says where programs branch and loop. Chapter 11. */
import { expect, test } from 'vitest';
import { controlSection } from '../../src/report/control-section.ts';
import { renderReport } from '../../src/report/index.ts';
import { controlText, detourText, lengthSentence, shortestText } from '../../src/report/program-prose.ts';
import type { Results } from '../../src/results/results.ts';
import { FACTS, sampleResults } from './sample-results.ts';

/** Results of control programs: at the last step, 30 pairs lost for each 90 kept. */
function controlResults(): Results {
  const results = sampleResults();
  results.settings['programs'] = 'control';
  results.probes = results.probes.map((probe) => ({ ...probe, n: 90, lost: 30 }));
  for (const { programs } of results.checkpoints) {
    if (!programs) continue;
    const sides = [programs.reference, programs.generated, programs.difference];
    for (const side of sides) {
      if (!side) continue;
      Object.assign(side, { noOps: null, withNoOp: null, notMinimal: null });
      side.withControl = { ...side.length, estimate: 0.4 };
    }
    programs.shortest = null;
  }
  return results;
}

test('a run of straight lines has no such section, and no entry for it in the contents', () => {
  expect(controlSection(sampleResults())).toBeUndefined();
  expect(renderReport(sampleResults(), FACTS)).not.toContain('#control');
});

test('a row for each offset with pairs, pairs left out and their share, 30 of 120', () => {
  const results = controlResults();
  const step = Math.max(...results.probes.map((probe) => probe.step));
  const offsets = new Set(results.probes.filter((probe) => probe.step === step).map(({ offset }) => offset));
  const { markup } = controlSection(results)!;
  expect(markup.match(/<th scope="row"/g)).toHaveLength(offsets.size);
  expect(markup.match(/25\.0.%/g)).toHaveLength(offsets.size);
});

test('without probes the section has no table', () => {
  const results = controlResults();
  results.probes = [];
  expect(controlSection(results)!.markup).not.toContain('<table');
});

test('sentences count words, and none is about no-ops or shortest programs', () => {
  const { programs } = controlResults().checkpoints.at(-1)!;
  expect(lengthSentence(programs!)).toMatch(/^the written programs have .* words on average/);
  expect(controlText(programs!)).toMatch(/^40.0.% of the written programs have a branch or a loop, /);
  expect([detourText(programs!), shortestText(programs!, 1)]).toEqual(['', '']);
  expect(controlText(sampleResults().checkpoints.at(-1)!.programs!)).toBe('');
});

test('the whole page has no hole, counts words, and links to the section', () => {
  const page = renderReport(controlResults(), FACTS);
  for (const hole of ['NaN', 'undefined', 'null']) expect(page).not.toContain(hole);
  expect(page).toContain('href="#control"');
  expect(page).toContain('mean number of words');
  expect(page).not.toContain('Beside the shortest programs');
});
