/** What a study says of when its claims were written down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimsMarkdown, PLANNED_SEEDS, planRemark } from '../../src/results/claims-text.ts';
import type { StudyResults } from '../../src/results/study-results.ts';

const ROOT = join(import.meta.dirname, '../../results');

describe('when the claims were written down', () => {
  test('before the seeds were run, only of the seeds of the plan', () => {
    expect(planRemark({ preset: 'tiny', seeds: ['3', '7'] })).toContain('written down before any of these was run');
    expect(planRemark({ preset: 'tiny', seeds: ['3', '7'] })).toContain('rank and phases, were amended');
    for (const [preset, seeds] of [
      ['tiny', ['2', '3']],
      ['small', ['5']],
      ['medium', ['3']],
      ['tiny', []],
    ] as const)
      expect(planRemark({ preset, seeds: [...seeds] })).toBe(
        'the claims, their numbers and the rules are those of the analysis plan',
      );
  });

  test('the seeds are those of results/analysis-plan.md', () => {
    const plan = readFileSync(join(ROOT, 'analysis-plan.md'), 'utf8');
    for (const [preset, seeds] of Object.entries(PLANNED_SEEDS))
      expect(plan).toMatch(new RegExp(`\\| \`${preset}\` \\|[^|]*\\| ${seeds.join(', ')} \\|`));
  });

  test.each(['tiny', 'small'])('results/%s/claims.md is made from its study.json', (name) => {
    const study: StudyResults = JSON.parse(readFileSync(join(ROOT, name, 'study.json'), 'utf8'));
    expect(readFileSync(join(ROOT, name, 'claims.md'), 'utf8')).toBe(claimsMarkdown(study));
  });
});
