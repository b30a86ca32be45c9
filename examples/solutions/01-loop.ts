// Chapter 1, exercise 4: a loop whose one word means something else.
import { createWorld, parseProgram, run, SEMANTICS, StepBudgetError } from '../../src/karel/index.ts';

const program = parseProgram('while (frontIsClear) { move }');
for (const [x, y] of [
  [0, 0],
  [1, 1],
] as const) {
  for (const name of ['original', 'flip', 'adversarial'] as const) {
    try {
      const { trace } = run(program, createWorld(3, 3, x, y, 1), { semantics: SEMANTICS[name] });
      console.log(x, y, name, trace.map(({ action }) => action).join(' '));
    } catch (error) {
      if (!(error instanceof StepBudgetError)) throw error;
      console.log(x, y, name, 'never ends');
    }
  }
}
// =>
// 0 0 original move move
// 0 0 flip move move
// 0 0 adversarial turnLeft
// 1 1 original move
// 1 1 flip move
// 1 1 adversarial never ends
