// The trained model sees two worlds before and after a program, and writes a program that does the same.
import { parseWorld, solves, specify, worldLines } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const first = parseWorld(`
######
#>..1#
#..#.#
#....#
#.1..#
######`);
const second = parseWorld(`
######
#....#
#..#.#
#.^..#
#.1..#
######`);
const task = specify([first, second], ['turnLeft', 'turnLeft', 'turnLeft', 'move']);
for (const line of [0, 1, 2, 3, 4, 5]) {
  console.log([...task.inputs, ...task.outputs].map((world) => worldLines(world)[line]).join('  '));
}
// =>
// ######  ######  ######  ######
// #>..1#  #....#  #...1#  #....#
// #..#.#  #..#.#  #v.#.#  #..#.#
// #....#  #.^..#  #....#  #..>.#
// #.1..#  #.1..#  #.1..#  #.1..#
// ######  ######  ######  ######

const model = packagedModel(createReferenceEngine('float32'));
const written = model.write(task);
console.log(written.tokens.map(({ word, probability }) => `${word} ${probability.toFixed(2)}`).join(', '));
// =>
// turnRight 0.77, move 0.96, END 0.74
console.log(solves(task, ['turnRight', 'move'])); // => true
