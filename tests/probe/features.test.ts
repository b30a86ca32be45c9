import { expect, test } from 'vitest';
import { ADVERSARIAL, createWorld, FLIP, ORIGINAL } from '../../src/karel/index.ts';
import {
  executeUnder,
  type FeatureName,
  featureLabels,
  featureShape,
  type GeneratedProgram,
  jointClasses,
  labelCounts,
  ProbeError,
} from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { randomPrograms } from './toys.ts';

const world = { width: 4, height: 3 };

/** What each word does under each semantics: quarter turns clockwise, or a step; written out from study.md's table. */
const MEANING: Record<string, Record<string, 'step' | number>> = {
  original: { move: 'step', turnLeft: -1, turnRight: 1, pickMarker: 0, putMarker: 0 },
  flip: { move: 'step', turnLeft: 1, turnRight: -1, pickMarker: 0, putMarker: 0 },
  adversarial: { move: -1, turnLeft: 1, turnRight: 'step', pickMarker: 1, putMarker: -1 },
};

/** An independent robot, with angles for directions. Labels of each state: [direction, dx + 3, dy + 3, obstacle]. */
function simulate(program: GeneratedProgram, example: number, meaning: Record<string, 'step' | number>): number[][] {
  const { walls, x, y, facing } = program.inputs[example]!;
  let [dx, dy, turns] = [0, 0, facing as number];
  const ahead = (): [number, number] => {
    const angle = (turns * Math.PI) / 2;
    return [Math.round(Math.sin(angle)), -Math.round(Math.cos(angle))];
  };
  const blocked = (): boolean => {
    const [column, row] = [x + dx + ahead()[0], y + dy + ahead()[1]];
    if (column < 0 || column > world.width - 1 || row < 0 || row > world.height - 1) return true;
    return walls[row * world.width + column] !== 0;
  };
  const look = (): number[] => [((turns % 4) + 4) % 4, dx + 3, dy + 3, blocked() ? 1 : 0];
  const states = [look()];
  for (const action of program.actions) {
    const effect = meaning[action]!;
    if (effect !== 'step') turns += effect;
    else if (!blocked()) [dx, dy] = [dx + ahead()[0], dy + ahead()[1]];
    states.push(look());
  }
  return states;
}

for (const semantics of [ORIGINAL, FLIP, ADVERSARIAL]) {
  test(`labels under ${semantics.name} semantics equal an independent simulator's on 100 programs, all examples`, () => {
    const programs = randomPrograms(uniform(2), 100);
    for (const examples of [0, 1, 'all'] as const) {
      const table = executeUnder(semantics, programs, examples);
      const chosen = examples === 'all' ? [0, 1] : [examples];
      const expected = programs.flatMap((program) =>
        chosen.flatMap((example) => simulate(program, example, MEANING[semantics.name]!)),
      );
      const all = Int32Array.from(expected, (_, state) => state);
      const labels = (feature: FeatureName): number[] => [...featureLabels(feature, table, all, world)];
      expect(labels('direction')).toEqual(expected.map(([direction]) => direction));
      expect(labels('position')).toEqual(expected.flatMap(([, dx, dy]) => [dx, dy]));
      expect(labels('obstacle')).toEqual(expected.map(([, , , obstacle]) => obstacle));
    }
  });
}

test('the simulator tells the semantics apart: flip labels differ from the original ones', () => {
  const programs = randomPrograms(uniform(2), 100);
  expect(executeUnder(FLIP, programs).facing).not.toEqual(executeUnder(ORIGINAL, programs).facing);
});

test('a 6x6 interior has 4 directions, two heads of 11 offsets, 2 obstacle classes', () => {
  const size = { width: 6, height: 6 };
  expect(featureShape('direction', size)).toEqual({ heads: 1, classes: 4 });
  expect(featureShape('position', size)).toEqual({ heads: 2, classes: 11 });
  expect(featureShape('obstacle', size)).toEqual({ heads: 1, classes: 2 });
  expect(featureShape('position', { width: 2, height: 5 })).toEqual({ heads: 2, classes: 9 });
});

test('every position of a walk from corner to corner has a class, the outermost ones first and last', () => {
  const actions = ['turnRight', 'move', 'move', 'move', 'turnRight', 'move', 'move'] as const;
  const table = executeUnder(ORIGINAL, [{ inputs: [createWorld(4, 3)], actions }]);
  const last = Int32Array.of(actions.length);
  expect([...featureLabels('position', table, last, world)]).toEqual([6, 5]); // 3 right, 2 down, the middle is class 3
});

test('joint classes and their counts, by hand: dx + 3 dy of two heads of three classes', () => {
  const shape = { heads: 2, classes: 3 };
  expect([...jointClasses(Int32Array.of(0, 0, 2, 1, 2, 2), shape)]).toEqual([0, 5, 8]);
  expect(labelCounts(Int32Array.of(0, 0, 2, 1, 2, 1), shape)).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0]);
});

test('an example that a specification does not have is refused by program and number', () => {
  const [program] = randomPrograms(uniform(3), 1);
  expect(() => executeUnder(ORIGINAL, [program!], 2)).toThrow(
    new ProbeError('traces: program 0 has 2 inputs, none at 2'),
  );
  const other = { ...program!, inputs: program!.inputs.slice(1) };
  expect(() => executeUnder(ORIGINAL, [program!, other], 'all')).toThrow('program 1 has 1 inputs, the first has 2');
});
