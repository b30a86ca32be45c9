/** @file A run: whose settings it has, when its checkpoints are, in which order it sees its samples. */
import { describe, expect, test } from 'vitest';
import { encodeText, MemoryStore } from '../../src/store/index.ts';
import { BatchOrder } from '../../src/study/batches.ts';
import { metricsText, parseMetrics } from '../../src/study/metrics.ts';
import { checkpointSteps, Run } from '../../src/study/run.ts';
import { settingsWith } from './memory-runs.ts';

const plan = { preset: 'smoke', seed: '1', settings: settingsWith({}) };

function begun(): MemoryStore {
  const store = new MemoryStore('runs/x');
  Run.create(store, plan).keep('made up', [], { a: encodeText('a') });
  return store;
}

describe('a run', () => {
  test('writes nothing before there is something to keep, and then its settings first', () => {
    const store = new MemoryStore();
    const run = Run.create(store, plan);
    expect(store.list()).toEqual([]);
    run.keep('made up', [], { a: encodeText('a') });
    expect(store.list()).toEqual(['a', 'manifest.json', 'settings.json']);
  });

  test('the same plan is opened again, any other is refused with the first setting that differs', () => {
    const store = begun();
    expect(Run.create(store, plan).plan).toEqual(plan);
    expect(() => Run.create(store, { ...plan, seed: '2' })).toThrow(/was made with seed 1, not 2/);
    const settings = { ...plan.settings, learningRate: 1, batchSize: 7 };
    expect(() => Run.create(store, { ...plan, settings })).toThrow(/was made with batchSize 32, not 7/);
    expect(Run.open(store).plan).toEqual(plan);
  });

  test('settings.json does not say adamw, as those of runs from before muon do not, and is read as if it did', () => {
    const written = (store: MemoryStore) => new TextDecoder().decode(store.read('settings.json'));
    expect(plan.settings.optimizer).toBe('adamw');
    expect(written(begun())).not.toMatch(/optimizer/);
    expect(Run.open(begun()).plan.settings).toEqual(plan.settings);
    const muon = { ...plan, settings: settingsWith({ optimizer: 'muon' }) };
    const store = new MemoryStore('runs/x');
    Run.create(store, muon).keep('made up', [], {});
    expect(written(store)).toMatch(/"optimizer": "muon",\n {4}"learningRate"/);
    expect(Run.open(store).plan).toEqual(muon);
    expect(() => Run.create(store, plan)).toThrow(/was made with optimizer muon, not adamw/);
  });

  test('nor does it say relaxed-simd; simd it says, and the one is not gone on with as the other', () => {
    const written = (store: MemoryStore) => new TextDecoder().decode(store.read('settings.json'));
    expect(plan.settings.arithmetic).toBe('relaxed-simd');
    expect(written(begun())).not.toMatch(/arithmetic/);
    const simd = { ...plan, settings: settingsWith({ arithmetic: 'simd' }) };
    const store = new MemoryStore('runs/x');
    Run.create(store, simd).keep('made up', [], {});
    expect(written(store)).toMatch(/"arithmetic": "simd"/);
    expect(Run.open(store).plan).toEqual(simd);
    expect(() => Run.create(store, plan)).toThrow(/was made with arithmetic simd, not relaxed-simd/);
  });

  test('a store that holds something else is refused, and left as it is', () => {
    const store = new MemoryStore('runs/x');
    store.write('letter.txt', encodeText('dear reader'));
    expect(() => Run.create(store, plan)).toThrow(/is not empty and holds no run/);
    expect(() => Run.open(store)).toThrow(/runs\/x holds no run/);
    expect(store.list()).toEqual(['letter.txt']);
  });

  test('settings that were cut off, edited or of an unknown name are refused with the file', () => {
    const store = begun();
    const text = new TextDecoder().decode(store.read('settings.json'));
    for (const wrong of [text.slice(0, -20), text.replace('"steps": 1000', '"steps": 1001'), '{}', 'null', '[1]']) {
      store.write('settings.json', encodeText(wrong));
      expect(() => Run.open(store)).toThrow(/settings\.json/);
    }
    store.write('settings.json', encodeText(text.replace('"steps"', '"stops"')));
    expect(() => Run.open(store)).toThrow(/unknown setting stops/);
  });

  test('settings that were lost come back with the same plan, and with no other', () => {
    const store = begun();
    const before = store.read('settings.json');
    store.remove('settings.json');
    expect(() => Run.create(store, { ...plan, seed: '2' })).toThrow(/was made with others than these/);
    Run.create(store, plan);
    expect(store.read('settings.json')).toEqual(before);
  });

  test('an artefact is read only while it is as the manifest says', () => {
    const store = begun();
    store.write('a', encodeText('b'));
    expect(() => Run.open(store).read('a')).toThrow(/runs\/x\/a: altered: its SHA-256 .*; karelscope verify --repair/);
    store.remove('a');
    expect(() => Run.open(store).read('a')).toThrow(/runs\/x\/a: is missing/);
    expect(() => Run.open(store).read('b')).toThrow(/has not been made yet/);
  });

  test('what cannot be written whole leaves nothing: neither files nor a manifest that has them', () => {
    const store = begun();
    const before = store.read('manifest.json');
    const run = Run.open(store);
    const broken = (function* () {
      yield encodeText('half');
      throw new Error('no space is left');
    })();
    expect(() => run.keep('next', ['a'], { b: encodeText('b'), c: broken })).toThrow('no space is left');
    expect(store.list()).toEqual(['a', 'manifest.json', 'settings.json']);
    expect(store.read('manifest.json')).toEqual(before);
  });

  test('a run that was computed with one arithmetic is not gone on with in another', () => {
    const run = Run.open(begun());
    run.computesWith('simd');
    expect(() => run.computesWith('relaxed-simd')).toThrow(/was computed with simd arithmetic/);
  });

  test('checkpoints are evenly spaced, from 0 to the last step', () => {
    const settings = { ...plan.settings, steps: 10, checkpoints: 4 };
    expect(checkpointSteps({ ...plan, settings })).toEqual([0, 3, 5, 8, 10]);
  });
});

