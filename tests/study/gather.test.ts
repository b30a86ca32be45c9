/** @file Runs that are gathered into a study: the bytes of one process in any order, and each refusal. */
import { beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../src/node/threads.ts';
import { encodeManifest, encodeText, MemoryStore, readManifest, type Store, within } from '../../src/store/index.ts';
import { StudyError } from '../../src/study/errors.ts';
import { gather } from '../../src/study/gather.ts';
import { Run } from '../../src/study/run.ts';
import { reproduceSeeds } from '../../src/study/seeds.ts';
import type { Settings } from '../../src/study/settings.ts';
import { stagesOf } from '../../src/study/stages.ts';
import { reproduce, runSome } from '../../src/study/study.ts';
import { inTemporaryDirectory, karelscope } from '../helpers/command.ts';
import { contextWith, memoryRun, settingsWith } from './memory-runs.ts';

const SETTINGS: Partial<Settings> = {
  ...{ trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5 },
  ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, steps: 4, checkpoints: 1, batchSize: 4 },
  ...{ probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16, probePatience: 1, semantics: 'original' },
  arithmetic: 'simd',
};
const SEEDS = ['2', '9', '10'];

const computing = contextWith({ openEngine: (arithmetic) => openEngine({ arithmetic, threads: 1 }) });
const study = new MemoryStore('study'); // of one process
const single: Record<string, MemoryStore> = {}; // each by itself

beforeAll(async () => {
  await reproduceSeeds(study, { preset: 'smoke', settings: settingsWith(SETTINGS) }, SEEDS, computing);
  for (const seed of SEEDS) {
    const run = memoryRun(SETTINGS, seed, `runs/${seed}`);
    await reproduce(run, computing);
    single[seed] = run.store as MemoryStore;
  }
});

/** A copy that a test may change. */
const storeOf = (seed: string, place = `runs/${seed}`): MemoryStore => single[seed]!.copy(place);

/** What seed 2 made, as if it came of another seed or other settings. */
function madeWith({ seed = '2', ...changes }: Partial<Settings> & { seed?: string }, place: string): Store {
  const original = Run.open(storeOf('2'));
  const plan = { ...original.plan, seed, settings: { ...original.plan.settings, ...changes } };
  const run = Run.create(new MemoryStore(place), plan);
  run.computesWith(original.arithmetic!);
  for (const stage of stagesOf(original.plan, { arithmetic: () => '' })) {
    const made = stage.makes.map((name) => [name, original.read(name)] as const);
    run.keep(stage.name, stage.needs.filter(run.has), Object.fromEntries(made));
  }
  return run.store;
}

/** Digests of all files but those that hold times. */
const bytesOf = (store: Store): Record<string, unknown> =>
  Object.fromEntries(
    store
      .list()
      .filter((name) => !/journal\.jsonl$|report\/index\.html$/.test(name))
      .map((name) => [name, store.digest(name)]),
  );
const everyByte = (store: Store) => Object.fromEntries(store.list().map((name) => [name, store.digest(name)]));

function gathered(sources: readonly Store[], target = new MemoryStore('gathered'), unfinished = false) {
  const lines: string[] = [];
  const results = gather(sources, target, contextWith({ lines }), { unfinished });
  return { target, lines, results };
}

