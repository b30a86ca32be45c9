/** @file Shortest programs, against brute force by the interpreter. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  type Action,
  cloneWorld,
  createWorld,
  formatWorld,
  parseWorld,
  programOf,
  randomWorld,
  run,
  runActions,
  type Specification,
  shortestProgram,
  solves,
  specify,
  type World,
  worldEquals,
} from '../../src/karel/index.ts';
import { anyActions, anyWorld, randomActions, seeded } from './generators.ts';

/** All programs of up to `limit` actions, the shorter first. */
function programsUpTo(limit: number): Action[][] {
  const byLength: Action[][][] = [[[]]];
  for (let length = 1; length <= limit; length++) {
    byLength.push(byLength.at(-1)!.flatMap((program) => ACTIONS.map((action) => [...program, action])));
  }
  return byLength.flat();
}
const UP_TO_4 = programsUpTo(4).map(programOf);
const UP_TO_5 = programsUpTo(5).map(programOf);

/** The length of the first of `programs` that the interpreter takes from each input to its drawing, or null. */
function bruteForce({ inputs, outputs }: Specification, programs: readonly ReturnType<typeof programOf>[]) {
  const drawings = outputs.map(formatWorld);
  const first = programs.find((program) =>
    inputs.every((input, index) => formatWorld(run(program, input).final) === drawings[index]),
  );
  return first ? first.body.length : null;
}

/** The length that the search finds, or null if it proves that there is none; what it finds must be right. */
function searched(specification: Specification, limit: number): number | null {
  const result = shortestProgram(specification, { limit });
  if (result.kind === 'unknown') throw new Error(`gave up after ${result.states} states`);
  if (result.kind === 'none') return null;
  expect(solves(specification, result.program)).toBe(true);
  return result.program.length;
}

/** Up to three small worlds, with markers hidden under some robots; shapes differ, walls are many. */
const someWorlds = fc.array(anyWorld, { minLength: 1, maxLength: 3 });
const someActions = fc.array(fc.constantFrom(...ACTIONS), { maxLength: 7 });

describe('the length is that of brute force', () => {
  test('over all 781 programs of up to four actions: 100 specifications that some program of up to seven meets', () => {
    const seen = new Set<number | null>();
    fc.assert(
      fc.property(someWorlds, someActions, (inputs, program) => {
        const specification = specify(inputs, program);
        const length = bruteForce(specification, UP_TO_4);
        seen.add(length);
        expect(searched(specification, 4)).toBe(length);
      }),
      { numRuns: 100, seed: 1 },
    );
    expect(seen).toEqual(new Set([0, 1, 2, 3, 4, null]));
  });

  test('over the same: 100 specifications whose examples come from different programs', () => {
    const seen = new Set<number | null>();
    fc.assert(
      fc.property(anyWorld, anyWorld, fc.shuffledSubarray([...ACTIONS, ...ACTIONS], { maxLength: 4 }), (a, b, some) => {
        const specification = { inputs: [a, b], outputs: [runActions(a, some), runActions(b, [...some].reverse())] };
        const length = bruteForce(specification, UP_TO_4);
        seen.add(length);
        expect(searched(specification, 4)).toBe(length);
      }),
      { numRuns: 100, seed: 2 },
    );
    expect([...seen]).toEqual(expect.arrayContaining([null, 1, 2, 3]));
  });

  test('over all 3,906 programs of up to five actions: 20 specifications made with five or six', () => {
    const random = seeded(3);
    const seen = new Set<number | null>();
    for (let count = 0; count < 20; count++) {
      const inputs = [0, 1].map(() => randomWorld(random, { width: 4, height: 4, wallRatio: 0.05, markerRatio: 0.3 }));
      const specification = specify(inputs, randomActions(random, { minLength: 5, maxLength: 6 }));
      const length = bruteForce(specification, UP_TO_5);
      seen.add(length);
      expect(searched(specification, 5)).toBe(length);
    }
    expect([...seen]).toEqual(expect.arrayContaining([3, 4, 5]));
  });

  test('and the oracle disagrees with a program that turns right three times', () => {
    const specification = specify([createWorld(2, 2)], ['turnRight', 'turnRight', 'turnRight']);
    expect(bruteForce(specification, UP_TO_4)).toBe(1);
    expect(searched(specification, 4)).toBe(1);
  });
});

