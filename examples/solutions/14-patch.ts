// At which layer does a whole hidden state, taken from a prompt whose robots really stand turned, change the next word?
import { encodePrompt, parseWorld, specify, TOKEN } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/packaged-model.ts';
import { editableCodeGen } from '../../src/probe/index.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { softmax } from '../../src/transformer/index.ts';

const engine = createReferenceEngine('float32');
const { model, settings } = packagedModel(engine);
const editable = editableCodeGen(engine, model);
const inputs = [
  parseWorld('######\n#..1.#\n#1..v#\n#....#\n#....#\n######'),
  parseWorld('######\n#>..1#\n#.#..#\n#.1..#\n###1.#\n######'),
];
const { outputs } = specify(inputs, ['move', 'move']);
const prefixOf = (starts: typeof inputs) => [
  ...encodePrompt(corpusSettings(settings), { inputs: starts, outputs }),
  TOKEN.MOVE,
];
// From here one move leads to the turned robots.
const standingSo = [
  parseWorld('######\n#..1.#\n#1...#\n#..>.#\n#....#\n######'),
  parseWorld('######\n#.^.1#\n#.#..#\n#.1..#\n###1.#\n######'),
];
editable.read([prefixOf(inputs), prefixOf(standingSo)], { room: 1, together: 2 }, (next) => {
  for (let layer = 0; layer <= editable.layers; layer++) {
    const logits = next([[], []], (at, hidden) => {
      if (at === layer) hidden.copyWithin(0, editable.width, 2 * editable.width);
    });
    const probabilities = softmax([...logits.subarray(0, editable.vocabulary)]);
    console.log(layer, probabilities[TOKEN.MOVE]!.toFixed(2), probabilities[TOKEN.TURN_RIGHT]!.toFixed(2));
  }
});
// =>
// 0 0.84 0.01
// 1 0.84 0.01
// 2 0.87 0.01
// 3 0.91 0.02
// 4 0.05 0.87
