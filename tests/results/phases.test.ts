/** @file The rule that splits a run in phases. */
import { describe, expect, test } from 'vitest';
import { changePointsOf, findPhases, PHASE_RULE } from '../../src/results/phases.ts';

/** Checkpoints every 100 steps with these curves. */
function curves(generativeAccuracy: number[], distinctPrograms: number[]) {
  return {
    checkpoints: generativeAccuracy.map((accuracy, index) => ({
      step: 100 * index,
      generativeAccuracy: accuracy,
      distinctPrograms: distinctPrograms[index]!,
    })),
  };
}

const namesOf = (accuracy: number[], distinct: number[]) =>
  findPhases(curves(accuracy, distinct)).map(({ name, from }) => `${name} ${from}`);

describe('phases', () => {
  test('syntax begins where variety jumps, meaning where accuracy does', () => {
    expect(findPhases(curves([0.1, 0.1, 0.1, 0.2, 0.8, 0.9], [1, 1, 40, 50, 60, 60]))).toEqual([
      { name: 'babbling', from: 0, to: 200 },
      { name: 'syntax', from: 200, to: 400 },
      { name: 'meaning', from: 400, to: 500 },
    ]);
  });

  test('both at the same checkpoint, or accuracy first: no syntax', () => {
    expect(namesOf([0.1, 0.1, 0.8, 0.9], [1, 1, 50, 60])).toEqual(['babbling 0', 'meaning 200']);
    expect(namesOf([0.1, 0.8, 0.8, 0.9], [1, 1, 50, 60])).toEqual(['babbling 0', 'meaning 100']);
  });

  test('without a change of variety that counts, babbling lasts until accuracy changes', () => {
    expect(namesOf([0.1, 0.1, 0.8, 0.9], [90, 60, 50, 40])).toEqual(['babbling 0', 'meaning 200']);
    expect(namesOf([0.1, 0.1, 0.8, 0.9], [1, 1, 3, 4])).toEqual(['babbling 0', 'meaning 200']);
  });

  test('a run that ends below half of its specifications has no meaning, however sharp the rise', () => {
    expect(namesOf([0, 0, 0.49, 0.49], [1, 40, 40, 40])).toEqual(['babbling 0', 'syntax 100']);
    expect(namesOf([0, 0, 0.51, 0.51], [1, 40, 40, 40])).toEqual(['babbling 0', 'syntax 100', 'meaning 200']);
  });

  test('a curve that goes up and down has no change point that counts, a straight ramp has one', () => {
    const restless = [0.4, 0.8, 0.4, 0.8, 0.4, 0.8, 0.5, 0.8];
    const ramp = [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9];
    expect(changePointsOf(curves(restless, restless).checkpoints).generativeAccuracy).toBeNull();
    expect(changePointsOf(curves(ramp, ramp).checkpoints).generativeAccuracy!.step).toBe(400);
  });

  test('a spike that does not last begins nothing', () => {
    expect(namesOf([0.1, 0.4, 0.1, 0.1, 0.9, 0.9], [1, 20, 1, 45, 60, 60])).toEqual([
      'babbling 0',
      'syntax 300',
      'meaning 400',
    ]);
  });

  test('a phase that would begin at the last checkpoint is left out, its change point is told', () => {
    const run = curves([0.1, 0.1, 0.1, 0.9], [1, 50, 50, 50]);
    expect(findPhases(run).map(({ name }) => name)).toEqual(['babbling', 'syntax']);
    expect(changePointsOf(run.checkpoints).generativeAccuracy).toEqual({
      step: 300,
      before: expect.closeTo(0.1, 12),
      after: 0.9,
      explained: expect.closeTo(1, 12),
    });
  });

  test('steps are those of the checkpoints, also uneven ones', () => {
    const { checkpoints } = curves([0.1, 0.1, 0.8, 0.9], [1, 50, 50, 60]);
    const uneven = checkpoints.map((checkpoint, index) => ({ ...checkpoint, step: [0, 7, 1000, 1001][index]! }));
    expect(findPhases({ checkpoints: uneven }).map(({ from, to }) => [from, to])).toEqual([
      [0, 7],
      [7, 1000],
      [1000, 1001],
    ]);
  });

  test('two checkpoints have no phases, three flat ones are babbling to the end', () => {
    expect(namesOf([0.1, 0.9], [1, 40])).toEqual([]);
    expect(namesOf([0.9, 0.9, 0.9], [40, 40, 40])).toEqual(['babbling 0']);
  });

  test('of noise of 13 checkpoints fewer than 1 % reach the share of variance that is asked for', () => {
    let state = 1;
    const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647; // Park & Miller 1993
    const noise = () =>
      curves(
        Array.from({ length: 13 }, uniform).map((value) => 0.5 + value / 2),
        Array(13).fill(1),
      );
    const counted = Array.from({ length: 2000 }, () => changePointsOf(noise().checkpoints).generativeAccuracy);
    expect(counted.filter(Boolean).length / 2000).toBeLessThan(0.01);
    expect(PHASE_RULE.explained).toBeLessThan(0.75);
  });
});
