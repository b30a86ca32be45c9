/** What seeds say about a claim, on made-up results. */
import { describe, expect, test } from 'vitest';
import type { ContrastRow } from '../../src/probe/index.ts';
import { testClaims } from '../../src/results/claim-tests.ts';
import { type Claim, PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../../src/results/claims.ts';
import { describeClaims } from '../../src/results/claims-text.ts';
import { checkpointsOverSeeds, contentLine, contrastsOverSeeds, overSeeds } from '../../src/results/over-seeds.ts';
import type { Results } from '../../src/results/results.ts';
import { seedsFrom } from '../../src/study/seeds.ts';
import { sampleResults } from '../report/sample-results.ts';

const base = sampleResults();

/** Results of a seed in which every difference of information is `value`. */
function seedWith(value: number): Results {
  const row = (over: ContrastRow['over'], against: string | null): ContrastRow[] =>
    (['direction', 'position', 'obstacle', 'mean'] as const).flatMap((feature) =>
      ([0, 1] as const).map((hiddenLayers) => ({
        over,
        against,
        feature,
        hiddenLayers,
        actionsLeft: 'all' as const,
        difference: { estimate: value, interval: null, n: 100 },
        p: 0.5,
      })),
    );
  const contrasts = [
    ...row('untrained', null),
    ...row('input', null),
    ...['flip', 'adversarial'].flatMap((against) =>
      [null, 'untrained', 'input', 'prompt'].flatMap((over) => row(over as ContrastRow['over'], against)),
    ),
  ];
  return { ...base, evidence: { shares: [], contrasts, before: { shares: [], contrasts: [] }, lookAhead: [] } };
}

const claimOf = (numberOf: Claim['valueOf'], ranks?: number): Claim => ({
  id: 'made-up',
  claim: 'Something.',
  paper: false,
  number: 'some number',
  valueOf: numberOf,
  ...(ranks !== undefined && { ranks }),
});

/** The claim's number is the seed's own. */
const named = (ranks?: number): Claim => claimOf(({ seed }) => (seed === 'none' ? null : Number(seed)), ranks);
const runsOf = (...seeds: (number | 'none')[]): Results[] => seeds.map((seed) => ({ ...base, seed: String(seed) }));

describe('a claim over seeds', () => {
  test('1 to 5: mean 3, interval 1.0368 to 4.9632 and p = 0.013236, as R t.test(1:5); supported', () => {
    const [result] = testClaims([named()], runsOf(1, 2, 3, 4, 5));
    expect(result!.mean).toBe(3);
    expect(result!.interval!.low).toBeCloseTo(1.036757, 5);
    expect(result!.interval!.high).toBeCloseTo(4.963243, 5);
    expect(result!.p).toBeCloseTo(0.01323589, 5);
    expect(result).toMatchObject({ verdict: 'supported', test: 'Student' });
  });

  test('the other sign is refuted, a mean near 0 undecided', () => {
    expect(testClaims([named()], runsOf(-1, -2, -3, -4, -5))[0]!.verdict).toBe('refuted');
    expect(testClaims([named()], runsOf(-2, 1, 3, -1, 2))[0]!.verdict).toBe('undecided');
  });

  test('fewer than three seeds, or equal ones, decide nothing, however far from 0', () => {
    expect(testClaims([named()], runsOf(100, 101))[0]).toMatchObject({ verdict: 'undecided' });
    expect(testClaims([named()], runsOf(7, 7, 7))[0]).toMatchObject({ verdict: 'undecided', p: null });
    expect(testClaims([named()], runsOf('none', 100, 101))[0]).toMatchObject({ verdict: 'undecided' });
  });

  test("Holm's correction is over all claims, one without a p as 1: of 0.2302, none, 0.0132, 0.0132 the least is times 4", () => {
    const unknown = claimOf(() => null);
    const lower = claimOf(({ seed }) => Number(seed) - 2); // -1 to 3: t = sqrt(2) with 4 degrees of freedom
    const results = testClaims([lower, unknown, named(), named()], runsOf(1, 2, 3, 4, 5));
    expect(results.map(({ p }) => p)).toEqual([
      expect.closeTo(0.2302, 4),
      null,
      expect.closeTo(0.01323589, 5),
      expect.closeTo(0.01323589, 5),
    ]);
    // By hand: 4 x 0.01324, then at least as much for the equal one, 2 x 0.2302, and 1 for the one without.
    expect(results.map(({ correctedP }) => correctedP)).toEqual([
      expect.closeTo(0.4604, 4),
      null,
      expect.closeTo(0.05294, 5),
      expect.closeTo(0.05294, 5),
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(4).fill('undecided'));
  });

  test('equal seeds, which cannot be tested, make the others harder to decide', () => {
    const equal = claimOf(() => 0);
    const [alone] = testClaims([named()], runsOf(1, 2, 3, 4, 5));
    const [beside, zero] = testClaims([named(), equal, equal, equal], runsOf(1, 2, 3, 4, 5));
    expect([alone!.verdict, beside!.verdict]).toEqual(['supported', 'undecided']);
    expect(zero).toMatchObject({ mean: 0, p: null, correctedP: null, verdict: 'undecided' });
  });

  test('corrected by five claims, p = 0.0132 is no longer below 0.05', () => {
    const results = testClaims([named(), named(), named(), named(), named()], runsOf(1, 2, 3, 4, 5));
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(5).fill('undecided'));
  });

  test('ranks: first of 60 in three seeds has p = 2 / 60^3, last of all is refuted, the middle is undecided', () => {
    const best = testClaims([named(60)], runsOf(1, 1, 1))[0]!;
    expect(best.p).toBeCloseTo(2 / 60 ** 3, 12);
    expect(best.verdict).toBe('supported');
    expect(testClaims([named(60)], runsOf(60, 60, 60))[0]!.verdict).toBe('refuted');
    expect(testClaims([named(60)], runsOf(30, 31, 29))[0]!.verdict).toBe('undecided');
  });
});

describe('the claims of the plan', () => {
  test('have names of their own, and the paper makes seven of the fifteen', () => {
    expect(new Set(PRIMARY_CLAIMS.map(({ id }) => id)).size).toBe(15);
    expect(PRIMARY_CLAIMS.filter(({ paper }) => paper)).toHaveLength(7);
    expect(new Set(SECONDARY_CLAIMS.map(({ id }) => id)).size).toBe(SECONDARY_CLAIMS.length);
  });

  test('differences of information are read from the evidence of one hidden layer, mean over features, all pairs', () => {
    const runs = [0.1, 0.11, 0.12, 0.13].map(seedWith);
    const results = testClaims(PRIMARY_CLAIMS, runs);
    for (const id of [
      'content',
      'flip',
      'adversarial',
      'flip-record',
      'adversarial-record',
      'flip-untrained',
      'record',
    ]) {
      const result = results.find((one) => one.id === id)!;
      expect([id, result.mean, result.verdict]).toEqual([id, expect.closeTo(0.115, 9), 'supported']);
    }
  });

  test('what was not measured is null and undecided', () => {
    for (const id of ['used', 'rank', 'ahead']) {
      const result = testClaims(PRIMARY_CLAIMS, [base, base, base]).find((one) => one.id === id)!;
      expect(result).toMatchObject({ values: [null, null, null], mean: null, p: null, verdict: 'undecided' });
    }
  });
});

describe('numbers of several seeds', () => {
  test('a missing one is null and left out of the mean', () => {
    expect(overSeeds([1, undefined, 3])).toMatchObject({ values: [1, null, 3], mean: 2 });
    expect(overSeeds([null])).toEqual({ values: [null], mean: null, interval: null });
  });

  test('checkpoints are joined by step, rows of evidence by what they are about', () => {
    const other = seedWith(0.3);
    const curve = checkpointsOverSeeds([base, other]);
    expect(curve.map(({ step }) => step)).toEqual(base.checkpoints.map(({ step }) => step));
    expect(curve.at(-1)!.generativeAccuracy.mean).toBe(base.checkpoints.at(-1)!.generativeAccuracy);
    const rows = contrastsOverSeeds([base, other, seedWith(0.5)]);
    expect(rows.every(({ values }) => values[0] === null && values[1] === 0.3 && values[2] === 0.5)).toBe(true);
    expect(rows).toHaveLength(other.evidence!.contrasts.length);
  });

  test('the line of content on accuracy leaves out checkpoints with too few pairs', () => {
    const all = contentLine(base, 1, 'direction')!;
    const few = {
      ...base,
      probes: base.probes.map((probe) => ({ ...probe, tooFew: probe.step < base.checkpoints[3]!.step })),
    };
    expect(contentLine(few, 1, 'direction')!.n).toBe(base.checkpoints.length - 3);
    expect(all.n).toBe(
      base.probes.filter(
        (p) =>
          p.feature === 'direction' &&
          p.hiddenLayers === 1 &&
          p.offset === 0 &&
          p.semantics === 'original' &&
          !p.tooFew,
      ).length,
    );
  });

  test('seeds are counted from the first; a text is refused by name', () => {
    expect(seedsFrom('3', 3)).toEqual(['3', '4', '5']);
    expect(() => seedsFrom('abc', 2)).toThrow('seed: "abc" is no whole number, which --seeds needs');
  });

  test('a claim in a line: verdict, name, mean, interval, corrected p, seeds', () => {
    expect(describeClaims(testClaims([named()], runsOf(1, 2, 3, 4, 5)))).toEqual([
      'supported  made-up              3 [1.04, 4.96], corrected p 0.0132, 5 seeds',
    ]);
  });
});