describe('order of the batches', () => {
  test('each epoch takes every sample once; the first in order, later ones in orders of their own', () => {
    const order = new BatchOrder(60, 12, 'seed');
    const epochs = [0, 1, 2].map((epoch) => [0, 1, 2, 3, 4].flatMap((batch) => order.batch(epoch * 5 + batch)));
    const all = Array.from({ length: 60 }, (_, index) => index);
    expect(epochs[0]).toEqual(all);
    for (const samples of epochs) expect([...samples].sort((a, b) => a - b)).toEqual(all);
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(epochs[2]).not.toEqual(epochs[1]);
    expect(order.epochs(5)).toBe(1);
  });

  test('a batch is the same whether or not those before it were asked for', () => {
    const order = new BatchOrder(100, 7, 'seed');
    for (let step = 0; step < 40; step++) order.batch(step);
    expect(new BatchOrder(100, 7, 'seed').batch(40)).toEqual(order.batch(40));
    expect(new BatchOrder(100, 7, 'other').batch(40)).not.toEqual(order.batch(40));
  });
});

test('metrics: what was written is read; a line that is none, or cut off, is named', () => {
  const line = { step: 1, epoch: 0, loss: 0.5, learningRate: 1, gradientNorm: 2, tokens: 3 };
  const text = metricsText([line, { ...line, step: 2 }]);
  expect(parseMetrics(encodeText(text), 'metrics')).toEqual([line, { ...line, step: 2 }]);
  expect(() => parseMetrics(encodeText(text.slice(0, -5)), 'metrics')).toThrow(/metrics: its last line is cut off/);
  expect(() => parseMetrics(encodeText(text.replace('{', '[')), 'metrics')).toThrow(/metrics: line 1 /);
});
