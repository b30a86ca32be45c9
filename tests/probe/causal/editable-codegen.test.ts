import { describe, expect, test } from 'vitest';
import { Tape, Variable } from '../../../src/autograd/index.ts';
import { encodePrompt, type Specification, tokenOfAction } from '../../../src/karel/index.ts';
import { type Edit, editableCodeGen, hiddenStatesByLayer, writeOn } from '../../../src/probe/index.ts';
import { createReferenceEngine } from '../../../src/tensor/reference-engine.ts';
import { generate, hiddenStates, pack, type Taps } from '../../../src/transformer/index.ts';
import { expectClose } from '../../helpers/close.ts';
import { uniform, values } from '../../helpers/numbers.ts';
import { sequences, TINY, tinyModel } from '../../transformer/tiny.ts';
import { randomPrograms } from '../toys.ts';

const engine = createReferenceEngine('float64');
const model = tinyModel(engine);
const editable = editableCodeGen(engine, model);
const prompts = sequences(30, 2, 12, 3);
const options = { maxNewTokens: 8, endToken: 10 };
const programs = generate(engine, model, prompts, options).map(({ tokens }) => tokens);
const width = TINY.n_embd;
const none: Edit = () => {};

/** What the model adds after the first tokens of each program; those of some prompts are more than those of others. */
function remainders(edit?: Edit): number[][] {
  const before = programs.map((tokens, index) => tokens.slice(0, Math.min(index % 4, tokens.length - 1)));
  const all: number[][] = [];
  editable.read(
    prompts.map((prompt, index) => [...prompt, ...before[index]!]),
    { room: options.maxNewTokens },
    (next, first, count) => {
      all.push(...writeOn(next, TINY.vocab_size, before.slice(first, first + count), options, edit && (() => edit)));
    },
  );
  return programs.map((_, index) => [...before[index]!, ...all[index]!]);
}

describe('editableCodeGen', () => {
  test('without an edit, and with one of zero, writes exactly what generate writes, from any point on', () => {
    expect(programs.some((tokens) => tokens.length < 8)).toBe(true);
    expect(remainders()).toEqual(programs);
    expect(remainders(none)).toEqual(programs);
  });

  test('an edit that is not zero changes what is written', () => {
    const push = values(width, 4);
    const edit: Edit = (_, hidden) => {
      for (let at = 0; at < hidden.length; at++) hidden[at]! += 3 * push[at % width]!;
    };
    expect(remainders(edit)).not.toEqual(programs);
  });

  test('logits are those of a plain forward pass over all tokens, edited from the last of the prefix on, to 1e-10', () => {
    const pushes = [0, 1, 2].map((layer) => values(width, layer + 1));
    const edit: Edit = (layer, hidden) => {
      if (layer < 1) return;
      for (let at = 0; at < hidden.length; at++) hidden[at]! += pushes[layer]![at % width]!;
    };
    const prefixes = prompts.slice(0, 5);
    const added = [[], [3], [3, 7], [3, 7, 1]];
    const found: Float64Array[] = [];
    editable.read(prefixes, { room: 4 }, (next) => {
      next(prefixes.map(() => [])); // what an earlier continuation left must not matter
      next(
        prefixes.map(() => [9]),
        edit,
      );
      for (const tokens of added)
        found.push(
          next(
            prefixes.map(() => tokens),
            edit,
          ) as Float64Array,
        );
    });
    added.forEach((tokens, step) => {
      prefixes.forEach((prefix, row) => {
        const taps = Object.fromEntries(
          [1, 2].map((layer) => [
            `hidden_states.${layer}`,
            ({ value }: Variable) => {
              const from = (prefix.length - 1) * width;
              const data = value.data.map((x, at) => (at < from ? x : x + pushes[layer]![at % width]!));
              return new Variable(engine.tensor(value.shape, data));
            },
          ]),
        ) as Taps;
        const logits = model.forward(new Tape(engine), pack(engine, [[...prefix, ...tokens]]), { taps }).value.data;
        expectClose(
          found[step]!.subarray(row * TINY.vocab_size, (row + 1) * TINY.vocab_size),
          logits.slice(-TINY.vocab_size),
          { relative: 0, absolute: 1e-10 },
        );
      });
    });
  });

  test("the last hidden state alone decides: patched, each sequence writes the other's tokens; the embedding changes nothing", () => {
    const [a, b] = [sequences(8, 6, 6, 11), sequences(8, 6, 6, 12)];
    const pairs = a.flatMap((sequence, pair) => [
      [...sequence, 0],
      [...b[pair]!, 0],
    ]);
    const tokensOf = (layer: number | undefined): number[][] => {
      const all: number[][] = [];
      editable.read(pairs, { room: 8, together: 2 }, (next, _, count) => {
        expect(count % 2).toBe(0);
        const before = Array.from({ length: count }, () => []);
        const patch: Edit = (at, hidden) => {
          if (at !== layer) return;
          for (let row = 0; row < count; row += 2) hidden.copyWithin(row * width, (row + 1) * width, (row + 2) * width);
        };
        const follow = layer === undefined ? undefined : (row: number) => row - (row % 2);
        all.push(...writeOn(next, TINY.vocab_size, before, options, () => patch, follow));
      });
      return all;
    };
    const free = tokensOf(undefined);
    expect(free.filter((_, row) => row % 2 === 0)).not.toEqual(free.filter((_, row) => row % 2 === 1));
    for (const [layer, source] of [
      [0, 0],
      [2, 1],
    ] as const) {
      tokensOf(layer).forEach((tokens, row) => {
        expect(tokens).toEqual(free[row - (row % 2) + source]);
      });
    }
  });

  test('a prefix of a single token is refused', () => {
    expect(() => editable.read([[1, 2], [3]], { room: 2 }, () => {})).toThrow('prefix 1 has 1 tokens, 2 are needed');
  });

  test('a mask that allows nothing is refused', () => {
    editable.read([[1, 2]], { room: 2 }, (next) => {
      const nothing = { ...options, allowed: () => new Uint8Array(TINY.vocab_size) };
      expect(() => writeOn(next, TINY.vocab_size, [[]], nothing)).toThrow('no token is allowed after 0 tokens');
    });
  });
});

test('hiddenLayers: those that hiddenStates finds at the tokens before each action, to single precision, layer by layer', () => {
  const wide = tinyModel(engine, { vocab_size: 26, n_positions: 40 });
  const programs = randomPrograms(uniform(8), 20, { width: 2, height: 2 });
  const encode = (specification: Specification) => encodePrompt({ width: 2, height: 2, examples: 2 }, specification);
  const found = hiddenStatesByLayer(editableCodeGen(engine, wide), programs, { encode });
  const prompts = programs.map((program) => Array.from(encode(program)));
  const tokens = programs.map(({ actions }, index) => [...prompts[index]!, ...actions.map(tokenOfAction)]);
  const positions = programs.map(({ actions }, index) => actions.map((_, i) => prompts[index]!.length - 1 + i));
  expect(found).toHaveLength(3);
  found.forEach((states, layer) => {
    const expected = hiddenStates(engine, wide, tokens, positions, { layer });
    expectClose(states, Float32Array.from(expected), { relative: 1e-6, absolute: 1e-10 });
  });
});
