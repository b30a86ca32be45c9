// A Transformer whose weights are written by hand reads a program, and its residual stream holds the robot's state.
import { Tape, type Variable } from '../src/autograd/index.ts';
import {
  type Action,
  abstractTrace,
  encodePrompt,
  FACINGS,
  parseWorld,
  specify,
  TOKEN,
  tokenOfAction,
  VOCABULARY,
} from '../src/karel/index.ts';
import { readState } from '../src/study/handmade/read-out.ts';
import { trackerFor } from '../src/study/handmade/tracker.ts';
import { presetNamed } from '../src/study/presets.ts';
import { createEngine } from '../src/tensor/index.ts';
import { mostProbable, pack, type TapName } from '../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd' });
const tracker = trackerFor(presetNamed('tiny').settings);
const model = tracker.weights.model(engine);
const { n_embd, n_layer, vocab_size } = model.config;

// The first robot walks against a wall, the second does not.
const inputs = [
  parseWorld('######\n#....#\n#.^#.#\n#....#\n#....#\n######'),
  parseWorld('######\n#....#\n#....#\n#^...#\n#....#\n######'),
];
const shape = { width: 4, height: 4, examples: 2, maxLength: 4 };
const specification = specify(inputs, ['turnRight', 'move', 'move']);
const prompt = encodePrompt(shape, specification);

/** The next word after these actions; `tap` may look at the hidden state of this name, or put another in its place. */
function nextWord(actions: readonly Action[], name: TapName, tap: (x: Variable) => Variable | undefined): string {
  const batch = pack(engine, [[...prompt, ...actions.map(tokenOfAction)]]);
  const tape = new Tape(engine, { recording: false });
  const { data } = model.forward(tape, batch, { taps: { [name]: tap } }).value;
  const program = new Uint8Array(vocab_size).fill(1, TOKEN.MOVE).fill(1, TOKEN.END, TOKEN.END + 1);
  return VOCABULARY[mostProbable(data.subarray(data.length - vocab_size), program)]!.text;
}

// #region carried
const actions = ['turnRight', 'move', 'move'] as const;
const executed = inputs.map((input) => abstractTrace(input, actions));
for (let done = 0; done <= actions.length; done++) {
  const word = nextWord(actions.slice(0, done), `hidden_states.${n_layer}`, ({ value }) => {
    const last = value.data.subarray(value.data.length - n_embd);
    const states = inputs.map((_, example) => readState(tracker, example, last));
    const shown = states.map(
      ({ x, y, facing, frontIsWall }) => `(${x}, ${y}) ${FACINGS[facing]}${frontIsWall ? ' | wall' : ''}`,
    );
    const right = states.every(({ x, y, facing, frontIsWall }, example) => {
      const state = executed[example]![done]!;
      return state.x === x && state.y === y && state.facing === facing && state.frontIsWall === frontIsWall;
    });
    console.log(
      `${actions[done - 1] ?? 'start'}:`.padEnd(11),
      shown.join(', ').padEnd(44),
      right ? 'as the interpreter says' : 'wrong',
    );
    return undefined;
  });
  if (done === 0) console.log('it would write:', word);
}
// #endregion

// #region turned
// The channels of the four facings change places: both robots are turned by half a turn, in the model's mind only.
const edited = nextWord(['turnRight'], `hidden_states.${tracker.carried}`, ({ value }) => {
  const last = value.data.subarray(value.data.length - n_embd);
  for (const { facing } of tracker.channels.robots) {
    const before = facing.map((channel) => last[channel]!);
    for (const [at, channel] of facing.entries()) last[channel] = before[(at + 2) & 3]!;
  }
  return undefined;
});
console.log(
  'after turnRight:',
  nextWord(['turnRight'], 'logits', () => undefined),
  '-> turned in mind:',
  edited,
);
// #endregion
// =>
// start:      (1, 1) up, (0, 2) up                         as the interpreter says
// it would write: turnRight
// turnRight:  (1, 1) right | wall, (0, 2) right            as the interpreter says
// move:       (1, 1) right | wall, (1, 2) right            as the interpreter says
// move:       (1, 1) right | wall, (2, 2) right            as the interpreter says
// after turnRight: move -> turned in mind: turnLeft
