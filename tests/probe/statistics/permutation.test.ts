import { expect, test } from 'vitest';
import { ProbeError } from '../../../src/probe/errors.ts';
import { signFlipTest } from '../../../src/probe/statistics/index.ts';
import { randomStream } from '../../../src/random.ts';
import { expectClose } from '../../helpers/close.ts';
import { DARWIN } from './darwin.ts';

const stream = (name: string): (() => number) => randomStream('1', `permutation/${name}`);

test("Darwin's maize: 1726 of 32768 assignments of signs are as extreme, p = 0.05267 (Fisher 1935)", () => {
  const { p, mean, extreme, assignments, exact } = signFlipTest(DARWIN, { random: stream('darwin') });
  expect({ extreme, assignments, exact }).toEqual({ extreme: 1726, assignments: 32768, exact: true });
  expect(p).toBe(1726 / 32768);
  expect(mean).toBe(314 / 15);
});

test('sums that differ by rounding alone are ties: 14 and 32 of 32 for tenths as for whole numbers', () => {
  for (const [whole, extreme] of [[[8, -1, -5, 4, 6], 14] as const, [[4, 2, -1, -6, 1], 32] as const]) {
    const tenths = whole.map((difference) => difference / 10);
    const counts = [whole, tenths].map((differences) => signFlipTest(differences, { random: stream('ties') }).extreme);
    expect(counts).toEqual([extreme, extreme]);
  }
});

test('20,000 drawn assignments estimate the exact p of 0.05267 within four standard errors, 0.0063', () => {
  const options = { exactUpTo: 0, resamples: 20_000, random: stream('drawn') };
  const { p, extreme, assignments, exact } = signFlipTest(DARWIN, options);
  expectClose([p], [1726 / 32768], { absolute: 0.0063 });
  expect({ p, assignments, exact }).toEqual({ p: (extreme + 1) / 20_001, assignments: 20_000, exact: false });
});

test('drawn assignments are those of the random bits, one a difference, 32 from a number: counted here one by one', () => {
  for (const size of [17, 32, 40, 67]) {
    const differences = Array.from({ length: size }, (_, i) => ((7 * i) % 11) - 4.5);
    const random = stream('bits');
    const sum = Math.abs(differences.reduce((total, difference) => total + difference, 0));
    let extreme = 0;
    for (let draw = 0; draw < 500; draw++) {
      const turned: boolean[] = [];
      while (turned.length < size) {
        const number = Math.floor(random() * 2 ** 32);
        for (let bit = 0; bit < 32; bit++) turned.push(Math.floor(number / 2 ** bit) % 2 === 1);
      }
      const total = differences.reduce((all, difference, i) => all + (turned[i] ? -difference : difference), 0);
      if (Math.abs(total) >= sum - 1e-9) extreme++;
    }
    expect(signFlipTest(differences, { resamples: 500, random: stream('bits') }).extreme).toBe(extreme);
    expect(extreme).toBeGreaterThan(0);
  }
});

test('p is two-sided: the same for all signs turned, exact and drawn', () => {
  const turned = DARWIN.map((difference) => -difference);
  for (const exactUpTo of [0, 16]) {
    const [one, other] = [DARWIN, turned].map((d) => signFlipTest(d, { exactUpTo, random: stream('turned') }).p);
    expect(one).toBe(other);
  }
});

test('forty equal differences have p = 1/1001 of 1,000 drawn, never 0', () => {
  const { p } = signFlipTest(new Array(40).fill(0.5), { resamples: 1000, random: stream('forty') });
  expect(p).toBe(1 / 1001);
});

test('if there is no difference, p is at most 0.05 in 3 to 7 % of 2,000 draws of 20 clusters', () => {
  const random = stream('null');
  let rejected = 0;
  for (let draw = 0; draw < 2000; draw++) {
    const differences = Array.from({ length: 20 }, () => random() - random());
    if (signFlipTest(differences, { resamples: 199, random }).p <= 0.05) rejected++;
  }
  expect(rejected / 2000).toBeGreaterThan(0.03);
  expect(rejected / 2000).toBeLessThan(0.07);
});

test('differences of 0 count for the mean but have no sign: three of them leave p of [1, 2, 4] at 2/8', () => {
  const random = stream('zeros');
  const { n, mean, p } = signFlipTest([0, 1, 0, 2, 4, 0], { random });
  expect({ n, mean, p }).toEqual({ n: 6, mean: 7 / 6, p: 2 / 8 });
  expect(signFlipTest([...new Array<number>(100).fill(0), ...DARWIN], { random }).extreme).toBe(1726);
  expect(signFlipTest([0, 0], { random }).p).toBe(1);
  expect(signFlipTest([3], { random }).p).toBe(1);
});

test('the same stream of random numbers gives the same p', () => {
  const run = (name: string): number => signFlipTest(DARWIN, { exactUpTo: 0, random: stream(name) }).p;
  expect(run('a')).toBe(run('a'));
  expect(run('a')).not.toBe(run('b'));
});

test('no differences, NaN, no resamples, and more than 24 to enumerate are a ProbeError', () => {
  const random = stream('wrong');
  expect(() => signFlipTest([], { random })).toThrow(new ProbeError('sign-flip test: 0 values, at least 1 needed'));
  expect(() => signFlipTest([1, NaN], { random })).toThrow(new ProbeError('sign-flip test: value 1 is NaN'));
  expect(() => signFlipTest([1], { resamples: 0, random })).toThrow(new ProbeError('sign-flip test: 0 resamples'));
  expect(() => signFlipTest([1], { exactUpTo: 40, random })).toThrow(ProbeError);
  expect(() => signFlipTest([1], { exactUpTo: -1, random })).toThrow(ProbeError);
});
