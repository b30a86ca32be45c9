/** @file Each claim reads the number that results/analysis-plan.md names, and no other. Chapter 10. */
import { describe, expect, test } from 'vitest';
import type { ContrastRow } from '../../src/probe/index.ts';
import { type Claim, PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../../src/results/claims.ts';
import { POST_HOC_CLAIMS } from '../../src/results/post-hoc-claims.ts';
import { contrastNumber, keyedResults, numberOf } from './keyed-results.ts';

const results = keyedResults();

const read = (claims: readonly Claim[]) =>
  Object.fromEntries(claims.map((claim) => [claim.id, claim.valueOf(results)]));

/** The claims of the plan about information: trained or the difference from a baseline, alone or against other semantics. */
const INFORMATION: readonly (readonly [id: string, over: ContrastRow['over'], against: string | null])[] = [
  ['content', 'untrained', null],
  ['flip', null, 'flip'],
  ['adversarial', null, 'adversarial'],
  ['flip-record', 'prompt', 'flip'], // record (b): text and both grids
  ['adversarial-record', 'prompt', 'adversarial'],
  ['flip-untrained', 'untrained', 'flip'],
  ['record', 'input', null], // record (a): text and input grid
];

const slope = (feature: string): number => numberOf('slope', 'informationShare', feature, 1, 'original', 0);

describe('numbers of claims, read from results in which every row has another', () => {
  test('all rows of the evidence do have another', () => {
    const { contrasts, before } = results.evidence!;
    const estimates = [...contrasts, ...before!.contrasts].map(({ difference }) => difference.estimate);
    expect(estimates).toHaveLength(2 * 17 * 4 * 2 * 5);
    expect(new Set(estimates).size).toBe(estimates.length);
  });

  test('the fifteen primary ones: information of one hidden layer, mean over features, all pairs, offset 0', () => {
    expect(read(PRIMARY_CLAIMS)).toEqual({
      ...Object.fromEntries(INFORMATION.map(([id, over, against]) => [id, contrastNumber('now', over, against)])),
      solves: expect.closeTo(0.883 - 0.031, 12), // accuracies of the last and the first checkpoint
      rises: expect.closeTo((slope('direction') + slope('position') + slope('obstacle')) / 3, 9),
      ahead: numberOf('ahead', 'direction', 0, 1),
      rank: numberOf('rank', 'markersKept', 'mean', 1),
      shorter: expect.closeTo(2.49 - 1.72, 12), // mean lengths at the last checkpoint
      used: numberOf('edits', 'random'),
      'used-flip': numberOf('edits', 'flip'),
      phases: (1875 - 1125) / 3000, // accuracy jumps from 0.27 to 0.517, distinct programs from 3 to 25
    });
  });

  test('the 49 secondary ones: the seven about information, each feature at both depths, and the mean of linear probes', () => {
    const asked = [
      ['direction', 0],
      ['position', 0],
      ['obstacle', 0],
      ['mean', 0],
      ['direction', 1],
      ['position', 1],
      ['obstacle', 1],
    ] as const;
    const expected = INFORMATION.flatMap(([id, over, against]) =>
      asked.map(([feature, hiddenLayers]) => [
        `${id}/${feature}/${hiddenLayers}`,
        contrastNumber('now', over, against, feature, hiddenLayers),
      ]),
    );
    expect(read(SECONDARY_CLAIMS)).toEqual(Object.fromEntries(expected));
    expect(SECONDARY_CLAIMS).toHaveLength(49);
  });

  test('the nine post-hoc ones: the better record at offset 0, the untrained model at offset -1, edits at the matched place', () => {
    expect(read(POST_HOC_CLAIMS)).toEqual({
      'flip-best-record': contrastNumber('now', 'bestRecord', 'flip'),
      'adversarial-best-record': contrastNumber('now', 'bestRecord', 'adversarial'),
      'best-record': contrastNumber('now', 'bestRecord', null),
      'content-before': contrastNumber('before', 'untrained', null),
      'flip-before': contrastNumber('before', null, 'flip'),
      'adversarial-before': contrastNumber('before', null, 'adversarial'),
      'flip-untrained-before': contrastNumber('before', 'untrained', 'flip'),
      'used-matched': numberOf('matched', 'random'),
      'used-flip-differing': numberOf('differing', 'matched'),
    });
  });
});
