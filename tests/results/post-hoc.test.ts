/** What was asked after results were known: the state one action earlier, and the better record, over seeds. */
import { describe, expect, test } from 'vitest';
import {
  Evidence,
  type EvidenceRows,
  evaluateProbes,
  FEATURES,
  PAPER_PROBE_TRAINING,
  type ProbeOutcome,
  probeGrid,
} from '../../src/probe/index.ts';
import { randomStream } from '../../src/random.ts';
import { testClaims } from '../../src/results/claim-tests.ts';
import { PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../../src/results/claims.ts';
import { claimsMarkdown } from '../../src/results/claims-text.ts';
import { evidenceBefore } from '../../src/results/evidence-before.ts';
import { POST_HOC_CLAIMS } from '../../src/results/post-hoc-claims.ts';
import type { Results } from '../../src/results/results.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, noiseFor, randomPrograms } from '../probe/toys.ts';
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
  const numbers = uniform(3);
  const world = { width: 4, height: 3 };
  const split = (count: number) => noiseFor(numbers, randomPrograms(numbers, count, { ...world, longest: 5 }));
  const traces = { train: split(90), validation: split(30), test: split(100), width: 4, world, layer: 0 };
  const evidence = new Evidence(traces.test.programs);
  const { outcomes } = evaluateProbes(
    engine,
    traces,
    probeGrid({ offsets: [-1], hiddenLayers: [0], semantics: ['original', 'flip'] }),
    {
      training: { ...PAPER_PROBE_TRAINING, samples: 512, batchSize: 64, validations: 2 },
      lastState: 'dropped',
      examples: 0,
    },
    (name) => randomStream('1', name),
    { onScored: (one) => evidence.add(one) },
  );
  const { before } = evidence.rows((name) => randomStream('1', name));
  const older = (probes: readonly ProbeOutcome[]): Results => ({
    ...base,
    evidence: { ...base.evidence!, before: undefined as never },
    probes: probes.map((probe) => ({ ...probe, step: base.checkpoints.at(-1)!.step })),
  });

  test('of a run without such evidence, probes give the same rows, to 1e-12, without intervals and p', () => {
    const found = evidenceBefore(older(outcomes));
    expect(before.contrasts).toHaveLength(4 * 3);
    const about = (rows: EvidenceRows) => [
      ...rows.shares.map(({ share: _, ...one }) => one),
      ...rows.contrasts.map(({ difference: _, p: __, ...one }) => one),
    ];
    expect(about(found)).toEqual(expect.arrayContaining(about(before)));
    expect(about(found)).toHaveLength(about(before).length);
    const sorted = ({ shares, contrasts }: EvidenceRows): number[] =>
      [
        ...shares.map((row) => [JSON.stringify([row.feature, row.semantics, row.source]), row.share.estimate] as const),
        ...contrasts.map(
          (row) => [JSON.stringify([row.feature, row.over, row.against]), row.difference.estimate] as const,
        ),
      ]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, value]) => value);
    expectClose(sorted(found), sorted(before), { absolute: 1e-12 });
    expect(found.contrasts.every(({ difference, p }) => difference.interval === null && p === null)).toBe(true);
  });

  test('is of the last checkpoint; a missing feature leaves out its rows and the mean, fewer than 50 programs all rows', () => {
    const early = outcomes.map((probe) => ({ ...probe, step: 1, informationShare: 7 }));
    const both = { ...older(outcomes), probes: [...early, ...older(outcomes).probes] };
    expect(evidenceBefore(both)).toEqual(evidenceBefore(older(outcomes)));
    const gone = evidenceBefore(older(outcomes.filter(({ feature }) => feature !== 'position')));
    expect(new Set(gone.contrasts.map(({ feature }) => feature))).toEqual(
      new Set(FEATURES.filter((feature) => feature !== 'position')),
    );
    const few = outcomes.map((probe) => ({ ...probe, programs: 49 }));
    expect(evidenceBefore(older(few))).toEqual({ shares: [], contrasts: [] });
    expect(evidenceBefore(older([]))).toEqual({ shares: [], contrasts: [] });
  });

  test('is taken from the evidence where there is one, whatever the probes say', () => {
    const run = { ...older(outcomes), evidence: { ...base.evidence!, before } };
    expect(evidenceBefore(run)).toBe(before);
  });

  test('over seeds: a mean for each row, null for a seed that lacks it', () => {
    const other = { ...older([]), seed: 'other' };
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

  test('stand in claims.md after all others, under a heading that says when they were asked; without any, no heading', () => {
    const study = collectStudy('made-up', seeds(true));
    const [planned, afterwards] = claimsMarkdown(study).split(
      '## Post hoc: asked after the results of tiny were known',
    );
    for (const { id } of POST_HOC_CLAIMS) {
      expect(planned).not.toContain(`| ${id} |`);
      expect(afterwards).toContain(`| ${id} |`);
    }
    expect(claimsMarkdown({ ...study, postHoc: [] })).toBe(`${planned!.trimEnd()}\n`);
  });
});
