/** @file How an audit spends its time, and what its sample is worth. */
import { describe, expect, test } from 'vitest';
import { chanceToCatch, wrongOf } from '../../src/audit/run/confidence.ts';
import { differencesOf } from '../../src/audit/run/difference.ts';
import type { Kind } from '../../src/audit/run/kind.ts';
import { spend } from '../../src/audit/run/loop.ts';
import { describeChecked } from '../../src/audit/run/text.ts';
import { randomStream } from '../../src/random.ts';
import { encodeText } from '../../src/store/index.ts';
import { silent } from '../../src/study/progress.ts';
import { OutOfMemoryError } from '../../src/tensor/index.ts';
import { encodeSafetensors } from '../../src/transformer/index.ts';

/** Kinds whose items take so many seconds of a clock that nothing else moves. */
function clocked(costs: Readonly<Record<string, readonly [count: number, seconds: number]>>) {
  let time = 0;
  const items: Record<string, number[]> = {};
  const kinds = Object.entries(costs).map(([name, [count, seconds]]): Kind => {
    items[name] = [];
    return {
      ...{ name, path: 'exact', count, address: (item) => `${name} ${item}`, seconds: () => 7 },
      check: (item) => {
        time += seconds;
        items[name]!.push(item);
        return [];
      },
    };
  });
  const run = (seconds: number, seed = '1') => {
    time = 0;
    for (const list of Object.values(items)) list.length = 0;
    return spend(kinds, {
      ...{ seconds, progress: silent, now: () => time },
      random: (name) => randomStream(seed, name),
    });
  };
  return { run, items, now: () => time };
}

describe('the time', () => {
  test('is shared evenly between kinds, and what one does not need goes to the others', async () => {
    const { run } = clocked({ few: [3, 1], cheap: [1000, 1], dear: [1000, 10] });
    const checked = await run(100);
    const seconds = Object.fromEntries(checked.map(({ kind, seconds }) => [kind.name, seconds]));
    expect(seconds['few']).toBe(3);
    expect(seconds['cheap']! + seconds['dear']!).toBeGreaterThan(85);
    expect(Math.abs(seconds['cheap']! - seconds['dear']!)).toBeLessThanOrEqual(20);
  });

  test('is not exceeded by what is known to take longer', async () => {
    const { run, now } = clocked({ cheap: [1000, 1], dear: [50, 30] });
    const checked = await run(100);
    expect(now()).toBeLessThanOrEqual(100);
    expect(checked[1]!.checked).toBe(1);
    expect(describeChecked(checked)).toMatch(/dear .*1 of 50 .* 49 left out, too long for the time/);
  });

  test('without an end is enough for everything, in order', async () => {
    const { run, items } = clocked({ few: [3, 1], many: [50, 2] });
    for (const { kind, checked } of await run(Infinity)) expect(checked).toBe(kind.count);
    expect(items['many']).toEqual(Array.from({ length: 50 }, (_, item) => item));
  });
});

test('a sample is drawn by its seed, without an item twice', async () => {
  const { run, items } = clocked({ many: [1000, 1] });
  const sample = async (seed: string) => {
    await run(100, seed);
    return [...items['many']!];
  };
  const first = await sample('1');
  expect(new Set(first).size).toBe(100);
  expect(await sample('1')).toEqual(first);
  expect(await sample('2')).not.toEqual(first);
  expect(Math.max(...first)).toBeGreaterThan(500);
});

test('what cannot be computed is a difference, named by its address; want of memory is none', async () => {
  const failing = (error: Error): Kind => ({
    ...{ name: 'things', path: 'again', count: 1, address: () => 'thing 0', seconds: () => 1 },
    check: () => {
      throw error;
    },
  });
  const spending = { seconds: 10, progress: silent, random: (name: string) => randomStream('1', name) };
  const [checked] = await spend([failing(new TypeError('no probes here'))], spending);
  expect(checked!.differences).toEqual([
    { address: 'thing 0', recorded: 'something', computed: 'nothing: no probes here' },
  ]);
  await expect(spend([failing(new OutOfMemoryError(1, 2, 3))], spending)).rejects.toThrow(OutOfMemoryError);
});

describe('the chance to catch', () => {
  test('is the share of samples that hold a wrong item, counted', () => {
    const [count, checked, wrong] = [9, 4, 2]; // the wrong ones are 0 and 1
    const samples = Array.from({ length: 2 ** count }, (_, set) => set).filter(
      (set) => [...set.toString(2)].filter((bit) => bit === '1').length === checked,
    );
    const caught = samples.filter((set) => (set & 3) !== 0).length;
    expect(chanceToCatch(count, checked, wrong)).toBeCloseTo(caught / samples.length, 12);
  });

  test('is that of 1 - 0.999^n for a small part of many, 1 for all, 0 for none', () => {
    expect(chanceToCatch(1_000_000, 500)).toBeCloseTo(1 - 0.999 ** 500, 3);
    for (const count of [1, 7, 5000]) {
      expect(chanceToCatch(count, count)).toBe(1);
      expect(chanceToCatch(count, 0)).toBe(0);
    }
    expect([1, 999, 1600, 5000].map(wrongOf)).toEqual([1, 1, 2, 5]);
  });
});

describe('a difference is told in the terms of its file', () => {
  const json = (value: unknown) => encodeText(JSON.stringify(value));
  const tensors = (...values: number[]) =>
    encodeSafetensors(new Map([['w', { shape: [2, 2], data: Float32Array.from(values) }]]));

  test('JSON: the path of a figure, and what one lacks', () => {
    const [before, now] = [
      { a: [{ b: 1 }, { b: 2 }], c: null },
      { a: [{ b: 1 }, { b: 3 }], d: [] },
    ];
    expect(differencesOf('x.json', json(before), json(now))).toEqual([
      { address: 'x.json: a[1].b', recorded: '2', computed: '3' },
      { address: 'x.json: c', recorded: 'null', computed: 'nothing' },
      { address: 'x.json: d', recorded: 'nothing', computed: '[]' },
    ]);
  });

  test('tensors: the element with its bits, and the sign of a zero', () => {
    expect(differencesOf('x.safetensors', tensors(1, 0, 3, 4), tensors(1, -0, 3, 4.5))).toEqual([
      { address: 'x.safetensors: w[0,1]', recorded: '0 (0x00000000)', computed: '0 (0x80000000)' },
      { address: 'x.safetensors: w[1,1]', recorded: '4 (0x40800000)', computed: '4.5 (0x40900000)' },
    ]);
  });

  test('anything else, and what says the same with other bytes: the first byte', () => {
    expect(differencesOf('x', encodeText('abc'), encodeText('abd'))).toEqual([
      { address: 'x: byte 2', recorded: '0x63', computed: '0x64' },
    ]);
    const spaced = encodeText('[1, 2]');
    expect(differencesOf('x.json', spaced, json([1, 2]))[0]!.address).toBe('x.json: byte 3');
    expect(differencesOf('x', undefined, spaced)).toEqual([{ address: 'x', recorded: 'missing', computed: '6 bytes' }]);
    expect(differencesOf('x', spaced, spaced)).toEqual([]);
  });

  test('what is not what its name says cannot be read', () => {
    const [found] = differencesOf('x.json', encodeText('{'), json(1));
    expect(found!.recorded).toMatch(/^cannot be read: /);
  });
});
