import { describe, expect, test } from 'vitest';
import { Tape } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  BatchError,
  type GenerateOptions,
  generate,
  hiddenStates,
  pack,
  type TapName,
  tapNames,
} from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { sequences, TINY, tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float64');
const model = tinyModel(engine);
const prompts = sequences(40, 1, 14, 5);
const END = 10;
const options: GenerateOptions = { maxNewTokens: 9, endToken: END };

/** Logits after the last token of one sequence. */
function nextLogits(sequence: number[]): number[] {
  const all = model.forward(new Tape(engine), pack(engine, [sequence])).value;
  return Array.from(all.data.slice(-TINY.vocab_size));
}

describe('generate', () => {
  const results = generate(engine, model, prompts, options);

  test('each token has the largest logit of the plain forward pass, and its log-probability to 1e-12', () => {
    results.forEach(({ tokens, logProbabilities }, number) => {
      tokens.forEach((token, i) => {
        const logits = nextLogits([...prompts[number]!, ...tokens.slice(0, i)]);
        expect(token).toBe(logits.indexOf(Math.max(...logits)));
        const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
        expectClose([logProbabilities[i]!], [logits[token]! - Math.log(total)], { relative: 0, absolute: 1e-12 });
      });
    });
  });

  test('a sample ends with its first end token, or with maxNewTokens', () => {
    const ended = results.filter(({ tokens }) => tokens.includes(END));
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.length).toBeLessThan(results.length);
    for (const { tokens } of results) {
      expect(tokens.length).toBe(tokens.includes(END) ? tokens.indexOf(END) + 1 : options.maxNewTokens);
    }
    expect(new Set(results.map(({ tokens }) => tokens.length)).size).toBeGreaterThan(2);
  });

  test.each(['float32', 'float64'] as const)(
    'cached and uncached give the same tokens, and activations within 1e-5, in %s',
    (precision) => {
      const engine = createReferenceEngine(precision);
      const model = tinyModel(engine);
      const taps = tapNames(TINY);
      const cached = generate(engine, model, prompts, { ...options, taps });
      const uncached = generate(engine, model, prompts, { ...options, taps, cache: false });
      expect(cached.map(({ tokens }) => tokens)).toEqual(uncached.map(({ tokens }) => tokens));
      cached.forEach(({ logProbabilities, activations }, i) => {
        expectClose(logProbabilities, uncached[i]!.logProbabilities, { relative: 0, absolute: 1e-5 });
        for (const name of taps) {
          expectClose(activations[name]!, uncached[i]!.activations[name]!, { absolute: 1e-5, relative: 1e-5 }, name);
        }
      });
    },
  );

  test.each([true, false])('the result does not depend on the batch size, with cache %s', (cache) => {
    for (const batchSize of [1, 7]) {
      const tokens = generate(engine, model, prompts, { ...options, cache, batchSize }).map(({ tokens }) => tokens);
      expect(tokens).toEqual(results.map(({ tokens }) => tokens));
    }
  });

  test('activations are those from which the token was generated, to 1e-12', () => {
    const taps: TapName[] = ['hidden_states.mean', 'hidden_states.1'];
    const tapped = generate(engine, model, prompts, { ...options, taps });
    const whole = tapped.map(({ tokens }, i) => [...prompts[i]!, ...tokens]);
    const positions = tapped.map(({ tokens }, i) => tokens.map((_, token) => prompts[i]!.length + token - 1));
    const joined = (name: TapName): number[] => tapped.flatMap(({ activations }) => Array.from(activations[name]!));
    const mean = hiddenStates(engine, model, whole, positions);
    expectClose(joined('hidden_states.mean'), mean, { relative: 0, absolute: 1e-12 });
    expectClose(joined('hidden_states.1'), hiddenStates(engine, model, whole, positions, { layer: 1 }), {
      relative: 0,
      absolute: 1e-12,
    });
    expect(() => expectClose(joined('hidden_states.1'), mean, { relative: 0, absolute: 1e-3 })).toThrow('differ');
  });

  test('a mask decides what may follow, seeing what was generated for that prompt', () => {
    const seen: [number, number[]][] = [];
    const allowed = (generated: readonly number[], prompt: number): Uint8Array | undefined => {
      seen.push([prompt, [...generated]]);
      if (prompt === 1) return undefined;
      const mask = new Uint8Array(TINY.vocab_size);
      mask[generated.length < 2 ? 7 : END] = 1;
      return mask;
    };
    for (const cache of [true, false]) {
      const [first, second] = generate(engine, model, prompts.slice(0, 2), { ...options, allowed, cache });
      expect(first!.tokens).toEqual([7, 7, END]);
      expect(second!.tokens).toEqual(results[1]!.tokens);
      const logits = nextLogits(prompts[0]!);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expectClose([first!.logProbabilities[0]!], [logits[7]! - Math.log(total)], { relative: 0, absolute: 1e-12 });
    }
    expect(seen.filter(([prompt]) => prompt === 0).slice(0, 3)).toEqual([
      [0, []],
      [0, [7]],
      [0, [7, 7]],
    ]);
  });

  test('of equal logits the lowest id is taken', () => {
    const flat = tinyModel(engine);
    flat.parameter('lm_head.weight').value.data.fill(0);
    flat.parameter('lm_head.bias').value.data.set([0, 0, 5, 0, 5, 5, 0, 0, 0, 0, 0]);
    expect(generate(engine, flat, [[1]], { maxNewTokens: 2, endToken: END })[0]!.tokens).toEqual([2, 2]);
  });

  test('no new tokens, no prompts', () => {
    expect(generate(engine, model, prompts.slice(0, 1), { ...options, maxNewTokens: 0 })[0]!.tokens).toEqual([]);
    expect(generate(engine, model, [], options)).toEqual([]);
  });

  test('progress is reported after each batch', () => {
    const done: number[] = [];
    generate(engine, model, prompts, { ...options, batchSize: 16, onProgress: (count) => void done.push(count) });
    expect(done).toEqual([16, 32, 40]);
  });

  test.each<[number[], Partial<GenerateOptions>, string]>([
    [[], {}, 'prompt 1 is empty'],
    [new Array(16).fill(1), {}, 'prompt 1 of 16 tokens and 9 new ones exceed n_positions = 24'],
    [
      [1],
      { allowed: () => new Uint8Array(TINY.vocab_size) },
      'no token is allowed after 0 generated tokens of prompt 0',
    ],
  ])('%j with %j is refused: %s', (prompt, change, message) => {
    const run = (): unknown => generate(engine, model, [[1], prompt], { ...options, ...change });
    expect(run).toThrow(BatchError);
    expect(run).toThrow(message);
  });

  test('a longer cap only adds tokens', () => {
    const short = generate(engine, model, prompts, { ...options, maxNewTokens: 4 });
    short.forEach(({ tokens }, i) => void expect(tokens).toEqual(results[i]!.tokens.slice(0, 4)));
  });
});
