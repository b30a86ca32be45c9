/** Numbers with intervals that results/README.md and chapters quote are those of results/. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OverSeeds } from '../../src/results/study-results.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Everything in a study.json that is a mean over seeds with an interval. */
function meansIn(value: unknown): OverSeeds[] {
  if (typeof value !== 'object' || value === null) return [];
  const { mean, interval } = value as Partial<OverSeeds>;
  const own = typeof mean === 'number' && interval ? [value as OverSeeds] : [];
  return [...own, ...Object.values(value).flatMap(meansIn)];
}

const studies = readdirSync(join(ROOT, 'results')).map((name) => join(ROOT, 'results', name, 'study.json'));
const measured = studies
  .filter((path) => existsSync(path))
  .flatMap((path) => meansIn(JSON.parse(readFileSync(path, 'utf8'))));

/** `2.1 (1.3 to 2.8)`, `(23 points, 7 to 40)`, `(0.5 points more, -0.6 to 1.6)`: points, or percent. */
const QUOTED =
  /(-?\d+(?:\.\d+)?)(?: points| %)?(?: more| less| of information)?,? \(?(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)\)/g;

interface Quote {
  text: string;
  mean: string;
  low: string;
  high: string;
}

function quotesIn(text: string): Quote[] {
  return [...text.replaceAll('\n', ' ').matchAll(QUOTED)].map(([found, mean, low, high]) => {
    return { text: found, mean: mean!, low: low!, high: high! };
  });
}

/** Whether a row reads so when rounded alike, itself or turned round (`less` for `more`). */
function isMeasured({ mean, low, high }: Quote): boolean {
  const digits = mean.split('.')[1]?.length ?? 0;
  const reads = (value: number, quoted: string): boolean =>
    Math.abs(100 * value - Number(quoted)) <= 0.5001 / 10 ** digits;
  return measured.some(({ mean: middle, interval }) => {
    const [from, to] = [interval!.low, interval!.high];
    const asIs = reads(middle!, mean) && reads(from, low) && reads(to, high);
    return asIs || (reads(-middle!, mean) && reads(-to, low) && reads(-from, high));
  });
}

describe('numbers with intervals over seeds', () => {
  const section = (path: string, from: string, to: string): string => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from)));
  };

  test.each([
    ['results/README.md', '## What several seeds say', '[All claims with', 9],
    ['chapters/13-statistics.md', 'Read it slowly.', '## What could be wrong', 6],
    ['chapters/14-edits.md', '## The real model', '## What could be wrong', 1],
  ] as const)('in %s are means over seeds of results/, rounded', (path, from, to, fewest) => {
    const quotes = quotesIn(section(path, from, to));
    expect(quotes.length).toBeGreaterThanOrEqual(fewest);
    expect(quotes.filter((quote) => !isMeasured(quote)).map(({ text }) => text)).toEqual([]);
  });

  test('a number that is off by one in its last digit is seen, and one that is turned round is not', () => {
    const { mean, interval } = measured.find((row) => Math.abs(row.mean!) > 0.01)!;
    const quote = (shift: number, sign: 1 | -1): Quote => {
      const [low, high] = sign === 1 ? [interval!.low, interval!.high] : [-interval!.high, -interval!.low];
      const text = (value: number) => (100 * value).toFixed(3);
      return { text: '', mean: text(sign * mean! + shift), low: text(low!), high: text(high!) };
    };
    expect([isMeasured(quote(0, 1)), isMeasured(quote(0, -1)), isMeasured(quote(2e-5, 1))]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
