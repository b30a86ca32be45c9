/** What a study says of when its claims were written down. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimsMarkdown, PLAN_REMARK, PLANNED_SEEDS } from '../../src/results/claims-text.ts';
import type { StudyResults } from '../../src/results/study-results.ts';

const ROOT = join(import.meta.dirname, '../../results');

describe('when the claims were written down', () => {
  test('the same is said beside any seeds: it is of karelscope’s own runs alone', () => {
    const study: StudyResults = JSON.parse(readFileSync(join(ROOT, 'tiny', 'study.json'), 'utf8'));
    for (const seeds of [['3', '7'], ['2', '3'], []]) {
      const text = claimsMarkdown({ ...study, seeds });
      expect(text).toContain(`from the results of every seed; ${PLAN_REMARK}.`);
    }
    expect(PLAN_REMARK).toContain('before karelscope’s own runs (tiny, seeds 3 to 7; small, seeds 2 to 4)');
    expect(PLAN_REMARK).toContain('rank and phases, were amended');
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
