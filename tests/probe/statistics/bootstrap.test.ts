import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { bootstrapDifference, bootstrapInterval, bootstrapIntervals } from '../../../src/probe/statistics/index.ts';
import { randomStream } from '../../../src/random.ts';
import { expectClose } from '../../helpers/close.ts';

const stream = (name: string): (() => number) => randomStream('1', `bootstrap/${name}`);

const normals = (count: number, random: () => number): number[] =>
  Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

/** Clusters of size 1. */
const single = (values: readonly number[]) => values.map((x) => ({ x, n: 1 }));
const mean = ({ x, n }: { x: number; n: number }): number => x / n;
const width = ({ interval }: { interval: { low: number; high: number } | null }): number =>
  interval!.high - interval!.low;

describe('clusters of size 1', () => {
  test('mean of 200: the standard error is s / sqrt(n) within 5 %, the interval 1.96 of it each way within 8 %', () => {
    const values = normals(200, stream('values'));
    const center = values.reduce((sum, x) => sum + x, 0) / 200;
    const s = Math.sqrt(values.reduce((sum, x) => sum + (x - center) ** 2, 0) / 199);
    const found = bootstrapInterval(single(values), mean, { resamples: 4000, random: stream('error') });
    expectClose([found.estimate], [center], { absolute: 1e-12 });
    expectClose([found.standardError!], [s / Math.sqrt(200)], { relative: 0.05 });
    expectClose([width(found)], [(2 * 1.96 * s) / Math.sqrt(200)], { relative: 0.08 });
  });

  test('the 95 % interval of the mean of 50 values holds the true mean in 92 to 97 % of 1,000 draws', () => {
    const random = stream('coverage');
    let held = 0;
    for (let draw = 0; draw < 1000; draw++) {
      const { interval } = bootstrapInterval(single(normals(50, random)), mean, { resamples: 299, random });
      if (interval!.low <= 0 && 0 <= interval!.high) held++;
    }
    expect(held / 1000).toBeGreaterThan(0.92);
    expect(held / 1000).toBeLessThan(0.97);
  });

  test('the ends are order statistics: of replicates 1..39, 2 and 38 at 90 %, 1.4 and 38.6 at 93 %, to 1e-12', () => {
    for (const [level, low] of [[0.9, 2] as const, [0.93, 1.4] as const]) {
      let draws = 0;
      const random = (): number => Math.floor(draws++ / 39) / 39 + 1e-9; // resample r is 39 times cluster r
      const clusters = single(Array.from({ length: 39 }, (_, i) => 39 - i));
      const { interval, standardError } = bootstrapInterval(clusters, mean, { level, resamples: 39, random });
      expectClose([interval!.low, interval!.high], [low, 40 - low], { absolute: 1e-12 });
      expectClose([standardError!], [Math.sqrt((39 * 40) / 12)], { relative: 1e-12 });
    }
  });

  test('two values: of all resamples a quarter is each extreme, so the interval is from the one to the other', () => {
    const { estimate, interval, n } = bootstrapInterval(single([3, 8]), mean, { random: stream('two') });
    expect({ estimate, interval, n }).toEqual({ estimate: 5.5, interval: { low: 3, high: 8 }, n: 2 });
  });
});

describe('the program is the unit', () => {
  /** Programs of 20 tokens that are all right or all wrong. */
  const programs = (random: () => number) =>
    Array.from({ length: 60 }, () => ({ right: random() < 0.7 ? 20 : 0, pairs: 20 }));
  const tokens = (clusters: readonly { right: number; pairs: number }[]) =>
    clusters.flatMap(({ right, pairs }) =>
      Array.from({ length: pairs }, (_, i) => ({ right: i < right ? 1 : 0, pairs: 1 })),
    );
  const accuracy = ({ right, pairs }: { right: number; pairs: number }): number => right / pairs;

  test('repeating each token 20 times changes nothing: the interval is bit by bit that of one token a program', () => {
    const twenty = programs(stream('programs'));
    const one = twenty.map(({ right }) => ({ right: right / 20, pairs: 1 }));
    const [a, b] = [twenty, one].map((clusters) => bootstrapInterval(clusters, accuracy, { random: stream('same') }));
    expect(a).toEqual(b);
  });

  test('resampling the tokens instead would give an interval narrower by sqrt(20), within 15 %', () => {
    const clusters = programs(stream('programs'));
    const ofPrograms = bootstrapInterval(clusters, accuracy, { random: stream('of programs') });
    const ofTokens = bootstrapInterval(tokens(clusters), accuracy, { random: stream('of tokens') });
    expect(ofTokens.estimate).toBe(ofPrograms.estimate);
    expectClose([width(ofPrograms) / width(ofTokens)], [Math.sqrt(20)], { relative: 0.15 });
  });

  test('... and hold the true accuracy in under half of 60 draws, where that of programs does in over 85 %', () => {
    const random = stream('tokens are too sure');
    const held = { programs: 0, tokens: 0 };
    for (let draw = 0; draw < 60; draw++) {
      const clusters = programs(random);
      const options = { resamples: 99, random };
      const [a, b] = [clusters, tokens(clusters)].map((units) => bootstrapInterval(units, accuracy, options).interval!);
      if (a!.low <= 0.7 && 0.7 <= a!.high) held.programs++;
      if (b!.low <= 0.7 && 0.7 <= b!.high) held.tokens++;
    }
    expect(held.programs / 60).toBeGreaterThan(0.85);
    expect(held.tokens / 60).toBeLessThan(0.5);
  });

  test('a long program weighs by its tokens: 9 of 10 and 0 of 90 are 9 %, not 45 %', () => {
    const clusters = [
      { right: 9, pairs: 10 },
      { right: 0, pairs: 90 },
    ];
    const { estimate, interval } = bootstrapInterval(clusters, accuracy, { random: stream('long') });
    expect({ estimate, interval }).toEqual({ estimate: 0.09, interval: { low: 0, high: 0.9 } });
  });
});

