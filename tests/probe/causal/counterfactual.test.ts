import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  type Action,
  abstractTrace,
  FLIP,
  ORIGINAL,
  runActions,
  tokenOfAction,
  type World,
  worldEqualsAsDrawn,
} from '../../../src/karel/index.ts';
import {
  AT_START,
  drawCounterfactuals,
  facingsNow,
  type LayerGeometry,
  probeDirections,
  randomDirections,
  WITHIN,
} from '../../../src/probe/index.ts';
import { uniform } from '../../helpers/numbers.ts';
import { randomPrograms } from '../toys.ts';

const programs = randomPrograms(uniform(3), 150, { width: 3, height: 2, inputs: 2, longest: 4 });
const wrong = programs.map((program) => ({ ...program, actions: [...program.actions, 'turnLeft'] as Action[] }));

/** Whether any program of at most `limit` actions leads from these worlds to those: all of them are tried. */
function reachable(from: readonly World[], to: readonly World[], limit: number): boolean {
  if (from.every((world, example) => worldEqualsAsDrawn(world, to[example]!))) return true;
  return (
    limit > 0 &&
    ACTIONS.some((action) =>
      reachable(
        from.map((world) => runActions(world, [action])),
        to,
        limit - 1,
      ),
    )
  );
}

describe('drawCounterfactuals', () => {
  const drawn = drawCounterfactuals([...programs, ...wrong], WITHIN, { maxLength: 4 }, uniform(4));

  test('turns the robots as they stand at a point between the actions, and nothing else', () => {
    for (const { inputs, actions, point, turn, turned } of drawn.cases) {
      expect(point >= 1 && point <= actions.length - 1).toBe(true);
      inputs.forEach((input, example) => {
        const world = runActions(input, actions.slice(0, point));
        expect({ ...turned[example]!, facing: (turned[example]!.facing + 4 - turn) % 4 }).toEqual(world);
      });
    }
    expect(new Set(drawn.cases.map(({ turn }) => turn))).toEqual(new Set([1, 2, 3]));
    expect(new Set(drawn.cases.map(({ point }) => point))).toEqual(new Set([1, 2, 3]));
  });

  test('counts those from which some program of the allowed length leads to the outputs, as brute force finds', () => {
    const all = drawCounterfactuals(programs, WITHIN, { maxLength: 50 }, uniform(4)).cases; // enough to turn back
    const expected = all.filter(({ turned, outputs, point }) => reachable(turned, outputs, 4 - point));
    expect(drawn.cases).toEqual(expected);
    expect(all.length).toBeGreaterThan(expected.length);
    expect(drawn.counts).toEqual({
      specifications: 300,
      solved: 150,
      considered: programs.filter(({ actions }) => actions.length >= 2).length,
      withoutRemainder: all.length - expected.length,
      unknown: 0,
      counted: expected.length,
    });
  });

  test('those whose search gives up are counted apart; at the start, every program has a point', () => {
    const { cases, counts } = drawCounterfactuals(programs, AT_START, { maxLength: 4, maxStates: 1 }, uniform(4));
    expect(counts.unknown).toBeGreaterThan(0);
    expect(counts).toMatchObject({ considered: 150, counted: cases.length });
    expect(counts.withoutRemainder + counts.unknown + counts.counted).toBe(150);
  });
});

describe('directions', () => {
  const { cases } = drawCounterfactuals(programs, WITHIN, { maxLength: 50 }, uniform(4));
  const deviation = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const geometry: LayerGeometry[] = [{ standardization: { mean: new Float64Array(8), deviation }, distance: 1 }];

  test.each([ORIGINAL, FLIP])(
    'facings are those of the robots that were not turned, under $name semantics',
    (semantics) => {
      for (const item of cases) {
        const since: Action[] = ['turnLeft', 'move', 'turnLeft', 'turnRight', 'turnLeft'];
        const actions = [...item.actions.slice(0, item.point), ...since];
        const expected = item.inputs.map((input) => abstractTrace(input, actions, semantics).at(-1)!.facing);
        expect(facingsNow(item, [...since.map(tokenOfAction), 5], semantics)).toEqual(expected);
      }
    },
  );

  test('a probe direction leads from the facings that are to those that are wanted, and has length 1', () => {
    // Probe e of example e has coordinate 4 e + f alone for facing f.
    const weights = [0, 1].map((example) =>
      Float64Array.from({ length: 4 * 8 }, (_, at) => (at % 8 === 4 * example + Math.floor(at / 8) ? 1 : 0)),
    );
    const direction = probeDirections(cases, [weights], geometry, ORIGINAL);
    cases.forEach((item, index) => {
      const expected = new Float64Array(8);
      facingsNow(item, [], ORIGINAL).forEach((facing, example) => {
        expected[4 * example + facing]! -= deviation[4 * example + facing]!;
        const wanted = 4 * example + ((facing + item.turn) % 4);
        expected[wanted]! += deviation[wanted]!;
      });
      const length = Math.hypot(...expected);
      const found = direction(index, 0, []);
      expect(Math.hypot(...found)).toBeCloseTo(1, 12);
      found.forEach((x, j) => {
        expect(x).toBeCloseTo(expected[j]! / length, 12);
      });
    });
  });

  test('a random direction has length 1, follows the deviations and stays the same while tokens are written', () => {
    const direction = randomDirections(cases, geometry, uniform(9));
    const squares = new Float64Array(8);
    for (const index of cases.keys()) {
      const found = direction(index, 0, []);
      expect(Math.hypot(...found)).toBeCloseTo(1, 12);
      expect(direction(index, 0, [21])).toEqual(found);
      found.forEach((x, j) => {
        squares[j]! += x * x;
      });
    }
    expect([...squares].indexOf(Math.max(...squares))).toBeGreaterThan(4);
    expect(squares[7]! / squares[0]!).toBeGreaterThan(10);
    expect(direction(0, 0, [])).not.toEqual(direction(1, 0, []));
  });
});
