/** @file Each claim reads the number that results/analysis-plan.md names, and no other. */
import { describe, expect, test } from 'vitest';
import type { ContrastRow } from '../../src/probe/index.ts';
import { type Claim, PRIMARY_CLAIMS, SECONDARY_CLAIMS } from '../../src/results/claims.ts';
import { DIFFERING_CLAIMS, LATENT_CLAIMS } from '../../src/results/exploratory.ts';
import { contrastNumber, keyedResults, numberOf, WHERE_LABELS_DIFFER } from './keyed-results.ts';

const results = keyedResults();

const read = (claims: readonly Claim[]) =>
  Object.fromEntries(claims.map((claim) => [claim.id, claim.valueOf(results)]));

/** The claims of the plan about information: what training adds, and what hidden states tell beyond the record. */
const INFORMATION: readonly (readonly [id: string, over: ContrastRow['over'], against: string | null])[] = [
  ['content', 'untrained', null],
  ['flip', 'untrained', 'flip'],
  ['adversarial', 'untrained', 'adversarial'],
  ['record', 'record', null],
  ['flip-record', 'record', 'flip'],
  ['adversarial-record', 'record', 'adversarial'],
];

const slope = (measure: string, feature: string): number => numberOf('slope', measure, feature, 1, 'original', -1);
const meanSlope = (measure: string): number =>
  ['direction', 'position', 'obstacle'].reduce((sum, feature) => sum + slope(measure, feature) / 3, 0);
const ahead = (source: string): number => numberOf('ahead', source, 'direction', 0, 1);
const saved = ({ generativeAccuracy, programs }: (typeof results.checkpoints)[number]): number => {
  const difference = programs.shortest!.solved.difference;
  return difference ? -difference.length.estimate * generativeAccuracy : 0;
};

describe('numbers of claims, read from results in which every row has another', () => {
  test('all rows of the evidence do have another', () => {
    const estimates = results.evidence!.contrasts.map(({ difference }) => difference.estimate);
    expect(estimates).toHaveLength(2 * 20 * 4 * 2 * 5);
    expect(new Set(estimates).size).toBe(estimates.length);
  });

  test('the fourteen primary ones: information of one hidden layer, mean over features, all pairs, offset -1', () => {
    expect(read(PRIMARY_CLAIMS)).toEqual({
      ...Object.fromEntries(INFORMATION.map(([id, over, against]) => [id, contrastNumber(-1, over, against)])),
      solves: expect.closeTo(0.883 - 0.031, 12), // accuracies of the last and the first checkpoint
      rises: expect.closeTo(meanSlope('informationShare') - meanSlope('untrained'), 9),
      ahead: ahead('trained') - ahead('untrained'),
      rank: numberOf('rank', 'gained', 'markersKept', 'mean', 1),
      shorter: expect.closeTo(saved(results.checkpoints.at(-1)!) - saved(results.checkpoints[0]!), 12),
      used: numberOf('matched', 'random'),
      'used-flip': numberOf('differing', 'matched'),
      phases: (1875 - 1125) / 3000, // accuracy jumps from 0.27 to 0.517, distinct programs from 3 to 25
    });
  });

  test('the secondary ones: the six about information for each feature and depth, and at offset 0', () => {
    const asked = [
      ['direction', 0],
      ['position', 0],
      ['obstacle', 0],
      ['mean', 0],
      ['direction', 1],
      ['position', 1],
      ['obstacle', 1],
    ] as const;
    const expected = INFORMATION.flatMap(([id, over, against]) => [
      ...asked.map(
        ([feature, hiddenLayers]) =>
          [`${id}/${feature}/${hiddenLayers}`, contrastNumber(-1, over, against, feature, hiddenLayers)] as const,
      ),
      [`${id}/after`, contrastNumber(0, over, against)] as const,
      ...(over === 'record' ? [[`${id}/after+action`, contrastNumber(0, 'record+action', against)] as const] : []),
    ]);
    const found = read(SECONDARY_CLAIMS);
    expect(found).toMatchObject(Object.fromEntries(expected));
    expect(expected).toHaveLength(6 * 8 + 3);
    expect(Object.keys(found)).toHaveLength(expected.length + 11);
  });

  test('... and what the trained model shows alone: semantics, ahead, rises, ranks, lengths, edits at their best places', () => {
    const last = results.checkpoints.at(-1)!;
    expect(read(SECONDARY_CLAIMS)).toMatchObject({
      'flip/trained/-1': contrastNumber(-1, null, 'flip'),
      'flip/trained/0': contrastNumber(0, null, 'flip'),
      'adversarial/trained/-1': contrastNumber(-1, null, 'adversarial'),
      'adversarial/trained/0': contrastNumber(0, null, 'adversarial'),
      'ahead/trained': ahead('trained'),
      'rises/trained': expect.closeTo(meanSlope('informationShare'), 9),
      'rank/trained': numberOf('rank', 'trained', 'markersKept', 'mean', 1),
      'rank/untrained': numberOf('rank', 'untrained', 'markersKept', 'mean', 1),
      'shorter/all': expect.closeTo(last.referenceLength - last.meanLength, 12),
      'used/best/random': numberOf('edits', 'random'),
      'used/best/flip': numberOf('edits', 'flip'),
    });
  });

  test('the exploratory ones: where labels differ from that very semantics, alone, over the untrained model, over the record', () => {
    const number = (over: ContrastRow['over'], against: string) =>
      contrastNumber(-1, over, against) + WHERE_LABELS_DIFFER;
    expect(read(DIFFERING_CLAIMS)).toEqual({
      'differ-flip/trained': number(null, 'flip'),
      'differ-flip': number('untrained', 'flip'),
      'differ-flip-record': number('record', 'flip'),
      'differ-adversarial/trained': number(null, 'adversarial'),
      'differ-adversarial': number('untrained', 'adversarial'),
      'differ-adversarial-record': number('record', 'adversarial'),
    });
  });

  test('... and those of other labels: all pairs, against each permutation; null where it was not asked', () => {
    const evidence = results.evidence!;
    const renamed = evidence.contrasts.map((row) => {
      const names = { flip: 'permutation2', adversarial: 'permutation3' };
      return row.against === null ? row : { ...row, against: names[row.against as keyof typeof names] };
    });
    const asked = { ...results, evidence: { ...evidence, contrasts: renamed } };
    const numbers = Object.fromEntries(LATENT_CLAIMS.map((claim) => [claim.id, claim.valueOf(asked)]));
    expect(numbers).toEqual({
      'latent-permutation2/trained': contrastNumber(-1, null, 'flip'),
      'latent-permutation2': contrastNumber(-1, 'untrained', 'flip'),
      'latent-permutation2-record': contrastNumber(-1, 'record', 'flip'),
      'latent-permutation3/trained': contrastNumber(-1, null, 'adversarial'),
      'latent-permutation3': contrastNumber(-1, 'untrained', 'adversarial'),
      'latent-permutation3-record': contrastNumber(-1, 'record', 'adversarial'),
    });
    expect(Object.values(read(LATENT_CLAIMS))).toEqual(new Array(6).fill(null));
  });
});