describe('BCa', () => {
  // Efron and Tibshirani 1993, table 14.1, test A. BCa: their table 14.2; percentiles: R `boot`, 20,000 resamples.
  const SPATIAL = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
  const clusters = SPATIAL.map((x) => ({ x, squared: x * x, n: 1 }));
  const variance = ({ x, squared, n }: { x: number; squared: number; n: number }): number => squared / n - (x / n) ** 2;
  const options = { level: 0.9, resamples: 20_000 } as const;

  test('spatial data at 90 %: percentiles 97.8 to 235.6 within 1 %, BCa 115.8 to 259.6 within 2 %', () => {
    const percentile = bootstrapInterval(clusters, variance, { ...options, random: stream('spatial') });
    const bca = bootstrapInterval(clusters, variance, { ...options, method: 'bca', random: stream('spatial') });
    expectClose([percentile.estimate, bca.estimate], [171.534, 171.534], { absolute: 5e-4 });
    expectClose([percentile.interval!.low, percentile.interval!.high], [97.8, 235.6], { relative: 0.01 });
    expectClose([bca.interval!.low, bca.interval!.high], [115.8, 259.6], { relative: 0.02 });
  });

  test('BCa intervals hold the variance of a skewed sample more often than percentiles, in 300 draws', () => {
    const random = stream('skewed');
    const held = { bca: 0, percentile: 0 };
    for (let draw = 0; draw < 300; draw++) {
      const sample = Array.from({ length: 50 }, () => -Math.log(1 - random())).map((x) => ({
        x,
        squared: x * x,
        n: 1,
      }));
      for (const method of ['bca', 'percentile'] as const) {
        const { interval } = bootstrapInterval(sample, variance, { resamples: 299, method, random });
        if (interval!.low <= 1 && 1 <= interval!.high) held[method]++;
      }
    }
    expect(held.bca).toBeGreaterThan(held.percentile);
  });

  test('equal clusters have an interval without width', () => {
    const { interval } = bootstrapInterval(single([2, 2, 2]), mean, { method: 'bca', random: stream('equal') });
    expect(interval).toEqual({ low: 2, high: 2 });
  });

  test('a statistic that is larger on the clusters than on all resamples is a ProbeError', () => {
    const powers = Array.from({ length: 20 }, (_, i) => 2 ** i); // 20 draws sum to 2^20 - 1 only if each is there
    const peak = ({ x }: { x: number }): number => -Math.abs(x - (2 ** 20 - 1));
    const run = () => bootstrapInterval(single(powers), peak, { method: 'bca', random: stream('peak') });
    expect(run).toThrow(new ProbeError('BCa: all 1000 replicates lie on one side of the estimate 0'));
  });

  test('a statistic that needs every cluster is a ProbeError that names the one left out', () => {
    const needy = ({ x, n }: { x: number; n: number }): number => (n < 3 ? Number.NaN : x);
    const run = () => bootstrapInterval(single([1, 2, 4]), needy, { method: 'bca', random: stream('needy') });
    expect(run).toThrow(new ProbeError('bootstrap: the statistic is NaN on all clusters but 0'));
  });
});

