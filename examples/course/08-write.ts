// Stage 8: the model writes programs for corridors and outcomes that it has never seen together.
import {
  type Action,
  allowedNextTokens,
  decodeProgramTokens,
  encodePrompt,
  solves,
  TOKEN,
} from '../../src/karel/index.ts';
import { type CodeGen, generate } from '../../src/transformer/index.ts';
import { draw } from './01-robot.ts';
import { shape, splits, type Task } from './02-tokens.ts';
import { engine, newModel } from './06-model.ts';
import { model } from './07-train.ts';

export function write(writer: CodeGen, tasks: readonly Task[]): Action[][] {
  const prompts = tasks.map((task) => encodePrompt(shape, task));
  const written = generate(engine, writer, prompts, {
    maxNewTokens: shape.maxLength + 1,
    endToken: TOKEN.END,
    allowed: (tokens) => allowedNextTokens(tokens, shape.maxLength),
  });
  return written.map(({ tokens }) => decodeProgramTokens(tokens));
}

/** The share of these tasks for which what is written does what is asked. */
export function solved(writer: CodeGen, tasks: readonly Task[]): number {
  const programs = write(writer, tasks);
  return tasks.filter((task, i) => solves(task, programs[i]!)).length / tasks.length;
}

export function show(): void {
  for (const [name, writer] of Object.entries({ untrained: newModel(), trained: model })) {
    console.log(name, solved(writer, splits.train).toFixed(2), solved(writer, splits.test).toFixed(2));
  }
  // =>
  // untrained 0.05 0.05
  // trained 0.99 0.94

  const some = splits.test.filter((_, i) => i % 30 === 0);
  write(model, some).forEach((program, i) => {
    const { inputs, outputs } = some[i]!;
    console.log(draw(inputs[0]!), draw(outputs[0]!), program.join(' '), solves(some[i]!, program) ? 'right' : 'wrong');
  });
  // =>
  // #^1.# #>1.# turnRight right
  // #v.1# #>.1# turnLeft right
  // #.v1# #..^# turnLeft move turnLeft right
  // #.1># #.1^# turnLeft right
  // #.1<# #^2.# move putMarker move turnRight right
}
