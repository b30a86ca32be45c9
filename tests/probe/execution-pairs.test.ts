/** @file Hidden states of actions in branches and loops: which states they are asked about. */
import { describe, expect, test } from 'vitest';
import {
  ADVERSARIAL,
  actionsOf,
  FLIP,
  ORIGINAL,
  type ProgramWord,
  parseWorld,
  programOfWords,
  randomControlProgram,
  randomWorld,
  run,
  type Semantics,
  STEP_BUDGET,
  type Statement,
  StepBudgetError,
  specify,
  type World,
  weightedActions,
} from '../../src/karel/index.ts';
import {
  alignExecutions,
  alignPairs,
  type CheckpointTraces,
  executeUnder,
  labelDistribution,
  splitPairs,
} from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { randomActions } from '../karel/generators.ts';
import { integer } from './toys.ts';

const words = (text: string): ProgramWord[] => text.split(' ') as ProgramWord[];
const program = (text: string, ...inputs: World[]) => ({ inputs, actions: actionsOf(words(text)), words: words(text) });

/** The action statements of a program in the order of its text. */
function actionStatements(body: readonly Statement[]): Statement[] {
  return body.flatMap((statement) => {
    if (statement.kind === 'action') return [statement];
    const rest = statement.kind === 'ifelse' ? statement.otherwise : [];
    return [...actionStatements(statement.body), ...actionStatements(rest)];
  });
}

/** For each action of the text the world at this offset from its first execution, or undefined, from whole traces. */
function statesByTrace(
  text: readonly ProgramWord[],
  input: World,
  semantics: Semantics,
  { offset, lastState }: { offset: number; lastState: 'dropped' | 'kept' },
): (World | undefined)[] {
  const tree = programOfWords(text);
  const statements = actionStatements(tree.body);
  try {
    const { trace } = run(tree, input, { semantics, maxSteps: STEP_BUDGET });
    return statements.map((statement) => {
      const first = trace.findIndex((entry) => entry.statement === statement);
      const at = first + offset;
      const isLast = at === trace.length - 1;
      return first < 0 || at < 0 || (isLast && lastState === 'dropped') ? undefined : trace[at]?.state;
    });
  } catch (error) {
    if (!(error instanceof StepBudgetError)) throw error;
    return statements.map(() => undefined);
  }
}

describe('by hand, in a corridor of four cells', () => {
  const corridor = parseWorld('######\n#>...#\n######');
  const pairsOf = (text: string, offset: number, semantics: readonly Semantics[] = [ORIGINAL]) => {
    const one = program(text, corridor);
    const tables = semantics.map((meaning) => executeUnder(meaning, [one]));
    const { hidden, states, left, lost } = alignExecutions([one.actions.length], tables, {
      offset,
      lastState: 'kept',
      runs: 1,
    });
    const pairs = Array.from(hidden, (row, at) => `${row + 1}:${states[0]![at]}`).join(' ');
    return { pairs, left: left.join(' '), lost };
  };

  test('a loop: its actions are asked about the first round, whatever comes later about the end', () => {
    // Executed: move, move, move, turnLeft; the states are 0 to 4.
    expect(pairsOf('while frontIsClear { move } turnLeft', 0).pairs).toBe('1:1 2:4');
    expect(pairsOf('while frontIsClear { move } turnLeft', 1).pairs).toBe('1:2');
    expect(pairsOf('while frontIsClear { move } turnLeft', -1).pairs).toBe('2:3');
  });

  test('actions left are those still executed: of a loop every round, of a branch that is not taken none', () => {
    expect(pairsOf('while frontIsClear { move } turnLeft', 0).left).toBe('3 0');
    expect(pairsOf('while frontIsClear { move } turnLeft', 1).left).toBe('2');
    expect(pairsOf('turnLeft if frontIsClear { move move } putMarker', 0).left).toBe('1 0');
    // Under adversarial semantics the loop turns left once; the order of semantics says whose actions count.
    const loop = 'move while frontIsClear { move }';
    expect(pairsOf(loop, 0, [ORIGINAL, ADVERSARIAL]).left).toBe('2');
    expect(pairsOf(loop, 0, [ADVERSARIAL, ORIGINAL]).left).toBe('0');
  });

  test('a branch that is not taken has no pair', () => {
    expect(pairsOf('ifelse frontIsClear { move } else { turnLeft } putMarker', 0).pairs).toBe('1:1 3:2');
  });

  test('an action that other semantics do not reach has no pair under any, and is counted as lost', () => {
    // Flipped, putMarker picks: there is no marker, and the loop is not entered.
    const reached = 'putMarker while markersPresent { pickMarker } move';
    expect(pairsOf(reached, 0)).toMatchObject({ pairs: '1:1 2:2 3:3', lost: 0 });
    expect(pairsOf(reached, 0, [ORIGINAL, FLIP])).toMatchObject({ pairs: '1:1 3:3', lost: 1 });
    // Adversarial, move turns left: the robot faces a wall at once.
    const moving = 'move while frontIsClear { move }';
    expect(pairsOf(moving, 0, [ORIGINAL, ADVERSARIAL])).toMatchObject({ pairs: '1:1', lost: 1 });
  });

  test('a loop that never ends under other semantics loses all pairs of its program', () => {
    const loop = 'turnLeft while noMarkersPresent { putMarker }';
    expect(pairsOf(loop, 0)).toMatchObject({ pairs: '1:1 2:2', lost: 0 });
    expect(pairsOf(loop, 0, [ORIGINAL, FLIP])).toMatchObject({ pairs: '', lost: 2 });
  });
});

