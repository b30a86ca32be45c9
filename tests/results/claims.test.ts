/** What seeds say about a claim, on made-up results. */
import { describe, expect, test } from 'vitest';
import { testClaims } from '../../src/results/claim-tests.ts';
import { type Claim, PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../../src/results/claims.ts';
import { describeClaims } from '../../src/results/claims-text.ts';
import { checkpointsOverSeeds, contentLine, contrastsOverSeeds, overSeeds } from '../../src/results/over-seeds.ts';
import type { Results } from '../../src/results/results.ts';
import type { ClaimTest } from '../../src/results/study-results.ts';
import { seedsFrom } from '../../src/study/seeds.ts';
import { contrastNumber, keyedResults } from './keyed-results.ts';
import { sampleResults } from './sample-results.ts';

const base = sampleResults();

const claimOf = (numberOf: Claim['valueOf'], ranks?: number, test: ClaimTest = 'Student'): Claim => ({
  id: 'made-up',
  claim: 'Something.',
  paper: false,
  number: 'some number',
  valueOf: numberOf,
  test: ranks === undefined ? test : 'rank sum',
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

  test('fewer than three seeds decide nothing, however far from 0', () => {
    expect(testClaims([named()], runsOf(100, 101))[0]).toMatchObject({ verdict: 'undecided' });
    expect(testClaims([named()], runsOf(100, 100))[0]).toMatchObject({ verdict: 'undecided' });
  });

  test('a claim that lacks the number of a seed is not tested, undecided, and names the seed', () => {
    const found = testClaims([named()], runsOf(100, 101, 102, 'none', 103))[0];
    expect(found).toMatchObject({ verdict: 'undecided', p: null, correctedP: null, seedsWithout: ['none'] });
    expect(testClaims([named()], runsOf(100, 101, 102, 103))[0]).toMatchObject({
      verdict: 'supported',
      seedsWithout: [],
    });
    expect(describeClaims([found!])[0]).toContain('no number of seed none');
  });

  test('equal values have the sign test: five give 0.0625 and decide nothing, ten are supported alone, zeros are p = 1', () => {
    const equal = (count: number, value: number) =>
      testClaims([named()], runsOf(...new Array<number>(count).fill(value)))[0];
    expect(equal(5, 7)).toMatchObject({ test: 'sign', p: 0.0625, verdict: 'undecided', interval: null });
    expect(equal(10, 7)).toMatchObject({ test: 'sign', p: 2 / 1024, verdict: 'supported' });
    expect(equal(10, -7)).toMatchObject({ verdict: 'refuted' });
    expect(equal(10, 0)).toMatchObject({ p: 1, verdict: 'undecided' });
  });

  test('a claim that asks for the sign test has it whatever the values are, and no interval', () => {
    const signs = claimOf(({ seed }) => Number(seed), undefined, 'sign');
    const [found] = testClaims([signs], runsOf(1, 2, 3, 0, 5, 6, 7));
    expect(found).toMatchObject({ test: 'sign', p: 2 / 64, interval: null, verdict: 'supported' });
    expect(describeClaims([found!])[0]).toContain('(1, 2, 3, 0, 5, 6, 7)');
  });

  test('among fourteen claims Student needs 3 seeds, the sign test 10, a rank of 6 four: with one less nothing is supported', () => {
    const others = Array.from({ length: 13 }, () => claimOf(() => 0));
    const best = {
      sign: { claim: claimOf(() => 1, undefined, 'sign'), needs: 10 },
      rank: { claim: claimOf(() => 1, 6), needs: 4 },
      student: { claim: claimOf(({ seed }) => 1 + 1e-9 * Number(seed)), needs: 3 },
    };
    for (const { claim, needs } of Object.values(best)) {
      const with_ = (count: number) =>
        testClaims([claim, ...others], runsOf(...Array.from({ length: count }, (_, seed) => seed)))[0]!;
      expect(with_(needs)).toMatchObject({ fewestSeeds: needs, verdict: 'supported' });
      expect(with_(needs - 1).verdict).toBe('undecided');
      if (needs > 3) expect(describeClaims([with_(needs - 1)])[0]).toContain(`needs ${needs} seeds`);
    }
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

  test('seeds that are all 0 make the others harder to decide', () => {
    const equal = claimOf(() => 0);
    const [alone] = testClaims([named()], runsOf(1, 2, 3, 4, 5));
    const [beside, zero] = testClaims([named(), equal, equal, equal], runsOf(1, 2, 3, 4, 5));
    expect([alone!.verdict, beside!.verdict]).toEqual(['supported', 'undecided']);
    expect(zero).toMatchObject({ mean: 0, p: 1, correctedP: 1, verdict: 'undecided' });
  });

  test('corrected by five claims, p = 0.0132 is no longer below 0.05', () => {
    const results = testClaims([named(), named(), named(), named(), named()], runsOf(1, 2, 3, 4, 5));
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(5).fill('undecided'));
  });

  test('ranks: first of 60 in three seeds has p = 2 / 60^3, last of all is refuted, the middle is undecided', () => {
    const best = testClaims([named(60)], runsOf(1, 1, 1))[0]!;
    expect(best.p).toBeCloseTo(2 / 60 ** 3, 12);
    expect(best).toMatchObject({ verdict: 'supported', interval: null });
    expect(testClaims([named(60)], runsOf(60, 60, 60))[0]!.verdict).toBe('refuted');
    expect(testClaims([named(60)], runsOf(30, 31, 29))[0]!.verdict).toBe('undecided');
  });
});

describe('the claims of the plan', () => {
  test('have names of their own, and the paper makes seven of the fourteen', () => {
    expect(new Set(PRIMARY_CLAIMS.map(({ id }) => id)).size).toBe(14);
    expect(PRIMARY_CLAIMS.filter(({ paper }) => paper)).toHaveLength(7);
    expect(new Set(SECONDARY_CLAIMS.map(({ id }) => id)).size).toBe(SECONDARY_CLAIMS.length);
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
    const other = keyedResults();
    const curve = checkpointsOverSeeds([base, other]);
    expect(curve.map(({ step }) => step)).toEqual(base.checkpoints.map(({ step }) => step));
    expect(curve.at(-1)!.generativeAccuracy.mean).toBe(base.checkpoints.at(-1)!.generativeAccuracy);
    const reversed = keyedResults(0.5);
    const later = { ...reversed.evidence!, contrasts: reversed.evidence!.contrasts.slice().reverse() };
    const rows = contrastsOverSeeds([base, other, { ...reversed, evidence: later }]);
    for (const { offset, over, against, feature, hiddenLayers, actionsLeft, values } of rows) {
      const number = contrastNumber(offset, over, against, feature, hiddenLayers, actionsLeft);
      expect(values).toEqual([null, number, number + 0.5]);
    }
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
          p.offset === -1 &&
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
      'supported  made-up              3 [1.04, 4.96], corrected p 0.0132',
    ]);
  });
});
