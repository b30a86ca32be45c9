/** @file Vocabulary, tokens and grammar. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  allowedNextTokens,
  decodeProgramTokens,
  decodeSample,
  decodeWorld,
  encodeProgramTokens,
  encodePrompt,
  encodeSample,
  encodeWorld,
  isInputCell,
  parseWorld,
  promptLength,
  randomWorld,
  sampleLength,
  specify,
  TOKEN,
  TokenError,
  tokensToText,
  VOCABULARY,
  worldEquals,
} from '../../src/karel/index.ts';
import { anyActions, anyWorld, drawnWorld, randomActions, seeded } from './generators.ts';

const tiny = { width: 4, height: 4, examples: 2, maxLength: 4 };

function randomSample(seed: number, shape = tiny) {
  const random = seeded(seed);
  const inputs = Array.from({ length: shape.examples }, () => randomWorld(random, shape));
  const program = randomActions(random, { minLength: 1, maxLength: shape.maxLength });
  return { ...specify(inputs, program), program };
}

test('the vocabulary is exactly these 26 tokens, each at its number', () => {
  expect(VOCABULARY.map(({ text }) => text).join(' ')).toBe(
    'PAD BOS IN OUT CODE END # . 1 2 3 4 5 6 7 8 9 ^ > v < move turnLeft turnRight pickMarker putMarker',
  );
  expect(VOCABULARY.map(({ id }) => id)).toEqual(VOCABULARY.map((_, index) => index));
  expect(VOCABULARY.map(({ name }) => TOKEN[name])).toEqual(VOCABULARY.map(({ id }) => id));
});

describe('decode of encode is the identity', () => {
  test('for drawn worlds, and for others as drawn', () => {
    fc.assert(
      fc.property(drawnWorld, (world) =>
        worldEquals(decodeWorld(encodeWorld(world), world.width, world.height), world),
      ),
    );
    fc.assert(
      fc.property(anyWorld, (world) => {
        const tokens = encodeWorld(world);
        expect(encodeWorld(decodeWorld(tokens, world.width, world.height))).toEqual(tokens);
      }),
    );
  });

  test('for programs', () => {
    fc.assert(
      fc.property(anyActions, (actions) => {
        expect(decodeProgramTokens(encodeProgramTokens(actions))).toEqual(actions);
      }),
    );
  });

  test('for samples: the program, the inputs, the outputs as drawn, and the tokens', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (seed) => {
        const sample = randomSample(seed);
        const tokens = encodeSample(tiny, sample);
        const decoded = decodeSample(tiny, tokens);
        expect(decoded.program).toEqual(sample.program);
        expect(decoded.inputs).toEqual(sample.inputs);
        expect(encodeSample(tiny, decoded)).toEqual(tokens);
        expect(tokens.subarray(0, promptLength(tiny))).toEqual(encodePrompt(tiny, sample));
      }),
    );
  });
});

test('a sample is BOS (IN grid OUT grid) x examples CODE program END PAD...', () => {
  const shape = { width: 2, height: 2, examples: 1, maxLength: 3 };
  const sample = specify([parseWorld('####\n#>.#\n#1##\n####')], ['move']);
  const tokens = encodeSample(shape, { ...sample, program: ['move'] });
  expect(tokensToText(tokens)).toBe('BOS IN >.1# OUT .>1# CODE move END PAD PAD');
  expect([promptLength(shape), sampleLength(shape)]).toEqual([12, 16]);
  expect([promptLength(tiny), sampleLength(tiny)]).toEqual([70, 75]);
});

test('the cells of input grids are what stands between IN and OUT, and no other token of a sample', () => {
  for (const shape of [tiny, { width: 2, height: 3, examples: 1, maxLength: 3 }, { ...tiny, height: 1, examples: 5 }]) {
    let within = false;
    encodeSample(shape, randomSample(7, shape)).forEach((token, at) => {
      if (token === TOKEN.OUT) within = false;
      expect(isInputCell(shape, at), `${at}`).toBe(within);
      if (token === TOKEN.IN) within = true;
    });
  }
});

describe('broken tokens are refused', () => {
  const sample = randomSample(5);
  const good = encodeSample(tiny, sample);
  const broken = (at: number, token: number) => {
    const tokens = good.slice();
    tokens[at] = token;
    return tokens;
  };

  test.each([
    [0, TOKEN.PAD, 'token 0 is 0 (PAD), expected BOS'],
    [1, TOKEN.OUT, 'token 1 is 3 (OUT), expected IN'],
    [18, TOKEN.IN, 'token 18 is 2 (IN), expected OUT'],
    [69, TOKEN.MOVE, 'token 69 is 21 (MOVE), expected CODE'],
    [70, TOKEN.WALL, 'token 70 is 6 (WALL), expected an action or END'],
    [2, TOKEN.END, 'token 2 is 5 (END), expected a cell'],
    [2, 77, 'token 2 is 77 (not a token), expected a cell'],
  ])('token %i as %i: %s', (at, token, message) => {
    expect(() => decodeSample(tiny, broken(at, token))).toThrow(new TokenError(message));
  });

  test('without a robot, with two, with a lost end, and cut short', () => {
    const emptied = good.map((token, at) => (at >= 2 && at < 18 ? TOKEN.EMPTY : token));
    expect(() => decodeSample(tiny, emptied)).toThrow(new TokenError('grid at token 2 has 0 robots, expected 1'));
    emptied[2] = TOKEN.ROBOT_UP;
    emptied[3] = TOKEN.ROBOT_UP;
    expect(() => decodeSample(tiny, emptied)).toThrow(new TokenError('grid at token 2 has 2 robots, expected 1'));
    expect(() => decodeProgramTokens([TOKEN.MOVE])).toThrow(
      new TokenError('token 1 is the end of the tokens, expected an action or END'),
    );
    expect(() => decodeSample(tiny, good.subarray(0, 40))).toThrow(TokenError);
  });

  test('a sample of another shape is not encoded', () => {
    expect(() => encodeSample({ ...tiny, examples: 3 }, sample)).toThrow('2 inputs and 2 outputs, expected 3 of each');
    expect(() => encodeSample({ ...tiny, width: 5 }, sample)).toThrow('world is 4x4, expected 5x4');
    const program = Array.from({ length: 5 }, () => 'move' as const);
    expect(() => encodeSample(tiny, { ...sample, program })).toThrow('program has 5 actions, expected at most 4');
  });
});

describe('grammar', () => {
  const allowed = (soFar: number[], cap: number) => {
    return [...allowedNextTokens(soFar, cap)].flatMap((is, token) => (is ? [VOCABULARY[token]!.text] : []));
  };

  test('actions first, END from the second on, only END at the cap, only PAD after END', () => {
    expect(allowed([], 2)).toEqual([...ACTIONS]);
    expect(allowed([TOKEN.MOVE], 2)).toEqual(['END', ...ACTIONS]);
    expect(allowed([TOKEN.MOVE, TOKEN.MOVE], 2)).toEqual(['END']);
    expect(allowed([TOKEN.MOVE, TOKEN.END], 2)).toEqual(['PAD']);
    expect(() => allowed([], 0)).toThrow('maxLength is 0, expected 1 or more');
  });

  test('any walk that it allows is a program of 1 to maxLength actions, and every such program is allowed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1 }), (maxLength, seed) => {
        const random = seeded(seed);
        const tokens: number[] = [];
        while (tokens.at(-1) !== TOKEN.END) {
          const mask = allowedNextTokens(tokens, maxLength);
          const choices = [...mask.keys()].filter((token) => mask[token] === 1);
          tokens.push(choices[Math.floor(random() * choices.length)]!);
        }
        const { length } = decodeProgramTokens(tokens);
        expect(length >= 1 && length <= maxLength).toBe(true);
        const program = encodeProgramTokens(randomActions(random, { minLength: 1, maxLength }));
        program.forEach((token, at) => {
          expect(allowedNextTokens(program.subarray(0, at), maxLength)[token]).toBe(1);
        });
      }),
    );
  });
});
