/** What was asked after results were known: the state one action earlier, and the better record, over seeds. */
import { describe, expect, test } from 'vitest';
import type { EvidenceRows } from '../../src/probe/index.ts';
import { testClaims } from '../../src/results/claim-tests.ts';
import { PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../../src/results/claims.ts';
import { claimsMarkdown } from '../../src/results/claims-text.ts';
import { POST_HOC_CLAIMS } from '../../src/results/post-hoc-claims.ts';
import type { Results } from '../../src/results/results.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { sampleAnalyses } from '../report/sample-analyses.ts';
import { sampleResults } from '../report/sample-results.ts';

const base: Results = { ...sampleResults(), ...sampleAnalyses() };
type Contrast = EvidenceRows['contrasts'][number];

function contrast(over: Contrast['over'], against: string | null, estimate: number): Contrast {
  return {
    over,
    against,
    feature: 'mean',
    hiddenLayers: 1,
    actionsLeft: 'all',
    difference: { estimate, interval: null, n: 100 },
    p: 0.5,
  };
}

/** A seed whose numbers of offset -1 lie near `value`, and those over the better record, if there are any, near 2 `value`. */
function seedOf(seed: string, value: number, bestRecord: boolean): Results {
  const own = value + 0.001 * Number(seed) ** 2;
  const evidence = base.evidence!;
  const best = (['flip', 'adversarial', null] as const).map((against) => contrast('bestRecord', against, 2 * own));
  return {
    ...base,
    seed,
    evidence: {
      ...evidence,
      contrasts: [...evidence.contrasts, ...(bestRecord ? best : [])],
      before: {
        shares: [],
        contrasts: [
          contrast('untrained', null, own),
          contrast(null, 'flip', own),
          contrast(null, 'adversarial', own),
          contrast('untrained', 'flip', -own),
        ],
      },
    },
  };
}
const seeds = (bestRecord: boolean) => ['1', '2', '3', '4', '5'].map((seed) => seedOf(seed, 0.1, bestRecord));

describe('the state one action earlier', () => {
  test('over seeds: a mean for each row, null for a seed that lacks it', () => {
    const other = { ...base, seed: 'other' };
    const { contrasts } = collectStudy('made-up', [seedOf('1', 0.1, false), other]).before;
    expect(contrasts.map(({ values }) => values)).toEqual([
      [0.101, null],
      [0.101, null],
      [0.101, null],
      [-0.101, null],
    ]);
  });
});

describe('post-hoc claims', () => {
  test('have names that no claim of the plan has, and are nine', () => {
    const planned = new Set([...PRIMARY_CLAIMS, ...SECONDARY_CLAIMS].map(({ id }) => id));
    expect(new Set(POST_HOC_CLAIMS.map(({ id }) => id)).size).toBe(9);
    expect(POST_HOC_CLAIMS.filter(({ id }) => planned.has(id))).toEqual([]);
  });

  test('that no run has a number for are undecided, and count in the correction as if p were 1', () => {
    const found = testClaims(POST_HOC_CLAIMS, seeds(false));
    expect(found.slice(0, 3).map(({ p, verdict }) => [p, verdict])).toEqual(Array(3).fill([null, 'undecided']));
    expect(found.find(({ id }) => id === 'flip-before')!.correctedP! / found[3]!.p!).toBeCloseTo(9, 9);
  });

  test('are corrected over their own table, and leave the claims of the plan as they are', () => {
    const study = collectStudy('made-up', seeds(true));
    const tested = study.postHoc.filter(({ p }) => p !== null); // edits of these seeds do not vary
    expect(tested.map(({ correctedP, p }) => correctedP! / p!)).toEqual(Array(7).fill(expect.closeTo(9, 9)));
    expect(study.claims).toEqual(testClaims(PRIMARY_CLAIMS, seeds(false)));
    expect(study.secondary).toEqual(testClaims(SECONDARY_CLAIMS, seeds(false)));
  });

  test('stand in claims.md after all others, under a heading that says when they were asked', () => {
    const study = collectStudy('made-up', seeds(true));
    const [planned, afterwards] = claimsMarkdown(study).split(
      '## Post hoc: asked after the results of tiny were known',
    );
    for (const { id } of POST_HOC_CLAIMS) {
      expect(planned).not.toContain(`| ${id} |`);
      expect(afterwards).toContain(`| ${id} |`);
    }
  });
});
