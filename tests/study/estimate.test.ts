/** @file What `karelscope estimate` claims, held against real runs and against what must follow from it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiskStore } from '../../src/node/disk-store.ts';
import { openEngine } from '../../src/node/threads.ts';
import { type Estimate, type EstimatePlan, lengthen } from '../../src/study/estimate.ts';
import { describeEstimate } from '../../src/study/estimate-text.ts';
import { readJournal } from '../../src/study/journal.ts';
import { modelConfig } from '../../src/study/model-config.ts';
import { silent } from '../../src/study/progress.ts';
import { type Rehearsal, rehearse } from '../../src/study/rehearsal.ts';
import { Run } from '../../src/study/run.ts';
import type { Settings } from '../../src/study/settings.ts';
import { durationInWords, formatBytes } from '../../src/study/units.ts';
import { parameterCount } from '../../src/transformer/index.ts';
import { type Finished, karelscope, sharedDirectory } from '../helpers/command.ts';
import { settingsWith } from './memory-runs.ts';

const SMALL: Partial<Settings> = {
  ...{ trainSamples: 2_000, validationSamples: 100, testSamples: 200, n_embd: 8, n_layer: 1, rotary_dim: 2 },
  ...{ traceTrain: 200, traceValidation: 60, traceTest: 100, perplexitySamples: 10, steps: 30, checkpoints: 3 },
  ...{ batchSize: 4, probeSamples: 256, probeSamplesTwoHidden: 64, probeBatch: 16, semantics: 'original' },
};
/** As few programs as are ever rehearsed. */
const FEWEST: Partial<Settings> = { traceTrain: 60, traceValidation: 20, traceTest: 30 };
const engine = await openEngine({ threads: 1 });
afterAll(() => engine.close());
const MACHINE = { memoryBytes: 16e9, diskBytes: 100e9, load: 0.1, processBytes: () => 1e8 };
const plan = (changes: Partial<Settings> = {}): EstimatePlan => ({
  preset: 'smoke',
  seed: '1',
  settings: settingsWith({ ...SMALL, ...changes }),
});
const rehearsalOf = (changes: Partial<Settings> = {}) => rehearse(plan(changes), engine, silent, 0.3);

describe('what follows from it', () => {
  let rehearsed: Rehearsal;
  let one: Estimate;
  const of = (changes: Partial<Settings> = {}, more: Partial<EstimatePlan> = {}, machine = MACHINE) =>
    lengthen({ ...plan(changes), ...more }, rehearsed, engine, machine);

  beforeAll(async () => {
    rehearsed = await rehearsalOf();
    one = of();
  });

  test('totals are sums of their parts, and every stage but the results takes time and room', () => {
    const sum = (parts: object) => Object.values(parts).reduce((total: number, part: number) => total + part, 0);
    expect(one.totalSeconds).toBeCloseTo(sum(one.seconds), 9);
    expect(one.diskTotalBytes).toBeCloseTo(sum(one.disk), 3);
    expect(one.peakMemoryBytes).toBeCloseTo(sum(one.memory), 3);
    for (const kind of ['corpus', 'train', 'trace', 'probe', 'analysis'] as const) {
      expect(one.seconds[kind]).toBeGreaterThan(0);
      expect(one.disk[kind]).toBeGreaterThan(0);
    }
    expect(one).toMatchObject({ fits: true, obstacles: [], seeds: null, threads: 1 });
    expect(one.rehearsed.programs).toBeGreaterThan(100);
    expect(one.rehearsed.programs).toBeLessThanOrEqual(360);
  });

  test('a job of each kind asks for no more memory than the run, all of them for its time and room, however many seeds', () => {
    for (const [kind, { cores, memoryMB, minutes, diskMB }] of Object.entries(one.resources)) {
      const bare = kind === 'corpus' || kind === 'results';
      expect(cores, kind).toBe(1);
      expect(memoryMB, kind).toBeLessThanOrEqual(Math.ceil(one.peakMemoryBytes / 1e6));
      expect(memoryMB, kind)[bare ? 'toBe' : 'toBeGreaterThan'](Math.ceil(one.memory.process / 1e6));
      expect(minutes, kind).toBe(Math.max(1, Math.ceil(one.seconds[kind as 'train'] / 60)));
      expect(diskMB, kind).toBe(Math.ceil(one.disk[kind as 'train'] / 1e6));
    }
    const most = Math.max(...Object.values(one.resources).map(({ memoryMB }) => memoryMB));
    expect(most).toBe(Math.ceil(one.peakMemoryBytes / 1e6));
    const five = of({}, { seeds: 5 });
    expect(five.resources.corpus.diskMB).toBe(one.resources.corpus.diskMB);
  });

  test('five seeds take five times the disk of one, and no more memory; ten times the steps ten times the metrics', () => {
    const five = of({}, { seeds: 5 });
    expect(five.disk.corpus).toBe(5 * one.disk.corpus);
    expect(five.diskTotalBytes / one.diskTotalBytes).toBeCloseTo(5, 1);
    expect(five.memory.hiddenStates / one.memory.hiddenStates).toBeCloseTo(1, 2);
    const longer = of({ steps: 3_000 });
    expect(longer.disk.train).toBeGreaterThan(one.disk.train + 2_900 * 60); // bytes of a line, at least
    expect(longer.seconds.train).toBeGreaterThan(20 * one.seconds.train);
  });

  test('what does not fit is said: memory, disk; of a model that cannot be trained here, a smaller one is timed', async () => {
    const poor = of({}, {}, { ...MACHINE, memoryBytes: 1e6, diskBytes: 1e5 });
    expect(poor.fits).toBe(false);
    expect(poor.obstacles).toEqual([
      expect.stringMatching(/^the run needs about .*, this machine has 1\.0 MB$/),
      expect.stringMatching(/^its files take about .*, 0\.1 MB are free$/),
    ]);
    const size = { n_embd: 4096, n_layer: 40, n_head: 16, rotary_dim: 64, ...FEWEST };
    const huge = lengthen(plan(size), await rehearsalOf(size), engine, MACHINE);
    expect(huge.obstacles[0]).toMatch(/one WebAssembly memory holds at most/);
    expect(huge.rehearsed.parameters).toBeLessThan(1e7);
    expect(huge.seconds.train).toBeGreaterThan(1e3 * one.seconds.train);
    expect(describeEstimate(huge)).toMatch(/^That is an extrapolation: a model of/m);
    const { train, trace, probe, analysis } = huge.resources;
    for (const { memoryMB } of [trace, probe, analysis]) {
      expect(memoryMB).toBeGreaterThan(4e-6 * parameterCount(modelConfig(huge.settings)));
      expect(memoryMB).toBeLessThan(train.memoryMB / 2); // it is not trained, but imported
    }
    expect(describeEstimate(huge).replaceAll('\n', ' ')).toContain('scale/pytorch can train it, and karelscope import');
    expect(describeEstimate(one)).not.toContain('scale/pytorch');
  });

  test('the text has at most 80 columns, every stage, and says when the machine was busy', () => {
    const text = describeEstimate(one);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const kind of Object.keys(one.seconds)) expect(text).toMatch(new RegExp(`^${kind} `, 'm'));
    expect(text).not.toMatch(/load/);
    const busy = describeEstimate({ ...one, machine: { ...one.machine, load: 1.9 } });
    expect(busy).toMatch(/the minute before had a load of 1\.9/);
  });
});