describe('properties', () => {
  test('what is found is never longer than a program of up to 30 actions that is known', () => {
    fc.assert(
      fc.property(anyWorld, anyActions, (world, program) => {
        const result = shortestProgram(specify([world], program), { limit: program.length, maxStates: 3000 });
        if (result.kind === 'unknown') return result.atLeast <= program.length;
        return result.kind === 'found' && result.program.length <= program.length;
      }),
    );
  });

  test('from the middle of a run, n actions before its end, at most n remain; one action changes that by one at most', () => {
    fc.assert(
      fc.property(someWorlds, someActions, (inputs, program) => {
        const { outputs } = specify(inputs, program);
        let before = 0;
        for (let rest = 0; rest <= program.length; rest++) {
          const done = program.slice(0, program.length - rest);
          const middle = inputs.map((input) => runActions(input, done));
          const remaining = searched({ inputs: middle, outputs }, rest);
          expect(remaining).not.toBeNull();
          expect(remaining).toBeLessThanOrEqual(before + 1);
          before = remaining!;
        }
      }),
    );
  });

  test('limit n finds it if limit n - 1 does not, when n is its length', () => {
    fc.assert(
      fc.property(someWorlds, someActions, (inputs, program) => {
        const specification = specify(inputs, program);
        const length = searched(specification, program.length)!;
        if (length > 0) expect(searched(specification, length - 1)).toBeNull();
        expect(searched(specification, length)).toBe(length);
      }),
    );
  });

  test("30 specifications of the paper's shape, 6x6 and five examples, ten actions: each within 1,000 joint states", () => {
    const random = seeded(4);
    for (let count = 0; count < 30; count++) {
      const inputs = Array.from({ length: 5 }, () => randomWorld(random, { width: 6, height: 6 }));
      const specification = specify(inputs, randomActions(random, { minLength: 10, maxLength: 10 }));
      const result = shortestProgram(specification, { limit: 10, maxStates: 1000 });
      expect(result.kind).toBe('found');
      if (result.kind === 'found') expect(solves(specification, result.program)).toBe(true);
    }
  });

  test('the worlds are left alone', () => {
    fc.assert(
      fc.property(anyWorld, someActions, (world, program) => {
        const specification = specify([world], program);
        const before = [world, specification.outputs[0]!].map(cloneWorld) as [World, World];
        shortestProgram(specification, { limit: 4 });
        return worldEquals(world, before[0]) && worldEquals(specification.outputs[0]!, before[1]);
      }),
    );
  });
});

/** Examples drawn as `input -> output`, one row of cells each. */
function drawn(...examples: string[]): Specification {
  const row = (cells: string) =>
    parseWorld(`${'#'.repeat(cells.length + 2)}\n#${cells}#\n${'#'.repeat(cells.length + 2)}`);
  const pairs = examples.map((example) => example.split(' -> ').map(row) as [World, World]);
  return { inputs: pairs.map(([input]) => input), outputs: pairs.map(([, output]) => output) };
}

