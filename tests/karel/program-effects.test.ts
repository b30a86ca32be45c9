/** @file No-ops, needless actions, and classes of programs with one effect. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  type Action,
  BATTERY_SIZE,
  createWorld,
  effectBattery,
  effectClass,
  formatWorld,
  isRemovalMinimal,
  needlessActionsOf,
  noOpsOf,
  parseWorld,
  programOf,
  randomWorld,
  run,
  runActions,
  shortestProgram,
  specify,
  type World,
  worldEquals,
} from '../../src/karel/index.ts';
import { anyActions, anyWorld, seeded } from './generators.ts';

const someWorlds = fc.array(anyWorld, { minLength: 1, maxLength: 3 });
const row = (cells: string) =>
  parseWorld(`${'#'.repeat(cells.length + 2)}\n#${cells}#\n${'#'.repeat(cells.length + 2)}`);

describe('no-ops', () => {
  test('are the actions that leave every state of the interpreter as it was', () => {
    let noOps = 0;
    fc.assert(
      fc.property(someWorlds, anyActions, (inputs, program) => {
        const runs = inputs.map((input) => [input, ...run(programOf(program), input).trace.map(({ state }) => state)]);
        const expected = program.flatMap((_, at) =>
          runs.every((states) => worldEquals(states[at]!, states[at + 1]!)) ? [at] : [],
        );
        noOps += expected.length;
        expect(noOpsOf(inputs, program)).toEqual(expected);
      }),
      { seed: 1 },
    );
    expect(noOps).toBeGreaterThan(50);
  });

  test('can all be left out at once, and markers under the robot do not notice', () => {
    fc.assert(
      fc.property(someWorlds, anyActions, (inputs, program) => {
        const idle = new Set(noOpsOf(inputs, program));
        const rest = program.filter((_, place) => !idle.has(place));
        return inputs.every((input) => worldEquals(runActions(input, program), runActions(input, rest)));
      }),
    );
  });

  test.each<[string, World[], Action[], number[]]>([
    ['a move into a wall', [row('.>')], ['move', 'turnLeft'], [0]],
    ['not a move that one of two robots can make', [row('.>'), row('>.')], ['move', 'move'], [1]],
    ['a pick where nothing is', [row('>1')], ['pickMarker', 'move', 'pickMarker', 'pickMarker'], [0, 3]],
    ['a tenth marker', [row('>')], Array<Action>(11).fill('putMarker'), [9, 10]],
    ['every action if nobody runs', [], ['move', 'turnLeft'], [0, 1]],
  ])('%s', (_, inputs, program, places) => {
    const before = inputs.map(formatWorld);
    expect(noOpsOf(inputs, program)).toEqual(places);
    expect(inputs.map(formatWorld)).toEqual(before);
  });
});

describe('needless actions', () => {
  test('are those without which the interpreter ends in the same drawings', () => {
    let needless = 0;
    let needed = 0;
    fc.assert(
      fc.property(someWorlds, anyActions, (inputs, program) => {
        const drawings = (actions: Action[]) =>
          inputs.map((input) => formatWorld(run(programOf(actions), input).final)).join();
        const expected = program.flatMap((_, at) =>
          drawings(program.filter((_, place) => place !== at)) === drawings(program) ? [at] : [],
        );
        needless += expected.length;
        needed += program.length - expected.length;
        expect(needlessActionsOf(inputs, program)).toEqual(expected);
        expect(isRemovalMinimal(inputs, program)).toBe(expected.length === 0);
      }),
      { seed: 2 },
    );
    expect(Math.min(needless, needed)).toBeGreaterThan(100);
  });

  test('no shortest program has any, and every no-op is one', () => {
    fc.assert(
      fc.property(someWorlds, fc.array(fc.constantFrom(...ACTIONS), { maxLength: 6 }), (inputs, program) => {
        const found = shortestProgram(specify(inputs, program), { limit: program.length });
        expect(found.kind === 'found' && isRemovalMinimal(inputs, found.program)).toBe(true);
        expect(needlessActionsOf(inputs, program)).toEqual(expect.arrayContaining(noOpsOf(inputs, program)));
      }),
    );
  });

  test.each<[string, World, Action[], number[]]>([
    ['none, though the program does nothing: it takes two to be left out', row('>.'), ['turnLeft', 'turnRight'], []],
    ['a marker put under the robot and hidden there', row('>.'), ['move', 'putMarker'], [1]],
    ['each of two picks of one marker', row('>1.'), ['move', 'pickMarker', 'pickMarker', 'move', 'turnLeft'], [1, 2]],
    ['each of four moves where three end at the wall', row('>...'), Array<Action>(4).fill('move'), [0, 1, 2, 3]],
    ['none in no actions', row('>'), [], []],
  ])('%s', (_, input, program, places) => {
    expect(needlessActionsOf([input], program)).toEqual(places);
  });
});

describe('classes', () => {
  const battery = effectBattery(seeded(1), { width: 4, height: 4 });
  const upTo3 = programsUpTo(3);

  test('the same stream gives the same battery; every world is one that a drawing shows', () => {
    const again = effectBattery(seeded(1), { width: 4, height: 4 });
    expect(battery).toHaveLength(BATTERY_SIZE);
    expect(again.map(formatWorld)).toEqual(battery.map(formatWorld));
    expect(battery.every((world) => worldEquals(parseWorld(formatWorld(world)), world))).toBe(true);
    expect(new Set(battery.map(formatWorld)).size).toBe(BATTERY_SIZE);
  });

  test.each<[Action[], Action[]]>([
    [
      ['turnLeft', 'turnLeft'],
      ['turnRight', 'turnRight'],
    ],
    [
      ['putMarker', 'turnLeft', 'move'],
      ['turnLeft', 'putMarker', 'move'],
    ],
    [['putMarker', 'pickMarker'], []],
    [['pickMarker', 'move'], ['move']], // no drawing shows markers under the robot, so there are none to pick
    [['move', 'putMarker'], ['move']], // nor does it show this one
    [Array<Action>(3).fill('move'), Array<Action>(7).fill('move')], // all are at the wall of a 4x4 world
  ])('%j and %j are of one', (a, b) => {
    expect(effectClass(battery, a)).toBe(effectClass(battery, b));
  });

  test.each<[Action[], Action[]]>([
    [['turnLeft'], ['turnRight']],
    [['move', 'move'], Array<Action>(3).fill('move')],
    [['putMarker', 'move'], ['move']],
    [
      ['move', 'pickMarker', 'move'],
      ['move', 'move'],
    ],
    [
      ['move', 'turnLeft', 'turnLeft', 'move'],
      ['turnLeft', 'turnLeft'],
    ],
  ])('%j and %j are not', (a, b) => {
    expect(effectClass(battery, a)).toMatch(/^[0-9a-f]{16}$/);
    expect(effectClass(battery, a)).not.toBe(effectClass(battery, b));
  });

  test('2x2: 256 random worlds part the 156 programs of up to three actions just as all 432 possible worlds do', () => {
    const all = everyWorld2x2();
    expect(all).toHaveLength(432);
    const byDrawing = upTo3.map((program) => all.map((world) => formatWorld(runActions(world, program))).join());
    const small = effectBattery(seeded(2), { width: 2, height: 2 });
    expect(partition(upTo3.map((program) => effectClass(small, program)))).toEqual(partition(byDrawing));
  });

  test('4x4: the 781 programs of up to four actions are of 98 classes, and 1,000 worlds of the study part no more', () => {
    const programs = programsUpTo(4);
    const classes = programs.map((program) => effectClass(battery, program));
    expect(new Set(classes).size).toBe(98);
    const random = seeded(3);
    const more = Array.from({ length: 1000 }, () => randomWorld(random, { width: 4, height: 4 }));
    expect(partition(programs.map((program) => effectClass(more, program)))).toEqual(partition(classes));
  });

  test('... but two worlds alone find fewer: the size of the battery matters', () => {
    const classes = new Set(upTo3.map((program) => effectClass(battery, program))).size;
    expect(new Set(upTo3.map((program) => effectClass(battery.slice(0, 2), program))).size).toBeLessThan(classes);
  });

  test('worlds of different sizes may be in one battery, and are left alone', () => {
    const row3 = createWorld(3, 1, 0, 0, 1);
    const mixed = [row3, createWorld(4, 1, 2, 0, 3), createWorld(2, 1), createWorld(2, 2), row3];
    const before = mixed.map(formatWorld);
    expect(effectClass(mixed, ['move', 'move'])).not.toBe(effectClass(mixed, ['move']));
    expect(effectClass(mixed, ['move', 'move'])).toBe(effectClass(mixed, ['move', 'move', 'move']));
    expect(mixed.map(formatWorld)).toEqual(before);
  });
});

function programsUpTo(limit: number): Action[][] {
  const byLength: Action[][][] = [[[]]];
  for (let length = 1; length <= limit; length++) {
    byLength.push(byLength.at(-1)!.flatMap((program) => ACTIONS.map((action) => [...program, action])));
  }
  return byLength.flat();
}

/** For each key the place of the first that equals it. */
function partition(keys: readonly string[]): number[] {
  const first = new Map<string, number>();
  return keys.map((key, place) => {
    if (!first.has(key)) first.set(key, place);
    return first.get(key)!;
  });
}

/** Every 2x2 world that `randomWorld` can draw: four cells for the robot, four facings, three kinds of other cells. */
function everyWorld2x2(): World[] {
  const worlds: World[] = [];
  for (let code = 0; code < 81; code++) {
    const glyphs = [1, 3, 9, 27].map((power) => '.#1'[Math.floor(code / power) % 3]!);
    for (let robot = 0; robot < 4; robot++) {
      if (glyphs[robot] !== '.') continue;
      for (const facing of '^>v<') {
        const [a, b, c, d] = glyphs.with(robot, facing);
        worlds.push(parseWorld(`####\n#${a}${b}#\n#${c}${d}#\n####`));
      }
    }
  }
  return worlds;
}
