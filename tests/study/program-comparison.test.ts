/** @file What is compared between written and reference programs, with numbers worked out by hand. */

import { describe, expect, test } from 'vitest';
import { effectsOn, traitsOf } from '../../src/study/program-traits.ts';
import { actions, battery, CORRIDOR, compare, specification } from './corridor.ts';

/** Three specifications; no reference program is as short as can be. */
const THREE = [
  specification('turnLeft turnRight move'), // the shortest is: move
  specification('turnLeft move turnLeft'), // the move is a no-op; the shortest is: turnLeft turnLeft
  specification('move move pickMarker'), // the shortest is: move move, the robot hides what is left
];
/** Shorter and right; the reference itself; wrong. */
const WRITTEN = ['move', 'turnLeft move turnLeft', 'putMarker'];

describe('three specifications worked out by hand', () => {
  const found = compare(THREE, WRITTEN);

  test('accuracy: two of three are solved, and hold on the unseen world', () => {
    expect(found.generativeAccuracy).toMatchObject({ estimate: 2 / 3, n: 3 });
    expect(found.unseenAccuracy).toMatchObject({ estimate: 2 / 3, n: 3 });
  });

  test('lengths: 9 actions against 5 in three programs, 4/3 fewer on average, the interval within 0 and 2', () => {
    expect(found.reference.length).toMatchObject({ estimate: 3, interval: { low: 3, high: 3 }, n: 3 });
    expect(found.generated!.length).toMatchObject({ estimate: 5 / 3, interval: { low: 1, high: 3 }, n: 3 });
    expect(found.difference!.length.estimate).toBeCloseTo(-4 / 3, 12);
    expect(found.difference!.length.interval).toEqual({ low: -2, high: 0 });
    expect([found.reference.lengths, found.generated!.lengths]).toEqual([
      [0, 0, 0, 3],
      [0, 2, 0, 1],
    ]);
  });

  test('no-ops: one reference and one written program walk into a wall', () => {
    for (const side of [found.reference, found.generated!]) {
      expect(side.noOps!.estimate).toBe(1 / 3);
      expect(side.withNoOp!.estimate).toBe(1 / 3);
    }
    expect(found.difference!.withNoOp).toMatchObject({ estimate: 0, interval: { low: 0, high: 0 } });
  });

  // pickMarker of the third reference happens under the robot, where nothing shows it.
  test('removal: two references could leave out an action; of the written ones the second, and the last: putMarker under the robot', () => {
    expect(found.reference.notMinimal!.estimate).toBe(2 / 3);
    expect(found.generated!.notMinimal!.estimate).toBe(2 / 3);
  });

  test('actions: moves are 4 of 9 against 2 of 5, and the shares of each side add up to 1', () => {
    expect(found.reference.actionShares['move']!.estimate).toBe(4 / 9);
    expect(found.generated!.actionShares['move']!.estimate).toBe(2 / 5);
    expect(found.difference!.actionShares['move']!.estimate).toBeCloseTo(2 / 5 - 4 / 9, 12);
    for (const side of [found.reference, found.generated!]) {
      const shares = Object.values(side.actionShares).map(({ estimate }) => estimate);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  test('shortest: 1, 2 and 2 actions; no reference is as short, and of the two solutions one is', () => {
    expect(THREE.map(({ shortest }) => shortest)).toEqual([1, 2, 2]);
    const { all, solved } = found.shortest!;
    expect(all.unknown).toBe(0);
    expect(all.reference!.asShort).toMatchObject({ estimate: 0, n: 3 });
    expect(all.reference!.shortestLength).toMatchObject({ estimate: 5 / 3, n: 3 });
    expect(solved.unknown).toBe(0);
    expect(solved.generated!.asShort).toMatchObject({ estimate: 1 / 2, n: 2 });
    expect(solved.generated!.length).toMatchObject({ estimate: 2, n: 2 });
    expect(solved.generated!.shortestLength).toMatchObject({ estimate: 3 / 2, n: 2 });
    expect(solved.reference!.length).toMatchObject({ estimate: 3, n: 2 });
    expect(solved.difference!.length).toMatchObject({ estimate: -1, interval: { low: -2, high: 0 } });
    expect(solved.difference!.asShort).toMatchObject({ estimate: 1 / 2, interval: { low: 0, high: 1 } });
  });

  test('the same stream gives the same bits', () => {
    expect(compare(THREE, WRITTEN)).toEqual(found);
  });
});

describe('programs and effects', () => {
  test('four programs, three of them different, with two effects', () => {
    const four = ['turnLeft', 'turnRight turnRight turnRight', 'turnLeft', 'move'].map((text) => specification(text));
    const { distinct, effectClasses, programs } = compare(four, ['move', 'move', 'move', 'move']).reference;
    expect({ distinct, effectClasses, programs }).toEqual({ distinct: 3, effectClasses: 2, programs: 4 });
  });

  test('a class is computed once a program', () => {
    const effectOf = effectsOn(battery);
    const first = effectOf(actions('move turnLeft'));
    battery.forEach((world) => {
      world.x = 0; // another battery would give another class
    });
    expect(effectOf(actions('move turnLeft'))).toBe(first);
    expect(effectsOn(battery)(actions('move turnLeft'))).not.toBe(first);
  });
});

describe('what cannot be compared', () => {
  test('a text that is no program is not solved, and is in no measure of the written programs', () => {
    const { generativeAccuracy, generated, difference, reference } = compare(THREE, ['move', undefined, undefined]);
    expect(generativeAccuracy.estimate).toBe(1 / 3);
    expect(generated).toMatchObject({ programs: 1, length: { estimate: 1, interval: null, n: 1 } });
    expect(difference!.length).toEqual({ estimate: -2, interval: null, n: 1 });
    expect(reference.programs).toBe(3);
  });

  test('no program at all: nothing is written, the references are still described', () => {
    const found = compare(THREE, [undefined, undefined, undefined]);
    expect([found.generated, found.difference, found.shortest!.solved.generated]).toEqual([null, null, null]);
    expect(found.reference.length.estimate).toBe(3);
    expect(found.shortest!.all.reference!.asShort.n).toBe(3);
  });

  test('a search that gives up is counted, and its program is not called shortest though it is', () => {
    const some = [specification('move', { gaveUp: true }), specification('move'), specification('move move')];
    const { all, solved } = compare(some, ['move', 'move', 'turnLeft']).shortest!;
    expect(some.map(({ shortest }) => shortest)).toEqual([null, 1, 2]);
    expect(all.unknown).toBe(1);
    expect(all.reference!.asShort).toMatchObject({ estimate: 1, n: 2 });
    expect(solved.unknown).toBe(1);
    expect(solved.generated!.asShort).toMatchObject({ estimate: 1, n: 1 });
  });

  test('all searches give up: null, and how many', () => {
    const { all, solved } = compare([specification('move', { gaveUp: true })], ['move']).shortest!;
    expect(all).toEqual({ unknown: 1, reference: null });
    expect(solved).toEqual({ unknown: 1, reference: null, generated: null, difference: null });
  });

  test('where doing nothing would do, one action is the shortest', () => {
    const idle = specification('turnLeft turnRight');
    expect(idle.shortest).toBe(1);
    expect(compare([idle], ['pickMarker']).shortest!.solved.generated!.asShort.estimate).toBe(1);
  });
});

describe('a corpus without short programs', () => {
  // The first is solved in 1 action, the second in 2, the third in 3: the model writes 2, 3 and 3, as from a corpus of 2 or more.
  const some = ['move turnLeft turnRight', 'move move turnLeft turnRight', 'move move move'].map((t) =>
    specification(t),
  );
  const written = ['pickMarker move', 'pickMarker move move', 'move move move'];

  test('of three solutions the last is as short as can be, and so is the first of those with at least 2 actions', () => {
    expect(some.map(({ shortest }) => shortest)).toEqual([1, 2, 3]);
    const { generated, reference, difference } = compare(some, written, 2).shortest!.solved;
    expect(generated!.asShort.estimate).toBe(1 / 3);
    expect(generated!.asShortInCorpus.estimate).toBe(2 / 3);
    expect(reference!.asShortInCorpus.estimate).toBe(1 / 3);
    expect(difference!.asShortInCorpus.estimate).toBeCloseTo(1 / 3, 12);
  });

  test('with programs of one action in the corpus, and for a solution below the fewest, nothing is added', () => {
    const one = compare(some, written).shortest!.solved.generated!;
    expect(one.asShortInCorpus).toEqual(one.asShort);
    const shorter = compare(some, ['move', 'move move', 'move move move'], 2).shortest!.solved.generated!;
    expect([shorter.asShort.estimate, shorter.asShortInCorpus.estimate]).toEqual([1, 1]);
  });
});

test('traits are counts of one program', () => {
  expect(traitsOf([CORRIDOR], actions('turnLeft move putMarker'))).toEqual({
    programs: 1,
    length: 3,
    actions: 3,
    withControl: 0,
    noOps: 1,
    withNoOp: 1,
    notMinimal: 1,
    move: 1,
    turnLeft: 1,
    turnRight: 0,
    pickMarker: 0,
    putMarker: 1,
  });
});
