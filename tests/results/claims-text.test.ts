/** What a study says of its plan, and of each source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BASELINE_OFFSETS, comparisonOf, TOKENS_READ } from '../../src/probe/index.ts';
import { testClaims } from '../../src/results/claim-tests.ts';
import { claimsMarkdown } from '../../src/results/claims-text.ts';
import { DIFFERING_CLAIMS } from '../../src/results/exploratory.ts';
import { pageData } from '../../src/results/page-data.ts';
import { ASKED_LATER, firstSeed, PLANNED_SEEDS, planRemark } from '../../src/results/plan.ts';
import { baselinesMarkdown, sourceRows } from '../../src/results/sources.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { karelscope } from '../helpers/command.ts';
import { sampleEvidence, withDiffering } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

const planned = PLANNED_SEEDS['tiny']!;

describe('the plan', () => {
  test('the planned seeds are those, in whatever order; one less or one more, and it says which', () => {
    expect(planRemark('tiny', planned)).toMatch(/^these are the planned seeds: /);
    expect(planRemark('tiny', planned.toReversed())).toMatch(/^these are the planned seeds: /);
    expect(planRemark('tiny', planned.slice(1))).toMatch(/^these are not the planned seeds.*; 9 is not here$/);
    expect(planRemark('tiny', ['1', ...planned])).toMatch(/^these are not .*; 1 here is none of them$/);
    expect(planRemark('tiny', ['1', '2'])).toMatch(/exploration.*1, 2 here are none of them; 9, 10,.* are not here$/);
  });

  test('other presets have none', () => {
    for (const preset of ['smoke', 'small']) {
      expect(planRemark(preset, ['1'])).toBe(`no plan names seeds of ${preset}: read the verdicts as exploration`);
    }
  });

  test('its seeds are those of results/analysis-plan.md', () => {
    const plan = readFileSync(join(import.meta.dirname, '../../results/analysis-plan.md'), 'utf8');
    for (const [preset, seeds] of Object.entries(PLANNED_SEEDS)) {
      expect(plan).toContain(`| \`${preset}\` | 1 to 8 | ${seeds[0]} to ${seeds.at(-1)} |`);
      expect(seeds).toEqual(seeds.map((_, index) => String(Number(seeds[0]) + index)));
    }
  });

  test('without --seed, --seeds begins with the first of them; other presets with 1', async () => {
    expect([firstSeed('tiny'), firstSeed('smoke')]).toEqual(['9', '1']);
    const tooMany = await karelscope('reproduce', 'tiny', '--seeds', '2', '--out', 'package.json');
    expect(tooMany.stderr).toContain('package.json: is a file');
  });
});

describe('claims that no plan names', () => {
  const before = ['1', '2', '3'].map((seed, at) => ({ ...sampleResults(), seed, evidence: sampleEvidence(0.01 * at) }));
  const asked = before.map((run) => ({ ...run, evidence: withDiffering(run.evidence, 0.25) }));
  const [study, old] = [collectStudy('study', asked), collectStudy('study', before)];

  test('stand in a table of their own, with its correction, and are said to be exploration', () => {
    const { exploratory, differing } = study;
    expect(exploratory!.map(({ id }) => id)).toEqual(DIFFERING_CLAIMS.map(({ id }) => id));
    expect(exploratory).toEqual(testClaims(DIFFERING_CLAIMS, asked));
    const [planned, later] = claimsMarkdown(study).split('## Exploratory');
    expect(planned).not.toContain('differ-flip');
    expect(later).toContain(`These were ${ASKED_LATER}`);
    for (const { id } of exploratory!) expect(later).toContain(`| ${id} |`);
    for (const { values } of differing!) expect(values.every((value) => value !== null)).toBe(true);
    expect(pageData(asked).exploratory).toEqual(exploratory);
  });

  test('change no claim of the plan, and results of before they were asked have neither table nor key', () => {
    const { exploratory: _, differing: __, ...planned } = study;
    expect(planned).toEqual(old);
    expect(Object.keys(old)).not.toContain('exploratory');
    expect(claimsMarkdown(study).startsWith(claimsMarkdown(old))).toBe(true);
    expect('exploratory' in pageData(before)).toBe(false);
  });
});

describe('baselines.md', () => {
  const evidence = sampleEvidence();
  const lines = baselinesMarkdown([{ preset: 'tiny', seed: '3', evidence }]).split('\n');
  const cellsOf = (depth: string, source: string): string[] => {
    const from = lines.indexOf(`## tiny, seed 3: ${depth}`);
    const line = lines.slice(from).find((one) => one.startsWith(`| ${source} `))!;
    return line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1);
  };

  test('has for each probe and source the tokens read and a share at each offset, marked where it knows more or less', () => {
    for (const [hiddenLayers, depth] of [
      [0, 'linear'],
      [1, 'one hidden layer'],
    ] as const) {
      const rows = sourceRows({ evidence }, hiddenLayers);
      expect(rows.length).toBeGreaterThan(4);
      for (const { source, shares } of rows) {
        const [name, read, ...cells] = cellsOf(depth, source);
        expect([name, read]).toEqual([source, TOKENS_READ[source].join(', ')]);
        for (const [at, offset] of BASELINE_OFFSETS.entries()) {
          const row = shares[at];
          const comparison = comparisonOf('trained', source, offset);
          const mark = { fair: '', 'at least': ', knows more', 'at most': ', knows less' }[comparison!];
          const early = row?.converged === false ? ', stopped early' : '';
          expect(cells[at]).toBe(row ? `${row.share.estimate.toFixed(3)}${early}${mark}` : '');
        }
      }
    }
  });

  test('is seen with each of its marks', () => {
    const text = lines.join('\n');
    for (const mark of ['stopped early', 'knows less']) expect(text).toContain(`, ${mark}`);
  });
});
