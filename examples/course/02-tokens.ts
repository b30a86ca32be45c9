// Stage 2: what can be asked of a program in these corridors, as tokens, split so that the test stays unseen.
import {
  ACTIONS,
  type Action,
  encodeProgramTokens,
  encodePrompt,
  type Specification,
  specify,
  tokensToText,
} from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { corridors } from './01-robot.ts';

export const shape = { width: 3, height: 1, examples: 1, maxLength: 4 };

/** Every program of one to four actions, the shorter ones first. */
const programs: Action[][] = [];
for (let longest: Action[][] = [[]], length = 1; length <= shape.maxLength; length++) {
  longest = longest.flatMap((program) => ACTIONS.map((action) => [...program, action]));
  programs.push(...longest);
}

/** A corridor, what shall become of it, and the shortest programs that do it. */
export interface Task extends Specification {
  readonly programs: Action[][];
}

// #region every task
export const tasks = new Map<string, Task>();
for (const world of corridors) {
  for (const program of programs) {
    const specification = specify([world], program);
    const prompt = encodePrompt(shape, specification).join(' ');
    const task = tasks.get(prompt);
    if (!task) tasks.set(prompt, { ...specification, programs: [program] });
    else if (program.length === task.programs[0]!.length) task.programs.push(program);
  }
}
// #endregion

// #region three splits
const random = randomStream('0', 'splits');
export const splits = { train: [] as Task[], validation: [] as Task[], test: [] as Task[] };
for (const task of tasks.values()) {
  const share = random();
  splits[share < 0.7 ? 'train' : share < 0.85 ? 'validation' : 'test'].push(task);
}
// #endregion

/** A task and one of its programs, token by token: `BOS IN ... OUT ... CODE ... END`. */
export const encode = (task: Task, program: readonly Action[]): number[] => [
  ...encodePrompt(shape, task),
  ...encodeProgramTokens(program),
];

/** Every task with each of its programs. */
export const samplesOf = (list: readonly Task[]): number[][] =>
  list.flatMap((task) => task.programs.map((program) => encode(task, program)));

export function show(): void {
  console.log(programs.length, tasks.size); // => 780 920
  for (const [name, list] of Object.entries(splits)) console.log(name, list.length, samplesOf(list).length);
  // =>
  // train 652 1025
  // validation 141 215
  // test 127 192

  const [sample] = samplesOf(splits.test);
  console.log(sample!.join(' ')); // => 1 2 17 8 7 3 18 8 7 4 23 5
  console.log(tokensToText(sample!)); // => BOS IN ^1. OUT >1. CODE turnRight END
}
