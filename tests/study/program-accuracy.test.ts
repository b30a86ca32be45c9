/** @file Accuracy beyond the worlds of a specification and beyond the programs of training, worked out by hand. */
import { describe, expect, test } from 'vitest';
import { parseWorld } from '../../src/karel/index.ts';
import { compare, MARKED, specification } from './corridor.ts';

describe('worlds that the specification does not show', () => {
  // In the corridors the move of the reference is a no-op; in two rows the robot steps up.
  const twoRows = parseWorld('######\n#....#\n#>...#\n######');
  const steps = specification('turnLeft move turnRight', { unseen: [MARKED, twoRows] });

  test('a program that is right only in the corridors solves its specification, and fails on two rows', () => {
    const found = compare([steps], ['turnLeft turnRight']);
    expect([found.generativeAccuracy.estimate, found.unseenAccuracy.estimate]).toEqual([1, 0]);
  });

  test('another program that steps up is right on both', () => {
    const found = compare([steps], ['turnRight turnRight turnRight move turnRight']);
    expect([found.generativeAccuracy.estimate, found.unseenAccuracy.estimate]).toEqual([1, 1]);
  });

  test('what is wrong in the corridors does not count on an unseen world that it fits', () => {
    const blocked = specification('move', { unseen: [parseWorld('######\n#>#..#\n######')] });
    const found = compare([blocked], ['turnLeft turnRight']);
    expect([found.generativeAccuracy.estimate, found.unseenAccuracy.estimate]).toEqual([0, 0]);
  });
});

describe('programs that are new', () => {
  test('accuracy is told apart by whether the reference program is in training', () => {
    const some = [specification('move'), specification('move move', { inTraining: false }), specification('turnLeft')];
    const found = compare(some, ['move', 'move', 'move']);
    expect(found.inTraining).toMatchObject({ estimate: 1 / 2, n: 2 });
    expect(found.notInTraining).toEqual({ estimate: 0, interval: null, n: 1 });
  });

  test('null where there is none, and the rest is then all', () => {
    const found = compare([specification('move'), specification('turnLeft')], ['move', 'move']);
    expect(found.notInTraining).toBeNull();
    expect(found.inTraining).toEqual(found.generativeAccuracy);
  });
});
