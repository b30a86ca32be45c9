/** @file The tracker's state: read from the prompt, carried from token to token, changed by each action. Appendix J. */
import { type Facing, type SampleShape, STEP_X, STEP_Y } from '../../karel/index.ts';
import { SHARP } from './place.ts';
import type { RobotChannels, TrackerChannels } from './tracker-channels.ts';
import { type Form, type HandmadeWeights, type Head, sumOf } from './weights.ts';

/** With a wall's channel a share of at least 1 / (number of cells), this times it is above 1. */
export const wallStrength = ({ width, height }: SampleShape): number => 2 * width * height;

/**
 * Three heads an example. Each looks for tokens of one kind in one part, by a score for either; where no token has both, and
 * for tokens that are not to know, it looks at BOS, which has nothing to tell.
 */
export function writeGathering(
  weights: HandmadeWeights,
  { tokens, places, robots }: TrackerChannels,
  shape: SampleShape,
  block: number,
): void {
  const cells = places.place.slice(0, shape.width * shape.height);
  const inLine = (line: (cell: number) => number, at: number): Form =>
    sumOf(cells.filter((_, cell) => line(cell) === at));
  const stands = (facing: readonly number[], column: readonly number[], row: readonly number[]): Head['carry'] => [
    ...carried(tokens.robot, facing),
    ...column.map((to, x) => ({ from: inLine((cell) => cell % shape.width, x), to })),
    ...row.map((to, y) => ({ from: inLine((cell) => Math.floor(cell / shape.width), y), to })),
  ];
  robots.forEach((robot, example) => {
    const look = (who: Form, kind: readonly number[], part: number): Head['match'] => [
      { query: who, key: [...sumOf(kind), [part, 1]], score: SHARP },
      orElseFirst(weights, tokens.first),
    ];
    const program: Form = [[places.program, 1]];
    const code: Form = [...program, ...sumOf(places.place, -1)]; // of the program, and at no place in it
    const input = places.inputs[example]!;
    weights.head(block, {
      match: look(code, tokens.robot, input),
      carry: stands(robot.facing, robot.column, robot.row),
    });
    weights.head(block, {
      match: look(program, tokens.robot, places.outputs[example]!),
      carry: stands(robot.goalFacing, robot.goalColumn, robot.goalRow),
    });
    weights.head(block, { match: look(program, [tokens.wall], input), carry: carried(cells, robot.walls) });
  });
}

/** For each action of a program, two blocks: the state of the token before is copied, then changed. */
export function writeSteps(
  weights: HandmadeWeights,
  channels: TrackerChannels,
  shape: SampleShape,
  firstBlock: number,
): void {
  const { tokens, places, robots } = channels;
  for (let step = 0; step < shape.maxLength; step++) {
    const block = firstBlock + 2 * step;
    const own = places.place[step]!;
    const before = step === 0 ? tokens.mark : places.place[step - 1]!;
    for (const robot of robots) {
      const state = [...robot.facing, ...robot.column, ...robot.row, ...robot.moved];
      weights.head(block, {
        match: [
          { query: [[own, 1]], key: [[before, 1]], score: SHARP },
          { query: [[places.program, 1]], key: [[places.program, 1]], score: SHARP },
          orElseFirst(weights, tokens.first),
        ],
        carry: carried(state, state),
      });
      writeAction(weights, channels, robot, shape, own, block + 1);
    }
  }
}

/** The MLP as a table, one entry for each state and action that change something: those of the token at this place of the program. */
function writeAction(
  weights: HandmadeWeights,
  { tokens }: TrackerChannels,
  { facing, column, row, moved, walls }: RobotChannels,
  shape: SampleShape,
  own: number,
  block: number,
): void {
  const fromTo = (from: number, to: number): Form => [
    [from, -1],
    [to, 1],
  ];
  // #region action
  for (const [from, channel] of facing.entries()) {
    weights.where(block, [own, tokens.turnLeft, channel], fromTo(channel, facing[(from + 3) & 3]!));
    weights.where(block, [own, tokens.turnRight, channel], fromTo(channel, facing[(from + 1) & 3]!));
  }
  for (const { x, y, towards, ahead } of steps(shape)) {
    const [toX, toY] = [x + STEP_X[towards], y + STEP_Y[towards]];
    const along = STEP_X[towards] === 0 ? fromTo(row[y]!, row[toY]!) : fromTo(column[x]!, column[toX]!);
    const counted: Form = [
      [moved[0]!, STEP_X[towards]],
      [moved[1]!, STEP_Y[towards]],
    ];
    const state = [own, tokens.move, column[x]!, row[y]!, facing[towards]!];
    weights.where(block, state, [...along, ...counted], [walls[ahead]!], wallStrength(shape));
  }
  // #endregion
}

/** From each cell each step that stays inside; `ahead` is the cell that it leads to. */
export function steps({ width, height }: SampleShape): { x: number; y: number; towards: Facing; ahead: number }[] {
  const cells = Array.from({ length: width * height }, (_, at) => [at % width, Math.floor(at / width)] as const);
  return cells.flatMap(([x, y]) =>
    ([0, 1, 2, 3] as const).flatMap((towards) => {
      const [toX, toY] = [x + STEP_X[towards], y + STEP_Y[towards]];
      const inside = toX >= 0 && toX < width && toY >= 0 && toY < height;
      return inside ? [{ x, y, towards, ahead: toY * width + toX }] : [];
    }),
  );
}

/** Between one score and two of {@link SHARP}. */
const orElseFirst = (weights: HandmadeWeights, first: number): Head['match'][number] => ({
  query: weights.one,
  key: [[first, 1]],
  score: 1.5 * SHARP,
});

const carried = (from: readonly number[], to: readonly number[]): Head['carry'] =>
  to.map((channel, at) => ({ from: [[from[at]!, 1]], to: channel }));