test.each([
  [0.42, '0.4 seconds'],
  [61, '61 seconds'],
  [356, '6 minutes'],
  [5_390, '90 minutes'],
  [6_000, '1.7 hours'],
  [43_200, '12 hours'],
  [7 * 86_400, '7 days'],
  [31_536_000, '1 year'],
  [40 * 31_536_000, '40 years'],
])('%f seconds are %s', (seconds, words) => expect(durationInWords(seconds)).toBe(words));

test.each([
  [2_400_000, '2.4 MB'],
  [466_284_544, '470 MB'],
  [999_900_000, '1.0 GB'],
  [53e9, '53 GB'],
])('%i bytes are %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));

describe('against a run of smoke', () => {
  const directory = sharedDirectory();
  const out = join(directory, 'run');
  let printed: Finished;
  let guess: Estimate;
  let run: Run;

  beforeAll(async () => {
    const probes = '--probe-samples 2048 --probe-samples-two-hidden 256 --probe-interval 256 --trace-train 200';
    const short = `smoke --steps 200 --checkpoints 2 --semantics original --min-length 2 ${probes} --out`.split(' ');
    printed = await karelscope('estimate', ...short, join(directory, 'unmade'), '--json', '--threads', '1');
    expect((await karelscope('reproduce', ...short, out, '--threads', '1')).code).toBe(0);
    guess = JSON.parse(printed.stdout) as Estimate;
    run = Run.open(new DiskStore(out));
  });

  test('--json prints one document, with nothing on standard error, and nothing is written', () => {
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(guess).toMatchObject({ format: 'karelscope-estimate', preset: 'smoke', fits: true, threads: 1 });
    expect(readdirSync(directory)).toEqual(['run']);
  });

  test('the corpus has exactly the estimated bytes, checkpoints within 5 %, traces within 50 %', () => {
    const bytes = (kind: string): number =>
      run.artefacts.reduce((sum, { stage, bytes: own }) => sum + (stage.split('/')[0] === kind ? own : 0), 0);
    expect(bytes('corpus')).toBe(guess.disk.corpus);
    expect(bytes('train') / guess.disk.train).toBeCloseTo(1, 1);
    expect(bytes('trace') / guess.disk.trace).toBeGreaterThan(0.5);
    expect(bytes('trace') / guess.disk.trace).toBeLessThan(1.5);
  });

  test('the memory at its peak is within 35 % of the estimate', () => {
    const { peakMemoryBytes } = readJournal(run.store);
    expect(peakMemoryBytes / guess.peakMemoryBytes).toBeGreaterThan(0.65);
    expect(peakMemoryBytes / guess.peakMemoryBytes).toBeLessThan(1.35);
  });
});

test.each([
  [['tinny'], 1, /^karelscope: unknown preset tinny \(did you mean tiny\?\)/],
  [['smoke', '--stepz', '3'], 2, /^karelscope: unknown option '--stepz' \(nearest: --steps\)/],
  [['smoke', '--seeds', '0'], 2, /seeds/],
  [['smoke', '--seed', 'first', '--seeds', '2'], 1, /seed: "first" is no whole number/],
] as const)('estimate %j ends with code %i and says why', async (args, code, message) => {
  const refused = await karelscope('estimate', ...args);
  expect(refused.code).toBe(code);
  expect(refused.stderr).toMatch(message);
});