describe('differences', () => {
  const clusters = Array.from({ length: 80 }, (_, i) => {
    const difficulty = (i * 37) % 80; // right under both or under neither, but for a few
    return { first: difficulty < 50 ? 10 : 0, second: difficulty < 44 ? 10 : 0, pairs: 10 };
  });
  const first = (t: { first: number; pairs: number }): number => t.first / t.pairs;
  const second = (t: { second: number; pairs: number }): number => t.second / t.pairs;

  // Resampled, the number of the 6 in 80 that differ is binomial: its 2.5 % and 97.5 % quantiles are 2 and 11.
  test('50 against 44 of 80 programs: 2 to 11 of 80, within 1, and never 0, though the two intervals overlap', () => {
    const random = stream('difference');
    const { estimate, interval } = bootstrapDifference(clusters, first, second, { random });
    expectClose([estimate], [6 / 80], { absolute: 1e-15 });
    expectClose([interval!.low * 80, interval!.high * 80], [2, 11], { absolute: 1 });
    const [a, b] = [first, second].map((side) => bootstrapInterval(clusters, side, { random }).interval!);
    expect(a!.low).toBeLessThan(b!.high);
    expect(interval!.low).toBeGreaterThan(0);
  });

  test('a statistic differs from itself by 0 in every resample', () => {
    const { estimate, standardError, interval } = bootstrapDifference(clusters, first, first, { random: stream('0') });
    expect({ estimate, standardError, interval }).toEqual({
      estimate: 0,
      standardError: 0,
      interval: { low: 0, high: 0 },
    });
  });
});

describe('several statistics at once', () => {
  const clusters = Array.from({ length: 40 }, (_, i) => ({ x: (i * 17) % 23, n: 1 }));
  const scaled = ({ x, n }: { x: number; n: number }): number => (2 * x) / n;

  test.each(['percentile', 'bca'] as const)(
    '%s: each is bit by bit what it is alone from the same stream',
    (method) => {
      const options = () => ({ method, random: stream('at once') });
      const both = bootstrapIntervals(clusters, { mean, scaled }, options());
      expect(both.mean).toEqual(bootstrapInterval(clusters, mean, options()));
      expect(both.scaled).toEqual(bootstrapInterval(clusters, scaled, options()));
      expect(both.scaled).not.toEqual(both.mean);
    },
  );

  test('a single cluster has estimates and no intervals, and an error names its statistic', () => {
    const random = stream('at once');
    const alone = { standardError: null, interval: null, n: 1 };
    expect(bootstrapIntervals(single([4]), { mean, scaled }, { random })).toEqual({
      mean: { estimate: 4, ...alone },
      scaled: { estimate: 8, ...alone },
    });
    const run = () => bootstrapIntervals(clusters, { mean, ratio: () => 0 / 0 }, { random });
    expect(run).toThrow(new ProbeError('bootstrap: ratio is NaN on the clusters'));
  });
});

describe('what is asked of the input', () => {
  const random = stream('input');

  test('the same stream of random numbers gives the same interval, and another one another', () => {
    const clusters = single(normals(30, stream('once')));
    const run = (name: string) => bootstrapInterval(clusters, mean, { random: stream(name) }).interval;
    expect(run('a')).toEqual(run('a'));
    expect(run('a')).not.toEqual(run('b'));
  });

  test('a single program has an estimate and no interval', () => {
    expect(bootstrapInterval(single([4]), mean, { random })).toEqual({
      estimate: 4,
      standardError: null,
      interval: null,
      n: 1,
    });
  });

  test('no clusters, NaN, a missing sum and a statistic that is not finite are a ProbeError naming the place', () => {
    const run = (clusters: { x: number; n: number }[]) => () => bootstrapInterval(clusters, mean, { random });
    expect(run([])).toThrow(new ProbeError('bootstrap: no clusters'));
    expect(run([...single([1]), { x: NaN, n: 1 }])).toThrow(new ProbeError('bootstrap: x of cluster 1 is NaN'));
    expect(run([...single([1]), { x: 2 } as never])).toThrow(new ProbeError('bootstrap: n of cluster 1 is undefined'));
    expect(run([{ x: 0, n: 0 }])).toThrow(new ProbeError('bootstrap: the statistic is NaN on the clusters'));
    expect(
      run([
        { x: 1, n: 1 },
        { x: 0, n: 0 },
      ]),
    ).toThrow(/the statistic is NaN on resample \d+/);
  });

  test('a level of 0.95 takes 39 resamples and 0.9 takes 19, not one less; a level of 95 is none', () => {
    const run =
      (resamples: number, level = 0.95) =>
      () =>
        bootstrapInterval(single([1, 2, 3]), mean, { resamples, level, random });
    expect(run(39)).not.toThrow();
    expect(run(38)).toThrow(new ProbeError('bootstrap: 38 resamples, a level of 0.95 needs at least 39'));
    expect(run(19, 0.9)).not.toThrow();
    expect(run(18, 0.9)).toThrow(ProbeError);
    expect(run(99.5)).toThrow(ProbeError);
    expect(run(1000, 95)).toThrow(ProbeError);
  });
});