/** That it is refused with this in one line, and that nothing is written. */
function refused(sources: readonly Store[], message: string | RegExp, target = new MemoryStore('gathered')): void {
  const before = everyByte(target);
  let error: unknown;
  try {
    gather(sources, target, contextWith());
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(StudyError);
  if (typeof message === 'string') expect((error as Error).message).toBe(message);
  else expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain('\n');
  expect(everyByte(target)).toEqual(before);
}

/** The manifest says something else of the whole run. */
function relabelled(store: MemoryStore, changes: { karelscope?: string; arithmetic?: string }): MemoryStore {
  store.write('manifest.json', encodeManifest({ ...readManifest(store)!, ...changes }));
  return store;
}

describe('gathered runs', () => {
  test('have, file by file, the bytes of a study that one process made, but for times', () => {
    const { target, results } = gathered(SEEDS.map((seed) => storeOf(seed)));
    expect(results.seeds).toEqual(SEEDS);
    expect(target.list()).toEqual(study.list());
    expect(bytesOf(target)).toEqual(bytesOf(study));
    expect(Object.keys(bytesOf(target)).length).toBeGreaterThan(60);
  });

  test('in another order, and a few at a time, have the same bytes, times and pages included', () => {
    const { target } = gathered(['2', '9', '10'].map((seed) => storeOf(seed)));
    expect(everyByte(gathered(['10', '2', '9'].map((seed) => storeOf(seed))).target)).toEqual(everyByte(target));
    const later = gathered([storeOf('10')]).target;
    gathered([storeOf('9'), storeOf('2')], later);
    expect(everyByte(later)).toEqual(everyByte(target));
  });

  test('may lie in studies, in their place already, or half copied', () => {
    const whole = everyByte(gathered(SEEDS.map((seed) => storeOf(seed))).target);
    const two = gathered([storeOf('2'), storeOf('9')]).target;
    expect(everyByte(gathered([storeOf('10'), two.copy('two')]).target)).toEqual(whole);
    const inPlace = gathered(SEEDS.map((seed) => storeOf(seed))).target;
    gathered(
      SEEDS.map((seed) => within(inPlace, `seed-${seed}`)),
      inPlace,
    );
    expect(everyByte(inPlace)).toEqual(whole);
    const half = two.copy('gathered');
    for (const name of storeOf('10').list('c')) half.write(`seed-10/${name}`, storeOf('10').read(name)!);
    refused([], /^gathered\/seed-10 has no manifest.json, and no run of its seed is given/, half);
    expect(everyByte(gathered([storeOf('10')], half).target)).toEqual(whole);
  });

  test('leave files behind that no manifest knows', () => {
    const store = storeOf('2');
    store.write('notes.txt', encodeText('mine'));
    expect(gathered([store]).target.list().join()).not.toContain('notes');
  });
});

describe('refused, before anything is written:', () => {
  const seed2 = (): MemoryStore => gathered([storeOf('2')]).target;

  test('other settings, by the first that differs, with both values', () => {
    const other = madeWith({ seed: '9', probeSeeds: 2, probeDecay: 0.5 }, 'runs/other');
    refused(
      [storeOf('2'), other],
      /^runs\/other was made with probeDecay 0.5, and runs\/2 with 0.95: a study has the same for all its seeds$/,
    );
    refused([other], /^gathered\/seed-2 was made with probeDecay 0.95, and runs\/other with 0.5/, seed2());
  });

  test('another version of the package, whether mixed or all of another', () => {
    const old = relabelled(storeOf('9'), { karelscope: '0.0.9' });
    refused(
      [storeOf('2'), old],
      /^runs\/9 was made by karelscope 0\.0\.9, and runs\/2 by .*: a study has one version$/,
    );
    refused([old], /^runs\/9 was made by karelscope 0\.0\.9, and this is/);
  });

  test('another arithmetic', () => {
    const fused = relabelled(storeOf('9'), { arithmetic: 'relaxed-simd' });
    refused([storeOf('2'), fused], /^runs\/9 was made with arithmetic relaxed-simd, and runs\/2 with simd/);
  });

  test('a seed twice, in two directories, in one, or in the study already with other bytes', () => {
    refused([storeOf('2'), storeOf('9'), storeOf('2', 'copy')], /^seed 2 is there twice: runs\/2 and copy$/);
    refused([storeOf('2'), storeOf('2')], /^seed 2 is there twice: runs\/2 and runs\/2$/);
    const fresh = storeOf('2');
    const manifest = readManifest(fresh)!;
    const artefacts = manifest.artefacts.map((one) => (one.stage === 'results' ? { ...one, bytes: 7 } : one));
    fresh.write('manifest.json', encodeManifest({ ...manifest, artefacts }));
    refused([fresh], /^seed 2 is there twice: runs\/2 and gathered\/seed-2$/, seed2());
  });

  test('a seed that is no whole number', () => {
    refused(
      [storeOf('2'), madeWith({ seed: 'first' }, 'runs/first')],
      /^runs\/first: seed "first" is no whole number, which a study needs$/,
    );
  });

  test('a run that has not ended, which --unfinished names and leaves out', async () => {
    const run = memoryRun(SETTINGS, '11', 'runs/11');
    await runSome(run, computing, ['corpus', 'train']);
    const message = 'runs/11 (seed 11) is not finished: trace/0 is not done';
    refused([storeOf('2'), run.store], `${message}; go on with it, or leave it out with --unfinished`);
    const { target, lines } = gathered([storeOf('2'), run.store], undefined, true);
    expect(lines[0]).toBe(`left out: ${message}`);
    expect(everyByte(target)).toEqual(everyByte(seed2()));
    expect(() => gathered([run.store], undefined, true)).toThrow('gathered: there is no run that has ended to gather');
  });

  test('a directory that is no run; a target that is a run, or something else', () => {
    const letters = new MemoryStore('letters');
    refused([storeOf('2'), letters], /^letters holds no run \(no settings.json\)$/);
    letters.write('letter.txt', encodeText('dear'));
    refused([letters], /^letters holds no run/);
    refused([storeOf('2')], /^letters is not empty and holds no study/, letters);
    refused([storeOf('2')], /^runs\/9 holds a run of one seed: give another directory/, storeOf('9'));
  });

  test.each([
    ['corpus/train.karel', /^runs\/9\/corpus\/train.karel: damaged: its SHA-256 is/],
    ['checkpoints/step-0000004/model.safetensors', /^runs\/9\/checkpoints.*: damaged: its SHA-256 is/],
    ['settings.json', /^runs\/9\/settings.json: truncated or altered/],
    ['manifest.json', /^runs\/9\/manifest.json: /],
  ])('one altered byte of %s, and the file missing', (name, message) => {
    const store = storeOf('9');
    const bytes = store.read(name)!;
    const at = bytes.length - 4;
    bytes[at] = bytes[at]! ^ 1;
    store.write(name, bytes);
    refused([storeOf('2'), store], message);
    store.remove(name);
    refused([storeOf('2'), store], /^runs\/9.*(missing|no settings.json|not finished)/);
  });

  test('a file in the way of a copy', () => {
    const half = seed2();
    half.write('seed-9/results.json', encodeText('{}'));
    refused([storeOf('9')], /^gathered\/seed-9\/results.json is in the way: it is not that of runs\/9$/, half);
  });
});

test('gather of the command line names what it lacks, and makes no directory', async () => {
  await inTemporaryDirectory(async (directory) => {
    const none = await karelscope('gather', `${directory}/none`, '--out', `${directory}/study`);
    expect(none).toEqual({
      code: 1,
      stdout: '',
      stderr: `karelscope: ${directory}/none holds no run (no settings.json)\n`,
    });
    expect((await karelscope('gather', directory)).stderr).toMatch(/^karelscope: required option '--out <dir>'/);
    expect((await karelscope('verify', `${directory}/study`)).code).toBe(1);
  });
});
