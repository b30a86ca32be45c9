// Chapter 2, exercise 2: how many different things short programs do.
import { ACTIONS, type Action, effectBattery, effectClass } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';

const battery = effectBattery(randomStream('1', 'effects'), { width: 4, height: 4 });
let programs: Action[][] = [[]];
const all: Action[][] = [];
for (let length = 1; length <= 4; length++) {
  programs = programs.flatMap((program) => ACTIONS.map((action) => [...program, action]));
  all.push(...programs);
  const own = new Set(programs.map((program) => effectClass(battery, program)));
  const together = new Set(all.map((program) => effectClass(battery, program)));
  console.log(length, programs.length, own.size, all.length, together.size);
}
const classOf = (text: string) => effectClass(battery, text.split(' ') as Action[]);
console.log(classOf('turnLeft turnLeft') === classOf('turnRight turnRight'));
console.log(classOf('turnLeft turnRight') === classOf('putMarker pickMarker'));
// =>
// 1 5 4 5 4
// 2 25 11 30 11
// 3 125 32 155 32
// 4 625 98 780 98
// true
// true
