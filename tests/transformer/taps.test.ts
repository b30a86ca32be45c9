import { describe, expect, test } from 'vitest';
import { Tape, type Variable } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { ConfigError, pack, type TapName, type Taps, tapNames } from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { sequences, TINY, tinyModel } from './tiny.ts';

const engine = createReferenceEngine('float64');
const samples = sequences(3, 2, 6);

/** Every activation of a forward pass, in the order in which the taps were called. */
function activations(recording: boolean): [string, { shape: readonly number[]; data: number[] }][] {
  const found: [string, { shape: readonly number[]; data: number[] }][] = [];
  const keep =
    (name: TapName) =>
    ({ value }: Variable): undefined =>
      void found.push([name, { shape: value.shape, data: Array.from(value.data) }]);
  const taps: Taps = Object.fromEntries(tapNames(TINY).map((name) => [name, keep(name)]));
  tinyModel(engine).forward(new Tape(engine, { recording }), pack(engine, samples), { taps });
  return found;
}

describe('taps', () => {
  test('the exact list for two layers', () => {
    expect(tapNames(TINY)).toEqual([
      'hidden_states.0',
      'h.0.ln_1',
      'h.0.attn.qkv_proj',
      'h.0.attn.heads',
      'h.0.attn.out_proj',
      'h.0.mlp.fc_in',
      'h.0.mlp.act',
      'h.0.mlp.fc_out',
      'h.0',
      'hidden_states.1',
      'h.1.ln_1',
      'h.1.attn.qkv_proj',
      'h.1.attn.heads',
      'h.1.attn.out_proj',
      'h.1.mlp.fc_in',
      'h.1.mlp.act',
      'h.1.mlp.fc_out',
      'h.1',
      'hidden_states.2',
      'hidden_states.mean',
      'logits',
    ]);
  });

  test('a misspelt name does not compile', () => {
    // @ts-expect-error: hidden_states
    const name: TapName = 'hidden_state.0';
    // @ts-expect-error: h.0.mlp.fc_in
    const taps: Taps = { 'h.0.mlp.fcin': () => undefined };
    expect([name, taps]).toHaveLength(2);
  });

  test('a layer that the model does not have is a ConfigError', () => {
    const run = (): unknown =>
      tinyModel(engine).forward(new Tape(engine), pack(engine, samples), { taps: { 'h.2': () => undefined } });
    expect(run).toThrow(new ConfigError('taps: no activation h.2 in a model of 2 layers'));
  });

  test('each is called once, in order, with [tokens, width]', () => {
    const found = activations(true);
    const tokens = samples.flat().length;
    expect(found.map(([name]) => name)).toEqual(tapNames(TINY));
    for (const [name, { shape }] of found) {
      const width = name.endsWith('qkv_proj') ? 48 : /fc_in|act/.test(name) ? 64 : name === 'logits' ? 11 : 16;
      expect(shape, name).toEqual([tokens, width]);
    }
  });

  test('recording or not, the activations are the same bits', () => {
    expect(activations(false)).toEqual(activations(true));
  });

  test('hidden_states.mean is the mean over embedding, blocks and final norm, to 1e-14', () => {
    const found = new Map(activations(true));
    const states = [0, 1, 2].map((i) => found.get(`hidden_states.${i}`)!.data);
    const mean = states[0]!.map((value, i) => (value + states[1]![i]! + states[2]![i]!) / 3);
    expectClose(found.get('hidden_states.mean')!.data, mean, { relative: 0, absolute: 1e-14 });
    expect(found.get('hidden_states.1')).toEqual(found.get('h.0'));
    expect(found.get('hidden_states.2')).not.toEqual(found.get('h.1'));
  });

  test('what a tap returns takes the place of the activation', () => {
    const model = tinyModel(engine);
    const logits = (batch: number[][], taps: Taps = {}): ArrayLike<number> =>
      model.forward(new Tape(engine), pack(engine, batch), { taps }).value.data;
    let other: Variable | undefined;
    logits([[5, 6, 7]], { 'h.0': (state) => void (other = state) });
    expect(logits([[1, 2, 3]], { 'h.0': () => other })).toEqual(logits([[5, 6, 7]]));
    expect(logits([[1, 2, 3]])).not.toEqual(logits([[5, 6, 7]]));
  });
});
