/** @file Running programs: actions, conditions, traces, budgets. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Action,
  ADVERSARIAL,
  abstractTrace,
  cloneWorld,
  createWorld,
  DEFAULT_MAX_STEPS,
  encodeWorld,
  formatWorld,
  NO_MARKER_LIMIT,
  ORIGINAL,
  parseProgram,
  parseWorld,
  programOf,
  run,
  runActions,
  SEMANTICS,
  StepBudgetError,
  type World,
  worldEquals,
} from '../../src/karel/index.ts';
import { anyActions, anyProgram, anyWorld } from './generators.ts';

const anySemantics = fc.constantFrom(...Object.values(SEMANTICS));

describe('actions', () => {
  test('agree with a robot that walks over the drawing itself', () => {
    fc.assert(
      fc.property(anyWorld, anyActions, (world, actions) =>
        worldEquals(runActions(world, actions), walk(world, actions)),
      ),
    );
  });

  test('the drawn-robot oracle disagrees with a robot that turns the wrong way', () => {
    const world = createWorld(3, 3, 1, 1);
    expect(worldEquals(runActions(world, ['turnLeft', 'move']), walk(world, ['turnRight', 'move']))).toBe(false);
  });

  test('a move into a wall, picking nothing, and a tenth marker are silent no-ops', () => {
    const world = createWorld(1, 1);
    expect(worldEquals(runActions(world, ['move', 'pickMarker']), world)).toBe(true);
    expect(runActions(world, Array<Action>(10).fill('putMarker')).markers[0]).toBe(9);
  });

  test('a run without a marker limit counts on, and the result is refused by the drawing and by the tokens', () => {
    const program = parseProgram('repeat (12) { putMarker } move');
    const { final } = run(program, parseWorld('####\n#>.#\n####'), { markerLimit: NO_MARKER_LIMIT });
    expect(final.markers[0]).toBe(12);
    expect(() => formatWorld(final)).toThrow('cell 0 has 12 markers, at most 9 can be drawn');
    expect(() => encodeWorld(final)).toThrow('cell 0 has 12 markers, at most 9 have a token');
    expect(() => run(program, final, { markerLimit: 256 })).toThrow('markerLimit is 256, expected 0 to 255');
  });

  test('runActions and run leave their world alone', () => {
    fc.assert(
      fc.property(anyWorld, anyActions, (world, actions) => {
        const before = cloneWorld(world);
        runActions(world, actions);
        run(programOf(actions), world);
        return worldEquals(world, before);
      }),
    );
  });
});

describe('trace', () => {
  test('of a straight-line program it is one entry an action, under any semantics', () => {
    fc.assert(
      fc.property(anyWorld, anyActions, anySemantics, (world, actions, semantics) => {
        const { final, trace } = run(programOf(actions), world, { semantics });
        expect(trace.map(({ action }) => action)).toEqual(actions.map((action) => semantics.map[action]));
        expect(trace.map(({ statement }) => statement.action)).toEqual(actions);
        trace.forEach(({ state }, index) => {
          expect(worldEquals(state, runActions(world, actions.slice(0, index + 1), semantics))).toBe(true);
        });
        expect(worldEquals(final, runActions(world, actions, semantics))).toBe(true);
      }),
    );
  });

  test('says which statement caused each action', () => {
    const program = parseProgram('repeat (2) {\n  putMarker;\n  move\n}\nwhile (frontIsClear) { move }');
    const { final, trace } = run(program, parseWorld('######\n#>...#\n######'));
    expect(trace.map(({ statement }) => `${statement.position.line}:${statement.position.column}`)).toEqual([
      '2:3',
      '3:3',
      '2:3',
      '3:3',
      '5:24',
    ]);
    expect(formatWorld(final)).toBe('######\n#11.>#\n######');
  });

  test('the abstract trace of a straight line is the abstraction of the trace', () => {
    const world = parseWorld('#####\n#>.##\n#...#\n#####');
    expect(abstractTrace(world, ['move', 'turnRight', 'move'])).toEqual([
      { x: 0, y: 0, facing: 1, frontIsWall: false },
      { x: 1, y: 0, facing: 1, frontIsWall: true },
      { x: 1, y: 0, facing: 2, frontIsWall: false },
      { x: 1, y: 1, facing: 2, frontIsWall: true },
    ]);
  });
});

describe('control flow', () => {
  const world = parseWorld('#####\n#.#.#\n#.^.#\n#####');
  test.each([
    ['frontIsClear', 0],
    ['leftIsClear', 1],
    ['rightIsClear', 1],
    ['markersPresent', 0],
    ['noMarkersPresent', 1],
    ['not frontIsClear', 1],
    ['not leftIsClear', 0],
    ['not markersPresent', 1],
  ])('%s is %i with a wall ahead, none beside, no markers here', (condition, expected) => {
    const count = (text: string) => run(parseProgram(text), world).trace.length;
    expect(count(`if (${condition}) { turnLeft }`)).toBe(expected);
    expect(count(`ifelse (${condition}) { turnLeft } else { turnLeft turnLeft }`)).toBe(2 - expected);
  });

  test('repeat 0 does nothing, and loops nest', () => {
    const times = (text: string) => run(parseProgram(text), world).trace.length;
    expect(times('repeat (0) { turnLeft }')).toBe(0);
    expect(times('repeat (3) { repeat (4) { turnLeft } move }')).toBe(15);
  });

  test('conditions ask about the world that the semantics made', () => {
    const { final } = run(parseProgram('while (noMarkersPresent) { pickMarker }'), world, {
      semantics: SEMANTICS.flip,
    });
    expect(final.markers[final.y * final.width + final.x]).toBe(1);
  });
});

describe('step budget', () => {
  test('any program ends: it is done, or StepBudgetError, under any semantics', () => {
    let overran = 0;
    fc.assert(
      fc.property(anyProgram, anyWorld, anySemantics, (program, world, semantics) => {
        try {
          expect(run(program, world, { semantics, maxSteps: 500 }).trace.length).toBeLessThanOrEqual(500);
        } catch (error) {
          expect(error).toBeInstanceOf(StepBudgetError);
          overran++;
        }
      }),
      { numRuns: 500 },
    );
    expect(overran).toBeGreaterThan(0);
  });

  test.each([
    ['an empty endless loop', 'move;\nwhile (noMarkersPresent) { }', 2],
    ['an endless inner loop', 'repeat (3) {\n  while (noMarkersPresent) {\n    turnLeft } }', 2],
    ['an endless outer loop', 'while (noMarkersPresent) {\n  repeat (3) {\n    turnLeft } }', 1],
    ['a count beyond all patience', '\n\nrepeat (9007199254740991) { }', 3],
  ])('%s is named by its line', (_, text, line) => {
    const error = budgetErrorOf(text, DEFAULT_MAX_STEPS);
    expect(error).toMatchObject({ line, maxSteps: DEFAULT_MAX_STEPS });
    expect(error?.message).toMatch(
      new RegExp(`^the (while|repeat) loop on line ${line} did not end within 10000 steps$`),
    );
  });

  test('a straight line of n actions takes n steps: n suffice, n - 1 do not', () => {
    expect(budgetErrorOf('move\nmove\nmove', 3)).toBeNull();
    const error = budgetErrorOf('move\nmove\nmove', 2);
    expect(error).toMatchObject({ line: 3, loop: null });
    expect(error?.message).toBe('the program, at line 3, did not end within 2 steps');
  });

  function budgetErrorOf(text: string, maxSteps: number): StepBudgetError | null {
    try {
      run(parseProgram(text), createWorld(2, 2), { maxSteps });
      return null;
    } catch (error) {
      if (error instanceof StepBudgetError) return error;
      throw error;
    }
  }
});

test('adversarial semantics never changes a marker, original can', () => {
  fc.assert(
    fc.property(anyWorld, anyActions, (world, actions) => {
      expect(runActions(world, actions, ADVERSARIAL).markers).toEqual(world.markers);
    }),
  );
  expect(runActions(createWorld(1, 1), ['putMarker'], ORIGINAL).markers[0]).toBe(1);
});

/** Another Karel: the robot walks over the bordered drawing, and turns by the order of the glyphs. */
function walk(world: World, actions: readonly Action[]): World {
  const lines = formatWorld(world).split('\n');
  const counts = new Map<string, number>();
  world.markers.forEach((count, cell) => {
    counts.set(`${(cell % world.width) + 1},${Math.floor(cell / world.width) + 1}`, count);
  });
  let [column, line] = [world.x + 1, world.y + 1];
  let glyph = lines[line]![column]!;
  const ahead = { '^': [0, -1], '>': [1, 0], v: [0, 1], '<': [-1, 0] } as Record<string, [number, number]>;
  for (const action of actions) {
    const here = `${column},${line}`;
    const [right, down] = ahead[glyph]!;
    if (action === 'move' && lines[line + down]![column + right] !== '#') {
      column += right;
      line += down;
    }
    if (action === 'turnLeft') glyph = '^<v>^'['^<v>'.indexOf(glyph) + 1]!;
    if (action === 'turnRight') glyph = '^>v<^'['^>v<'.indexOf(glyph) + 1]!;
    if (action === 'pickMarker') counts.set(here, Math.max(0, counts.get(here)! - 1));
    if (action === 'putMarker') counts.set(here, Math.min(9, counts.get(here)! + 1));
  }
  const final = cloneWorld(world);
  final.x = column - 1;
  final.y = line - 1;
  final.facing = '^>v<'.indexOf(glyph) as World['facing'];
  counts.forEach((count, key) => {
    const [x, y] = key.split(',').map(Number) as [number, number];
    final.markers[(y - 1) * world.width + x - 1] = count;
  });
  return final;
}
