/** Sentences about the task are computed from the settings: what equals the paper's is not told as a difference. */
import { describe, expect, test } from 'vitest';
import { baselinesSection } from '../../src/report/baselines-section.ts';
import { limitsSection } from '../../src/report/closing-sections.ts';
import { glossarySection } from '../../src/report/glossary.ts';
import { layerSection } from '../../src/report/layer-section.ts';
import { lookAheadSection } from '../../src/report/look-ahead-section.ts';
import { differences, paperTable } from '../../src/report/paper.ts';
import { contentSection } from '../../src/report/probe-sections.ts';
import { studyLimitsSection, studyPaperSection } from '../../src/report/study-paper.ts';
import { baseRateText, taskParts, taskText } from '../../src/report/task.ts';
import type { Results } from '../../src/results/results.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { sampleAnalyses } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

const sample: Results = { ...sampleResults(), ...sampleAnalyses() };
/** The sample's numbers under the settings of a preset. */
const under = (preset: string, more: Record<string, unknown> = {}): Results => ({
  ...sample,
  settings: { ...presetNamed(preset).settings, steps: 3000, ...more },
});
const medium = under('medium');
const tiny = under('tiny');

describe('a run with the paper’s task', () => {
  test('medium has the paper’s worlds, examples and programs; tiny has none of them; tiny-control other programs', () => {
    expect(taskParts(medium).map(({ same }) => same)).toEqual([true, true, true]);
    expect(taskParts(tiny).map(({ same }) => same)).toEqual([false, false, false]);
    expect(taskParts(under('tiny-control'))[2]!.ours).toBe('1 to 10 words, with branches and loops');
    expect(taskText(medium)).toBe('size of the worlds, number of examples and length of programs are the same');
    expect(taskText(tiny)).toBe('worlds, numbers of examples and programs differ');
    expect(baseRateText(medium)).toBe('');
  });

  test('what is equal is no difference, and the world is comparable', () => {
    const listed = differences(medium).map(({ markup }) => markup);
    expect(listed.join()).not.toMatch(/World|Examples|Reference programs/);
    expect(
      differences(tiny)
        .map(({ markup }) => markup)
        .join(),
    ).toMatch(/World.*Examples.*Reference programs/);
    const world = (results: Results) => /world, cells.*?<\/tr>/s.exec(paperTable(results).markup)![0];
    expect(world(medium)).toContain('<b>yes</b>');
    expect(world(tiny)).toContain('<b>no</b>');
  });

  test('no sentence says that programs are short or shorter than the paper’s', () => {
    const sections = [lookAheadSection(medium), limitsSection(medium), paperTable(medium)];
    for (const { markup } of sections) expect(markup).not.toMatch(/[Ss]hort programs|programs here are short/i);
  });

  test('each semantics is named beside its number', () => {
    expect(paperTable(tiny).markup).toMatch(/direction original [\d.]+.%, flip [\d.]+.%, adversarial [\d.]+.%/);
  });

  test('programs with branches and loops are counted in words on the page of several seeds', () => {
    const run = under('tiny-control');
    const study = collectStudy('made-up', [run]);
    expect(studyPaperSection(study, [run]).markup).toMatch(/against [\d.]+ words/);
    expect(studyLimitsSection(study, [run]).markup).toContain('programs of up to 10 words');
    expect(studyLimitsSection(collectStudy('made-up', [tiny]), [tiny]).markup).toContain('programs of up to 4 actions');
  });
});

describe('which hidden states and which labels', () => {
  const probes = sample.probes.map((probe) => ({ ...probe, layer: 3 }));

  test('the page names the layer that was probed', () => {
    for (const section of [contentSection, layerSection, glossarySection]) {
      expect(section(tiny).markup).toContain('the mean over the embedding and all layers');
      const one = section({ ...under('tiny', { layer: 3 }), probes }).markup;
      expect(one).toContain('that of layer 3');
      expect(one).not.toContain('the mean over the embedding');
    }
    const embedded = { ...under('tiny', { layer: 0 }), probes: [] };
    expect(glossarySection(embedded).markup).toContain('here that of the embedding,');
  });

  test('the page names the example whose states are labels', () => {
    expect(contentSection(tiny).markup).toContain('in the world of the first given pair');
    expect(contentSection(under('small', { labelExample: 2 })).markup).toContain('in the world of given pair 3');
    expect(contentSection(under('small', { labelExample: -1 })).markup).toContain('in the world of every given pair');
  });

  test('where all examples label the states there are no records: none is promised, none stands in a key', () => {
    const evidence = sample.evidence!;
    const results: Results = {
      ...under('tiny', { labelExample: -1 }),
      evidence: {
        ...evidence,
        shares: evidence.shares.filter(({ source }) => source === 'trained' || source === 'untrained'),
        contrasts: evidence.contrasts.filter(({ over }) => over === null || over === 'untrained'),
      },
    };
    const { markup } = baselinesSection({ ...results, evidence: { ...results.evidence!, shares: [] } });
    expect(markup).toContain('the states of all examples label a hidden state, and a record holds the grid of one');
    expect(baselinesSection(results).markup).not.toMatch(/<th scope="row"[^>]*>(input|grids|record|control)</);
    expect(baselinesSection(tiny).markup).toMatch(/<th scope="row"[^>]*>record</);
  });
});
