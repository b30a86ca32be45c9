import { describe, expect, test } from 'vitest';
import { Tape } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  type HiddenStateLayer,
  hiddenStates,
  hiddenStatesOfLayers,
  pack,
  tokenLosses,
} from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { sequences, TINY, tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float64');
const model = tinyModel(engine);
const samples = sequences(9, 3, 8);
const width = TINY.n_embd;

describe('hiddenStates', () => {
  /** Hidden state `layer` of one sample, by a tap of the plain forward pass. */
  function state(sample: number, layer: number, position: number): number[] {
    let found: number[] = [];
    model.forward(new Tape(engine), pack(engine, [samples[sample]!]), {
      taps: {
        [`hidden_states.${layer}`]: ({ value }: { value: { data: ArrayLike<number> } }) => {
          found = Array.from(value.data).slice(position * width, (position + 1) * width);
          return undefined;
        },
      },
    });
    return found;
  }

  test.each([0, 1, 2])('layer %i at chosen positions, in order, whatever the batch size', (layer) => {
    const positions = samples.map((sample, i) => (i === 4 ? [] : [sample.length - 1, 0]));
    const expected = positions.flatMap((chosen, i) => chosen.flatMap((position) => state(i, layer, position)));
    for (const batchSize of [1, 4, 100]) {
      expect(Array.from(hiddenStates(engine, model, samples, positions, { layer, batchSize }))).toEqual(expected);
    }
  });

  test('by default the mean over embedding, blocks and final norm, to 1e-14', () => {
    const mean = Array.from({ length: width }, (_, j) => [0, 1, 2].reduce((sum, l) => sum + state(0, l, 1)[j]! / 3, 0));
    expectClose(hiddenStates(engine, model, samples, [[1]]), mean, { relative: 0, absolute: 1e-14 });
  });

  test('a position outside of its sequence and a layer that is not there are refused', () => {
    const length = samples[8]!.length;
    const positions = samples.map((_, i) => (i === 8 ? [length] : [0]));
    expect(() => hiddenStates(engine, model, samples, positions, { batchSize: 4 })).toThrow(
      `position ${length} of sequence 8, which has ${length} tokens`,
    );
    expect(() => hiddenStates(engine, model, samples, [[0]], { layer: 3 })).toThrow('no activation hidden_states.3');
  });
});

describe('hiddenStatesOfLayers', () => {
  const layers: HiddenStateLayer[] = [2, 'mean', 0, 1, 2];
  const positions = samples.map((sample, i) => (i === 4 ? [] : [sample.length - 1, 0]));

  test.each(['float64', 'float32'] as const)(
    'in %s, the bits of one pass a layer, in the order asked for',
    (precision) => {
      const own = createReferenceEngine(precision);
      const tiny = tinyModel(own);
      const expected = layers.map((layer) => hiddenStates(own, tiny, samples, positions, { layer }));
      for (const batchSize of [1, 4, undefined]) {
        expect(hiddenStatesOfLayers(own, tiny, samples, positions, layers, batchSize)).toEqual(expected);
      }
      expect(new Set(expected.map((states) => states.join())).size).toBe(4);
    },
  );

  test('a layer that is not there is refused', () => {
    expect(() => hiddenStatesOfLayers(engine, model, samples, positions, [0, 3])).toThrow(
      'no activation hidden_states.3',
    );
  });
});

describe('tokenLosses', () => {
  test('are -log softmax of the next token, to 1e-12, whatever the batch size', () => {
    const expected = samples.map((sample) => {
      const logits = model.forward(new Tape(engine), pack(engine, [sample])).value;
      return sample.slice(1).map((token, t) => {
        const row = Array.from(logits.rows(t, t + 1).data);
        return Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[token]!;
      });
    });
    for (const batchSize of [2, 100]) {
      const losses = tokenLosses(engine, model, samples, { batchSize });
      losses.forEach((found, i) => void expectClose(found, expected[i]!, { relative: 0, absolute: 1e-12 }));
      expect(losses.length).toBe(samples.length);
    }
  });
});
