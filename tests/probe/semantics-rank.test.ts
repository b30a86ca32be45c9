import { expect, test } from 'vitest';
import { ProbeError, rankSemantics, type SemanticsShare } from '../../src/probe/index.ts';

const share = (
  semantics: string,
  feature: SemanticsShare['feature'],
  informationShare: number | null,
  hiddenLayers: 0 | 1 = 0,
): SemanticsShare => ({ semantics, feature, hiddenLayers, informationShare });

const SHARES = [
  share('a', 'direction', 0.2),
  share('a', 'obstacle', 0.9),
  share('b', 'direction', 0.4),
  share('b', 'obstacle', 0.5),
  share('c', 'direction', 0.4),
  share('c', 'obstacle', -0.3),
];

test('ranks by hand: for each feature, for the mean over features, for each depth; equals share the mean place', () => {
  const deeper = SHARES.map((one) => ({ ...one, hiddenLayers: 1 as const, informationShare: -one.informationShare! }));
  const ranks = rankSemantics([...SHARES, ...deeper], 'b');
  expect(ranks).toEqual([
    { feature: 'direction', hiddenLayers: 0, rank: 1.5, worst: 2, of: 3 },
    { feature: 'obstacle', hiddenLayers: 0, rank: 2, worst: 2, of: 3 },
    { feature: 'mean', hiddenLayers: 0, rank: 2, worst: 2, of: 3 }, // 0.55, 0.45, 0.05
    { feature: 'direction', hiddenLayers: 1, rank: 2.5, worst: 3, of: 3 },
    { feature: 'obstacle', hiddenLayers: 1, rank: 2, worst: 2, of: 3 },
    { feature: 'mean', hiddenLayers: 1, rank: 2, worst: 2, of: 3 },
  ]);
});

test('a share that is null, not finite, missing or there twice, and a semantics that is not there, are refused', () => {
  const replaced = (informationShare: number | null) => [
    ...SHARES.slice(0, 5),
    share('c', 'obstacle', informationShare),
  ];
  expect(() => rankSemantics(replaced(null), 'a')).toThrow(
    new ProbeError('rank: the information share is null on obstacle under c semantics, 0 hidden layers'),
  );
  expect(() => rankSemantics(replaced(Number.NaN), 'a')).toThrow('is NaN on obstacle under c');
  expect(() => rankSemantics(SHARES.slice(0, 5), 'a')).toThrow('0 information shares on obstacle under c');
  expect(() => rankSemantics([...SHARES, SHARES[0]!], 'a')).toThrow('2 information shares on direction under a');
  expect(() => rankSemantics(SHARES, 'd')).toThrow(new ProbeError('rank: no information share under d semantics'));
});
