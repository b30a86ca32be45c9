import { describe, expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { bootstrapInterval, bootstrapIntervals } from '../../../src/probe/statistics/index.ts';
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
  test('mean of 200: the interval is 1.96 s / sqrt(n) each way within 8 %', () => {
    const values = normals(200, stream('values'));
    const center = values.reduce((sum, x) => sum + x, 0) / 200;
    const s = Math.sqrt(values.reduce((sum, x) => sum + (x - center) ** 2, 0) / 199);
    const found = bootstrapInterval(single(values), mean, { resamples: 4000, random: stream('error') });
    expectClose([found.estimate], [center], { absolute: 1e-12 });
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

  test('the ends are order statistics: of replicates 1..39 the 1st and 39th, of 1..99 2.5 and 97.5, to 1e-12', () => {
    for (const [count, low] of [[39, 1] as const, [99, 2.5] as const]) {
      let draws = 0;
      const random = (): number => Math.floor(draws++ / count) / count + 1e-9; // resample r is `count` times cluster r
      const clusters = single(Array.from({ length: count }, (_, i) => count - i));
      const { interval } = bootstrapInterval(clusters, mean, { resamples: count, random });
      expectClose([interval!.low, interval!.high], [low, count + 1 - low], { absolute: 1e-12 });
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
    const { estimate, interval } = bootstrapInterval(clusters, (t) => first(t) - second(t), { random });
    expectClose([estimate], [6 / 80], { absolute: 1e-15 });
    expectClose([interval!.low * 80, interval!.high * 80], [2, 11], { absolute: 1 });
    const [a, b] = [first, second].map((side) => bootstrapInterval(clusters, side, { random }).interval!);
    expect(a!.low).toBeLessThan(b!.high);
    expect(interval!.low).toBeGreaterThan(0);
  });

  test('a statistic differs from itself by 0 in every resample', () => {
    const { estimate, interval } = bootstrapInterval(clusters, (t) => first(t) - first(t), { random: stream('0') });
    expect({ estimate, interval }).toEqual({ estimate: 0, interval: { low: 0, high: 0 } });
  });
});

describe('several statistics at once', () => {
  const clusters = Array.from({ length: 40 }, (_, i) => ({ x: (i * 17) % 23, n: 1 }));
  const scaled = ({ x, n }: { x: number; n: number }): number => (2 * x) / n;

  test('each is bit by bit what it is alone from the same stream', () => {
    const options = () => ({ random: stream('at once') });
    const both = bootstrapIntervals(clusters, { mean, scaled }, options());
    expect(both.mean).toEqual(bootstrapInterval(clusters, mean, options()));
    expect(both.scaled).toEqual(bootstrapInterval(clusters, scaled, options()));
    expect(both.scaled).not.toEqual(both.mean);
  });

  test('a single cluster has estimates and no intervals, and an error names its statistic', () => {
    const random = stream('at once');
    const alone = { interval: null, n: 1 };
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

  test('39 resamples are enough, 38 and 99.5 are not', () => {
    const run = (resamples: number) => () => bootstrapInterval(single([1, 2, 3]), mean, { resamples, random });
    expect(run(39)).not.toThrow();
    expect(run(38)).toThrow(new ProbeError('bootstrap: 38 resamples, at least 39 needed'));
    expect(run(99.5)).toThrow(ProbeError);
  });
});