describe('by hand', () => {
  test.each<[string, Action[], string[]]>([
    ['nothing to do', [], ['>.1 -> >.1']],
    ['no example, nothing to do', [], []],
    ['a marker ahead vanishes under the robot: no pick is asked for', ['move'], ['>1. -> .>.']],
    ['a marker left behind', ['putMarker', 'move'], ['>. -> 1>']],
    ['a marker taken on the way', ['move', 'pickMarker', 'move'], ['>1. -> ..>']],
    ['one marker put, another taken', ['putMarker', 'move', 'pickMarker', 'move'], ['>1. -> 1.>']],
    ['three turns left are one turn right', ['turnRight'], ['> -> v']],
    [
      'the second example settles what the first leaves open',
      ['move', 'putMarker', 'move'],
      ['>. -> .>', '>.. -> .1>'],
    ],
    ['a wall holds one robot back', ['move', 'move'], ['>.#. -> .>#.', '>... -> ..>.']],
  ])('%s', (_, program, examples) => {
    for (const limit of [program.length, 9]) {
      expect(shortestProgram(drawn(...examples), { limit })).toMatchObject({ kind: 'found', program });
    }
    if (program.length > 0) expect(searched(drawn(...examples), program.length - 1)).toBeNull();
  });

  test('two markers hidden under the robot at the start must be picked before it leaves, or are seen', () => {
    const { inputs, outputs } = drawn('>. -> .>');
    inputs[0]!.markers[0] = 2;
    const result = shortestProgram({ inputs, outputs }, { limit: 3 });
    expect(result).toMatchObject({ kind: 'found', program: ['pickMarker', 'pickMarker', 'move'] });
    expect(shortestProgram({ inputs, outputs }, { limit: 2 }).kind).toBe('none');
    expect(shortestProgram({ inputs, outputs: drawn('>. -> 2>').outputs }, { limit: 3 })).toMatchObject({
      kind: 'found',
      program: ['move'],
    });
  });

  test('markers hidden under the robot at the end count for nothing, nine or none', () => {
    const { inputs, outputs } = drawn('>. -> .>');
    outputs[0]!.markers[1] = 9;
    expect(shortestProgram({ inputs, outputs }, { limit: 1 })).toMatchObject({ kind: 'found', program: ['move'] });
  });

  test('the way around a wall takes eight actions, and seven are not enough', () => {
    const world = parseWorld('#####\n#>#.#\n#...#\n#####');
    const goal = parseWorld('#####\n#.#>#\n#...#\n#####');
    const specification = { inputs: [world], outputs: [goal] };
    expect(shortestProgram(specification, { limit: 7 }).kind).toBe('none');
    expect(searched(specification, 8)).toBe(8);
  });

  test('a state that is first reached by a longer way is taken up again by the shorter: seven actions, not eight', () => {
    const inputs = ['####\n#..#\n##<#\n####', '####\n#..#\n#.<#\n####'].map(parseWorld);
    const outputs = ['####\n#<.#\n##.#\n####', '####\n#..#\n#<.#\n####'].map(parseWorld);
    expect(searched({ inputs, outputs }, 12)).toBe(7);
  });

  test.each([
    ['robots that would have to turn differently', ['> -> v', '> -> ^']],
    ['a wall that vanished', ['>.# -> >..']],
    ['a world that grew', ['>. -> >..']],
    ['a cell that no robot gets to', ['>#. -> >#1']],
  ])('none: %s', (_, examples) => {
    expect(shortestProgram(drawn(...examples), { limit: 12 })).toMatchObject({ kind: 'none', states: 0 });
  });

  test('none: a tenth marker on a cell', () => {
    const specification = drawn('9< -> 9<');
    specification.outputs[0]!.markers[0] = 10;
    expect(shortestProgram(specification, { limit: 9 }).kind).toBe('none');
  });
});

describe('out of budget', () => {
  /** Three robots with three errands. */
  const hard = drawn('>.... -> ....>', '>... -> >...', '....> -> >....');
  const solvable = specify(
    [3, 4, 5].map((width) => createWorld(width, 3, 1, 1)),
    [
      'move',
      'turnRight',
      'move',
      'putMarker',
      'turnRight',
      'move',
      'move',
      'turnLeft',
      'move',
      'putMarker',
      'turnLeft',
      'move',
    ],
  );

  test('it says unknown, not none, and keeps no more states than it may', () => {
    expect(shortestProgram(hard, { limit: 40, maxStates: 20 })).toMatchObject({ kind: 'unknown', states: 20 });
  });

  test('whatever the budget: the right length, or unknown with a lower bound that holds', () => {
    const length = searched(solvable, 12)!;
    const kinds = new Set<string>();
    for (let maxStates = 1; maxStates < 400; maxStates += 3) {
      const result = shortestProgram(solvable, { limit: 12, maxStates });
      kinds.add(result.kind);
      expect(result.states).toBeLessThanOrEqual(maxStates);
      if (result.kind === 'found') expect(result.program.length).toBe(length);
      else expect(result.kind === 'unknown' && result.atLeast <= length).toBe(true);
    }
    expect(kinds).toEqual(new Set(['unknown', 'found']));
  });
});

test.each([
  [{ limit: -1 }, 'limit is -1, expected an integer from 0'],
  [{ limit: 1.5 }, 'limit is 1.5'],
  [{ limit: 2, maxStates: 0 }, 'maxStates is 0, expected an integer from 1'],
])('%j is refused: %s', (options, message) => {
  expect(() => shortestProgram(drawn('> -> >'), options)).toThrow(RangeError);
  expect(() => shortestProgram(drawn('> -> >'), options)).toThrow(message);
});

test('inputs without outputs, and worlds of over 16,384 cells, are refused', () => {
  const world = createWorld(129, 128);
  expect(() => shortestProgram({ inputs: [world], outputs: [] }, { limit: 1 })).toThrow(
    'specification has 1 inputs and 0 outputs',
  );
  expect(() => shortestProgram(specify([world], []), { limit: 1 })).toThrow(
    'world has 16512 cells, expected at most 16384',
  );
});
