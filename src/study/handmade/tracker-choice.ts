/**
 * @file What the tracker writes: an action that is on a shortest way to where the output grids show the robots. Appendix J.
 *
 * It knows no markers, and what is in the way of the shortest way it notices when it stands before it: so it solves a share
 * of the specifications only. But what it writes follows from the states that it carries, and from nothing else of the past.
 */
import { type SampleShape, TOKEN } from '../../karel/index.ts';
import type { RobotChannels, TrackerChannels } from './tracker-channels.ts';
import { steps, wallStrength } from './tracker-state.ts';
import { goalsWithin } from './ways.ts';
import { type Form, type HandmadeWeights, sumOf } from './weights.ts';

/** Nats for one action more or less. */
const EACH = 4;
/** What a unit of a table's entry gives before it is scaled to 1: GELU is straight there, and 0 on the other side. */
const ENTRY = 12;
/** In actions: what decides between equals. */
const PREFERRED = { move: 0.3, turnLeft: 0.2, turnRight: 0.1, pickMarker: 0, end: -0.5, putMarker: -2 } as const;

/** Three blocks: what the state is relative to start and goal; what each action costs; whether a move is possible. */
export function writeChoice(
  weights: HandmadeWeights,
  channels: TrackerChannels,
  shape: SampleShape,
  block: number,
): void {
  const { robots, costs, places } = channels;
  for (const robot of robots) {
    writeOffsets(weights, robot, shape, block);
    writeClear(weights, robot, shape, block);
    writeCosts(weights, channels, robot, shape, block + 1);
    const { gain, clear } = robot;
    for (const sign of [1, -1]) {
      const form: Form = [
        [clear, 1],
        [gain, sign],
      ];
      weights.switch(block + 2, form, 1.5, [[costs.move, -sign]]);
    }
  }
  const write = (token: number, form: Form, preferred: number): void =>
    weights.logit(
      token,
      form.map(([channel, weight]) => [channel, EACH * weight] as const),
      EACH * preferred,
    );
  write(TOKEN.MOVE, [[costs.move, -1]], PREFERRED.move);
  write(TOKEN.TURN_LEFT, [[costs.turnLeft, -1]], PREFERRED.turnLeft);
  write(TOKEN.TURN_RIGHT, [[costs.turnRight, -1]], PREFERRED.turnRight);
  write(TOKEN.PICK_MARKER, [], PREFERRED.pickMarker);
  write(TOKEN.PUT_MARKER, [], PREFERRED.putMarker);
  // Any other action costs one for each example, which the costs above leave out.
  write(
    TOKEN.END,
    [
      [costs.end, -1],
      [places.program, robots.length],
    ],
    PREFERRED.end,
  );
}

/** Displacement from the start, from two numbers; offset to the goal, from two cells. */
function writeOffsets(weights: HandmadeWeights, robot: RobotChannels, shape: SampleShape, block: number): void {
  const { width, height } = shape;
  robot.displacement.forEach((channel, axis) => {
    for (const sign of [-1, 1]) {
      for (let least = 1; least < (axis === 0 ? width : height); least++) {
        weights.switch(block, [[robot.moved[axis]!, sign]], least - 0.5, [[channel, sign]]);
      }
    }
  });
  for (const [oneHot, stands, goal] of [
    [robot.goalX, robot.column, robot.goalColumn],
    [robot.goalY, robot.row, robot.goalRow],
  ] as const) {
    stands.forEach((from, at) => {
      for (const [to, channel] of goal.entries()) {
        weights.where(block, [from, channel], [[oneHot[to - at + goal.length - 1]!, 1]]);
      }
    });
  }
}

/** Clear where, for the robot's cell and facing, the cell ahead is inside and no wall. */
function writeClear(weights: HandmadeWeights, robot: RobotChannels, shape: SampleShape, block: number): void {
  for (const { x, y, towards, ahead } of steps(shape)) {
    const stands = [robot.column[x]!, robot.row[y]!, robot.facing[towards]!];
    weights.where(block, stands, [[robot.clear, 1]], [robot.walls[ahead]!], wallStrength(shape));
  }
}

/** A table, one entry for each offset and pair of facings that a program can bring together. */
function writeCosts(
  weights: HandmadeWeights,
  { costs }: TrackerChannels,
  robot: RobotChannels,
  { width, height, maxLength }: SampleShape,
  block: number,
): void {
  for (const { x, y, facing, goalFacing, distance, after } of goalsWithin(maxLength, width, height)) {
    const state = [
      ...[robot.goalX[x + width - 1]!, robot.goalY[y + height - 1]!],
      ...[robot.facing[facing]!, robot.goalFacing[goalFacing]!],
    ];
    const writes: Form = [
      [costs.turnLeft, after.turnLeft - distance],
      [costs.turnRight, after.turnRight - distance],
      [costs.end, distance],
      [robot.gain, Math.sign(distance - after.move)],
    ];
    // One unit an entry, not two: a choice is between whole numbers, and none is hurt by a part in a hundred.
    weights.unit(block, sumOf(state), state.length - 0.5, 2 * ENTRY, writes, 1 / ENTRY);
  }
}
