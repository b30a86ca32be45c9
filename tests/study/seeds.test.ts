/** Several seeds of one preset, as a user runs them: by the built command line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DiskStore } from '../../src/node/disk-store.ts';
import type { Results } from '../../src/results/results.ts';
import type { StudyResults } from '../../src/results/study-results.ts';
import { MemoryStore, within } from '../../src/store/index.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { silent } from '../../src/study/progress.ts';
import { Run } from '../../src/study/run.ts';
import { reproduceSeeds } from '../../src/study/seeds.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { inTemporaryDirectory, karelscope } from '../helpers/command.ts';

const SETTINGS = [
  ...['--steps', '20', '--warmup-steps', '1', '--checkpoints', '1', '--train-samples', '1000', '--trace-train', '60'],
  ...['--trace-validation', '40', '--trace-test', '60', '--perplexity-samples', '20', '--semantics', 'original'],
  ...['--probe-samples', '64', '--probe-samples-two-hidden', '64', '--probe-interval', '64', '--probe-patience', '1'],
];
const SMALLEST = [...SETTINGS, '--threads', '1'];
const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8'));

test('--seeds 2: two runs, of seeds 7 and 8, and a study of both', async () => {
  await inTemporaryDirectory(async (directory) => {
    const out = join(directory, 'study');
    const finished = await karelscope('reproduce', 'smoke', '--seed', '7', '--seeds', '2', ...SMALLEST, '--out', out);
    expect([finished.stderr, finished.code]).toEqual(['', 0]);
    const study = read<StudyResults>(out, 'study.json');
    const runs = study.seeds.map((seed) => read<Results>(out, `seed-${seed}`, 'results.json'));
    expect(study).toMatchObject({ format: 'karelscope-study', preset: 'smoke', seeds: ['7', '8'] });
    expect(study.settings['probeSeeds']).toBe(1);
    expect(study.modelSha256).toEqual(runs.map(({ modelSha256 }) => modelSha256));
    expect(new Set(study.modelSha256).size).toBe(2);
    const solves = study.claims.find(({ id }) => id === 'solves')!;
    expect(solves.values).toEqual(
      runs.map(({ checkpoints }) => checkpoints.at(-1)!.generativeAccuracy - checkpoints[0]!.generativeAccuracy),
    );
    expect(solves.mean).toBeCloseTo((solves.values[0]! + solves.values[1]!) / 2, 12);
    const said = [...finished.stdout.matchAll(/^(?:supported|refuted|undecided) +(\S+)/gm)].map(([, id]) => id);
    expect(said).toEqual(study.claims.map(({ id }) => id));
    expect(readFileSync(join(out, 'claims.md'), 'utf8')).toContain('| solves | The model learns');
    const page = readFileSync(join(out, 'report/index.html'), 'utf8');
    const [, options] = /karelscope reproduce smoke --seed 7 --seeds 2 (.*) --out STUDY"/.exec(page)!;
    const sorted = (text: string): string[] => text.split(/ (?=--)/).sort();
    expect(sorted(options!)).toEqual(sorted(SETTINGS.join(' ')));

    const before = readFileSync(join(out, 'study.json'), 'utf8');
    expect((await karelscope('report', out)).code).toBe(0);
    expect(readFileSync(join(out, 'study.json'), 'utf8')).toBe(before);

    const one = await karelscope('reproduce', 'smoke', '--seeds', '2', ...SMALLEST, '--out', join(out, 'seed-7'));
    expect([one.code, one.stderr]).toEqual([1, expect.stringContaining('holds a run of one seed')]);
    const other = await karelscope(
      'reproduce',
      'smoke',
      '--seed',
      '7',
      '--seeds',
      '3',
      ...SMALLEST,
      '--probe-seeds',
      '3',
      '--out',
      out,
    );
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('was made with probeSeeds 1, not 3')]);
    expect(existsSync(join(out, 'seed-9'))).toBe(false);
  });
});

test('a later seed that was made with other settings is refused before any directory is made; a file for --out too', async () => {
  await inTemporaryDirectory(async (directory) => {
    const out = join(directory, 'study');
    const settings = { ...presetNamed('smoke').settings, batchSize: 16, probeSeeds: 3 };
    const run = Run.create(new DiskStore(join(out, 'seed-9')), { preset: 'smoke', seed: '9', settings });
    run.keep('made up', [], {});
    const finished = await karelscope('reproduce', 'smoke', '--seed', '7', '--seeds', '3', '--out', out);
    expect([finished.code, finished.stdout]).toEqual([1, '']);
    expect(finished.stderr).toMatch(/^karelscope: .*seed-9 was made with batchSize 16, not 32/);
    expect(readdirSync(out)).toEqual(['seed-9']);
    expect(readdirSync(join(out, 'seed-9'))).toEqual(['manifest.json', 'settings.json']);
    const file = join(out, 'seed-9', 'settings.json');
    const refused = await karelscope('reproduce', 'smoke', '--seeds', '3', '--out', file);
    expect([refused.code, refused.stderr]).toEqual([1, `karelscope: ${file}: is a file, not a directory\n`]);
  });
});

test.each([
  [{ probeSeeds: 5 }, 'seed-9 was made with probeSeeds 5, not 2'],
  [undefined, 'seed-9 holds no run'],
])(
  'a run of a seed that is not asked for, but lies there with %j, is refused before anything is made',
  async (others, message) => {
    const { settings } = presetNamed('smoke');
    const store = new MemoryStore();
    const nine = within(store, 'seed-9');
    if (others)
      Run.create(nine, { preset: 'smoke', seed: '9', settings: { ...settings, ...others } }).keep('made up', [], {});
    else nine.write('letter.txt', new Uint8Array(3));
    const before = store.list();
    const plan = { preset: 'smoke', settings: { ...settings, probeSeeds: 2 } };
    const openEngine = () => Promise.reject(new Error('it began to compute'));
    await expect(reproduceSeeds(store, plan, ['1', '2'], { progress: silent, openEngine })).rejects.toThrow(message);
    expect(store.list()).toEqual(before);
  },
);

test('settings for which there are not enough specifications leave no run of any seed behind', async () => {
  const cramped = { gridWidth: 1, gridHeight: 1, validationSamples: 2, testSamples: 600 };
  const plan = { preset: 'smoke', settings: { ...presetNamed('smoke').settings, ...cramped } };
  const openEngine = async () => createReferenceEngine('float32');
  const store = new MemoryStore();
  const made = reproduceSeeds(store, plan, ['1', '2'], { progress: silent, openEngine });
  await expect(made).rejects.toThrow('new test specifications');
  expect(store.list()).toEqual([]);
});
