import { describe, expect, test } from 'vitest';
import { linearSchedule } from '../../src/autograd/index.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import {
  CHECKPOINT_FILES,
  CheckpointError,
  decodeCheckpoint,
  decodeModel,
  decodeSafetensors,
  decodeTrainingState,
  encodeCheckpoint,
  encodeModel,
  type Files,
  parameterSpecs,
  Trainer,
  type TrainerSettings,
} from '../../src/transformer/index.ts';
import { sequences, TINY, tinyModel } from './tiny.ts';

const settings: TrainerSettings = {
  schedule: linearSchedule({ peak: 0.01, warmupSteps: 2, totalSteps: 6 }),
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clip: 1,
};
const withMuon: TrainerSettings = { ...settings, optimizer: 'muon' };
const samples = sequences(6, 4, 9);
const engine = createReferenceEngine('float32');

function train(trainer: Trainer, steps: number): number[] {
  return Array.from({ length: steps }, () => trainer.step({ sequences: samples }).loss);
}

function checkpoint(steps = 2): Record<(typeof CHECKPOINT_FILES)[number], Uint8Array> {
  const trainer = new Trainer(engine, tinyModel(engine), settings);
  train(trainer, steps);
  return encodeCheckpoint(trainer, { corpus: { epoch: 0, sample: 128 }, random: [1, 2, 3] });
}

/** Both ways of reading a checkpoint, with one file replaced. */
function read(files: Files): void {
  decodeCheckpoint(engine, files);
}

describe('checkpoint', () => {
  test.each([
    ['adamw', settings],
    ['muon', withMuon],
  ])('%s: six steps, and three, checkpoint, three, give identical bits', (_, settings) => {
    const whole = new Trainer(engine, tinyModel(engine), settings);
    const losses = train(whole, 6);

    const first = new Trainer(engine, tinyModel(engine), settings);
    const firstLosses = train(first, 3);
    const { model, state } = decodeCheckpoint(engine, encodeCheckpoint(first));
    const second = new Trainer(engine, model, settings);
    second.restore(state);
    expect([...firstLosses, ...train(second, 3)]).toEqual(losses);
    expect(encodeCheckpoint(second)).toEqual(encodeCheckpoint(whole));
  });

  test('without the moments the bits differ: the comparison can fail', () => {
    const first = new Trainer(engine, tinyModel(engine), settings);
    train(first, 3);
    const { model, state } = decodeCheckpoint(engine, encodeCheckpoint(first));
    const second = new Trainer(engine, model, settings);
    second.restore({ ...state, moments: new Trainer(engine, model, settings).state().moments });
    train(first, 3);
    train(second, 3);
    expect(encodeModel(second.model)).not.toEqual(encodeModel(first.model));
  });

  test('adamw is what goes without saying: the same bytes', () => {
    const [said, unsaid] = [{ ...settings, optimizer: 'adamw' as const }, settings].map((each) => {
      const trainer = new Trainer(engine, tinyModel(engine), each);
      train(trainer, 2);
      return encodeCheckpoint(trainer);
    });
    expect(said).toEqual(unsaid);
  });

  test('a checkpoint of one optimizer is refused by the other, which misses its own', () => {
    const [adamw, muon] = [settings, withMuon].map((each) => new Trainer(engine, tinyModel(engine), each));
    const matrix = 'transformer.h.0.attn.qkv_proj.weight';
    const refused = (name: string) => new CheckpointError('optimizer.safetensors', `has no ${name}.${matrix}`);
    expect(() => muon!.restore(adamw!.state())).toThrow(refused('momentum'));
    expect(() => adamw!.restore(muon!.state())).toThrow(refused('m'));
  });

  test('the same training gives the same bytes, in exactly four files', () => {
    expect(checkpoint()).toEqual(checkpoint());
    expect(Object.keys(checkpoint()).sort()).toEqual([...CHECKPOINT_FILES].sort());
  });

  test('what the caller gave comes back', () => {
    const { step, extra } = decodeTrainingState(checkpoint());
    expect(step).toBe(2);
    expect(extra).toEqual({ corpus: { epoch: 0, sample: 128 }, random: [1, 2, 3] });
  });

  test('model.safetensors has the parameters under their names, and format pt', () => {
    const { tensors, metadata } = decodeSafetensors(checkpoint()['model.safetensors'], 'model.safetensors');
    const found = [...tensors].map(([name, { shape }]) => ({ name, shape }));
    expect(found.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
      parameterSpecs(TINY).sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
    expect(metadata['format']).toBe('pt');
  });

  describe.each(CHECKPOINT_FILES)('%s', (file) => {
    const files = checkpoint();
    const bytes = files[file];
    const readWith = (changed: Uint8Array) => () => read({ ...files, [file]: changed });

    test('is refused when missing, by name', () => {
      const { [file]: _, ...others } = files;
      expect(() => read(others)).toThrow(new CheckpointError(file, 'is missing'));
    });

    test('truncated to any of 60 lengths is refused, by name', () => {
      for (let i = 0; i < 60; i++) {
        const length = i < 30 ? bytes.length - 1 - i : Math.floor(((i - 30) / 30) * bytes.length);
        expect(readWith(bytes.slice(0, length)), `${length} bytes`).toThrow(CheckpointError);
        expect(readWith(bytes.slice(0, length)), `${length} bytes`).toThrow(file);
      }
    });

    test('with any of 150 bytes flipped, or one more at its end, is refused, by name', () => {
      for (let i = 0; i < 150; i++) {
        const at = i < 75 ? i * 3 : Math.floor(((i - 75) / 75) * bytes.length);
        const changed = bytes.slice();
        changed[at % bytes.length]! ^= 1 << (i % 8);
        expect(readWith(changed), `byte ${at}`).toThrow(CheckpointError);
        expect(readWith(changed), `byte ${at}`).toThrow(file);
      }
      expect(readWith(Uint8Array.of(...bytes, 32))).toThrow(CheckpointError);
    });

    test('of another step is refused', () => {
      if (file === 'config.json') return; // is the same at every step
      expect(readWith(checkpoint(3)[file])).toThrow(CheckpointError);
    });
  });

  test('the model alone is refused when its config.json or a weight is altered', () => {
    const files = encodeModel(tinyModel(engine));
    expect(() => decodeModel(engine, files)).not.toThrow();
    for (const file of ['config.json', 'model.safetensors'] as const) {
      const changed = files[file].slice();
      changed[changed.length - 9]! ^= 4;
      expect(() => decodeModel(engine, { ...files, [file]: changed })).toThrow(`${file}: altered`);
    }
  });

  test('a trainer refuses the moments of another model', () => {
    const trainer = new Trainer(engine, tinyModel(engine), settings);
    const other = new Trainer(engine, tinyModel(engine, { n_layer: 1 }), settings).state();
    expect(() => trainer.restore(other)).toThrow('optimizer.safetensors: has no m.transformer.h.1.ln_1.weight');
    const wide = new Trainer(engine, tinyModel(engine, { n_inner: 8 }), settings).state();
    expect(() => trainer.restore(wide)).toThrow('has the shape [8, 16], expected [64, 16]');
  });
});
