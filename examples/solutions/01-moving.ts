// Chapter 1, exercise 2: how often an action takes the robot to another cell.
import { abstractTrace, randomInteger, randomWorld, SEMANTICS, weightedActions } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';

for (const name of ['original', 'flip', 'adversarial'] as const) {
  const random = randomStream('1', 'worlds and programs');
  const urn = weightedActions('released');
  let moved = 0;
  let actions = 0;
  for (let sample = 0; sample < 20_000; sample++) {
    const program = Array.from({ length: 4 }, () => urn[randomInteger(random, urn.length)]!);
    const trace = abstractTrace(randomWorld(random, { width: 4, height: 4 }), program, SEMANTICS[name]);
    for (let index = 1; index < trace.length; index++) {
      const [before, after] = [trace[index - 1]!, trace[index]!];
      if (before.x !== after.x || before.y !== after.y) moved++;
      actions++;
    }
  }
  console.log(name, (moved / actions).toFixed(2));
}
// =>
// original 0.19
// flip 0.19
// adversarial 0.13