test('alignExecutions equals whole traces of the interpreter, for 300 random sets of programs, offsets and examples under three semantics', () => {
  const random = uniform(5);
  const semantics = [ORIGINAL, FLIP, ADVERSARIAL];
  let [kept, lostInAll] = [0, 0];
  for (let round = 0; round < 300; round++) {
    const programs = Array.from({ length: integer(random, 5) }, () => {
      const text = randomControlProgram(random, 1 + integer(random, 14), weightedActions('released'));
      const inputs = [0, 1].map(() => randomWorld(random, { width: 3, height: 3, markerRatio: 0.4 }));
      return { inputs, actions: actionsOf(text), words: text };
    });
    const alignment = {
      offset: integer(random, 5) - 2,
      lastState: random() < 0.5 ? ('dropped' as const) : ('kept' as const),
      runs: 1 + integer(random, 2),
    };
    const tables = semantics.map((meaning) =>
      executeUnder(meaning, programs, alignment.runs === 2 && programs.length > 0 ? 'all' : 0),
    );
    const lengths = programs.map(({ actions }) => actions.length);
    const actual = alignExecutions(lengths, tables, alignment);
    const expected: { hidden: number; states: { dx: number; dy: number; facing: number }[] }[] = [];
    let [hiddenStart, lost, counted] = [0, 0, 0];
    for (const { words: text, inputs, actions } of programs) {
      const before = expected.length;
      for (const input of inputs.slice(0, alignment.runs)) {
        const traces = semantics.map((meaning) => statesByTrace(text, input, meaning, alignment));
        actions.forEach((_, action) => {
          const states = traces.map((trace) => trace[action]);
          if (states.every((state) => state !== undefined)) {
            expected.push({
              hidden: hiddenStart + action,
              states: states.map((state) => ({ dx: state.x - input.x, dy: state.y - input.y, facing: state.facing })),
            });
          } else if (states[0]) lost++;
        });
      }
      hiddenStart += actions.length;
      if (expected.length > before) counted++;
    }
    const found = Array.from(actual.hidden, (hidden, pair) => ({
      hidden,
      states: tables.map(({ dx, dy, facing }, at) => {
        const row = actual.states[at]![pair]!;
        return { dx: dx[row], dy: dy[row], facing: facing[row] };
      }),
    }));
    expect(found).toEqual(expected);
    expect([actual.lost, actual.programs]).toEqual([lost, counted]);
    kept += expected.length;
    lostInAll += lost;
  }
  expect(kept).toBeGreaterThan(500); // pairs enough, and enough of them lost, to tell
  expect(lostInAll).toBeGreaterThan(50);
});

test('on straight lines, 100 sets of them, the pairs are those of alignPairs under any semantics, and none is lost', () => {
  const random = uniform(8);
  for (let round = 0; round < 100; round++) {
    const programs = Array.from({ length: 1 + integer(random, 5) }, () => ({
      inputs: [0, 1].map(() => randomWorld(random, { width: 3, height: 3 })),
      actions: randomActions(random, { minLength: 1, maxLength: 6 }),
    }));
    const alignment = {
      offset: integer(random, 7) - 3,
      lastState: random() < 0.5 ? ('dropped' as const) : ('kept' as const),
      runs: 1 + integer(random, 2),
    };
    const tables = [ORIGINAL, ADVERSARIAL].map((meaning) =>
      executeUnder(meaning, programs, alignment.runs === 2 ? 'all' : 1),
    );
    const lengths = programs.map(({ actions }) => actions.length);
    const { state, ...rest } = alignPairs(lengths, alignment);
    expect(alignExecutions(lengths, tables, alignment)).toEqual({ ...rest, states: [state, state], lost: 0 });
  }
});

test('labels of a checkpoint are counted on the pairs that all semantics share', () => {
  const corridor = parseWorld('######\n#>...#\n######');
  const split = (...texts: string[]) => ({
    programs: texts.map((text) => ({ ...specify([corridor], words(text)), ...program(text, corridor) })),
    trained: new Float32Array(0),
    untrained: new Float32Array(0),
  });
  const test = split('while frontIsClear { move } turnLeft', 'while noMarkersPresent { putMarker } move');
  const traces: CheckpointTraces = {
    train: split(),
    validation: split(),
    test,
    width: 1,
    world: { width: 4, height: 1 },
    layer: 'mean',
  };
  const labelling = { lastState: 'kept', examples: 0 } as const;
  expect(splitPairs(traces, 0, labelling).test).toMatchObject({ lost: 0, programs: 2 });
  expect(splitPairs(traces, 0, labelling, ['original', 'flip']).test).toMatchObject({ lost: 2, programs: 1 });
  const { original, flip } = labelDistribution(traces, ['original', 'flip'], labelling);
  expect(original!.direction).toEqual([1, 1, 0, 0]); // up after turnLeft, right after move
  expect(flip!.direction).toEqual([0, 1, 1, 0]);
});
