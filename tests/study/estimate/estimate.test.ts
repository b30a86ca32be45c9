/** @file What `karelscope estimate` claims, held against formulas by hand and against a real run of `smoke`. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiskStore } from '../../../src/node/disk-store.ts';
import { type Estimate, estimateFrom } from '../../../src/study/estimate/estimate.ts';
import { describeEstimate } from '../../../src/study/estimate/estimate-text.ts';
import { measureModel } from '../../../src/study/estimate/measure-model.ts';
import type { Rates } from '../../../src/study/estimate/measure-rates.ts';
import { readJournal } from '../../../src/study/journal.ts';
import { presetNamed } from '../../../src/study/presets.ts';
import { checkSettings, type Settings, withOverrides } from '../../../src/study/settings.ts';
import { drawSamples } from '../../../src/study/stages/corpus.ts';
import { durationInWords, formatBytes } from '../../../src/study/units.ts';
import { createReferenceEngine } from '../../../src/tensor/reference-engine.ts';
import { type Finished, inTemporaryDirectory, karelscope } from '../../helpers/command.ts';

const PROBE = { start: 0.01, train: 1e-6, test: 1e-7 };
const RATES: Rates = {
  threads: 2,
  arithmetic: 'simd',
  sample: 2e-6,
  step: 0.05,
  program: 1e-3,
  read: 5e-4,
  specification: 1e-3,
  judgement: 2e-4,
  probe: { 0: PROBE, 1: PROBE, 2: PROBE },
  pair: 1e-7,
  execution: 1e-5,
  token: 5e-5,
  resample: 2e-9,
  sign: 1e-8,
  report: 0.5,
  engineBytes: 1e8,
  processBytes: 1e8,
};
const MACHINE = { memoryBytes: 16e9, diskBytes: 100e9, load: 0.1, processBytes: () => 0 };

const settingsWith = (preset: string, changes: Partial<Settings> = {}): Settings =>
  checkSettings(withOverrides(presetNamed(preset).settings, changes));
const estimateOf = (preset: string, changes: Partial<Settings> = {}, machine = MACHINE): Estimate =>
  estimateFrom(RATES, { preset, seed: '1', settings: settingsWith(preset, changes) }, machine);

describe('with the same measured rates', () => {
  const tiny = estimateOf('tiny');

  test('training takes the steps times the seconds of one: twice the steps, twice the time, nothing else longer', () => {
    const twice = estimateOf('tiny', { steps: 7_200 });
    expect(tiny.seconds.train).toBeCloseTo(3_600 * 0.05, 9);
    expect(twice.seconds.train).toBeCloseTo(2 * tiny.seconds.train, 9);
    expect({ ...twice.seconds, train: 0 }).toEqual({ ...tiny.seconds, train: 0 });
  });

  test('the corpus takes its samples times the seconds of one', () => {
    expect(tiny.seconds.corpus).toBeCloseTo((230_400 + 2_000 + 4_000) * 2e-6, 9);
  });

  test('each checkpoint, the initial one too, writes all programs, judges some, and reads samples for perplexities', () => {
    const once = 3_000 * 1e-3;
    expect(tiny.seconds.trace).toBeCloseTo(once + 13 * (9_000 * 1e-3 + 3_000 * 2e-4 + 500 * 5e-4), 9);
  });

  test('the total is the sum of the stages', () => {
    const { corpus, train, trace, probe, analysis, results } = tiny.seconds;
    expect(tiny.totalSeconds).toBeCloseTo(corpus + train + trace + probe + analysis + results, 9);
  });

  test('probes: a linear and a one-hidden-layer one at each checkpoint, five offsets at the last, two hidden layers at two of them', () => {
    const features = 3;
    const semantics = 3;
    const models = 2;
    const each = features * semantics * models;
    const before = each + features * models; // offset -1, and the original at 0
    const now = features * semantics * 4; // records at the last checkpoint: all four at offset 0,
    const earlier = features * (semantics * 2 + 2 + 1); // at -1 those without the action; of the original all, and the control task
    for (const depth of [0, 1] as const) {
      expect(tiny.work.probing[depth].probes).toBe(12 * before + 5 * each + now + earlier);
    }
    expect(tiny.work.probing[2].probes).toBe(2 * features * models);
  });

  test('a probe of a record counts as one of hidden states that is shown as many more pairs as its input is wider', () => {
    const [input, grids] = [4 * 5 + 16 * 15, 4 * 5 + 2 * 16 * 15]; // 5 actions at 4 places; a cell is one of 15 things
    const kinds = 3 * (3 * 2 + 3 + 1); // features x (two of each kind at offset 0, one at -1, and one more of the original)
    const [narrow, wide] = [64, 128].map((n_embd) => estimateOf('tiny', { n_embd }).work.probing[1]);
    const pairs = 5_000 * (11 / 15); // of 1 to 4 actions, 53, 27, 13 and 7 %, a pair less
    const each = 16 * Math.round(pairs);
    const states = narrow!.trained - kinds * each * (input + grids) * (0.5 / 64);
    expect(wide!.trained).toBeCloseTo(states + kinds * each * (input + grids) * (0.5 / 128), 3);
    expect(narrow!.probes).toBe(wide!.probes);
  });

  test('more samples a probe make the probes longer in proportion; a seed more adds offsets -1 and 0 of the last checkpoint, one hidden layer', () => {
    const { start, trained } = { start: tiny.work.probing[1].probes, trained: tiny.work.probing[1].trained };
    const added = 3 * (3 * (2 + 4) + 3 * (2 + 2) + 2 + 1); // features x (offset 0, offset -1, more of the original there)
    const [two, three] = [2, 3].map((probeSeeds) => estimateOf('tiny', { probeSeeds }).work.probing[1]);
    expect([two!.probes - start, three!.probes - start]).toEqual([added, 2 * added]);
    expect(three!.trained - trained).toBeCloseTo(2 * (two!.trained - trained), 6);
    expect(estimateOf('tiny', { probeSeeds: 3 }).work.probing[0]).toEqual(tiny.work.probing[0]); // linear probes are the same
    const half = estimateOf('tiny', { probeSamples: 3_000 }).work.probing[1].trained;
    expect(estimateOf('tiny', { probeSamples: 1_500 }).work.probing[1].trained / half).toBeCloseTo(0.5, 1);
  });

  test('analyses take their programs, tokens, searches, pairs and resamples times the seconds of each', () => {
    const longer = (changes: Partial<Rates>): number => {
      const plan = { preset: 'tiny', seed: '1', settings: settingsWith('tiny') };
      return estimateFrom({ ...RATES, ...changes }, plan, MACHINE).seconds.analysis - tiny.seconds.analysis;
    };
    const all = Object.values(tiny.work.analyses);
    const counted = (key: 'read' | 'tokens' | 'searches' | 'pairs' | 'resampled' | 'signs'): number =>
      all.reduce((sum, work) => sum + work[key], 0);
    expect(longer({ read: 6e-4 })).toBeCloseTo(1e-4 * counted('read'), 6);
    expect(longer({ token: 6e-5 })).toBeCloseTo(1e-5 * counted('tokens'), 6);
    expect(longer({ specification: 2e-3 })).toBeCloseTo(1e-3 * counted('searches'), 6);
    expect(longer({ pair: 2e-7 })).toBeCloseTo(1e-7 * counted('pairs'), 6);
    expect(longer({ resample: 3e-9 })).toBeCloseTo(1e-9 * counted('resampled'), 6);
    expect(longer({ sign: 2e-8 })).toBeCloseTo(1e-8 * counted('signs'), 6);
    expect(longer({ step: 1, sample: 1, program: 1, judgement: 1, report: 1 })).toBe(0);
  });

  test('each trained checkpoint more makes the analyses longer by the same time', () => {
    const [a, b, c] = [12, 24, 36].map((checkpoints) => estimateOf('tiny', { checkpoints }).seconds.analysis);
    expect(b! - a!).toBeGreaterThan(0);
    expect(c! - b!).toBeCloseTo(b! - a!, 9);
  });

  test('five seeds take five times the seconds and the disk of one, and no more memory', () => {
    const plan = { preset: 'tiny', seed: '1', settings: settingsWith('tiny') };
    const five = estimateFrom(RATES, { ...plan, seeds: 5 }, MACHINE);
    for (const stage of ['train', 'analysis', 'results'] as const) {
      expect(five.seconds[stage]).toBeCloseTo(5 * tiny.seconds[stage], 9);
    }
    expect(five.totalSeconds).toBeCloseTo(5 * tiny.totalSeconds, 6);
    expect(five.diskTotalBytes).toBeCloseTo(5 * tiny.diskTotalBytes, 3);
    expect(five).toMatchObject({ seeds: 5, memory: tiny.memory, work: tiny.work });
    expect(tiny.seeds).toBeNull();
    expect(describeEstimate(five)).toMatch(/^karelscope reproduce tiny --seeds 5, on this machine/);
    const room = { ...MACHINE, diskBytes: 3 * tiny.diskTotalBytes };
    expect(estimateFrom(RATES, { ...plan, seeds: 5 }, room).fits).toBe(false);
    expect(estimateFrom(RATES, { ...plan, seeds: 2 }, room).fits).toBe(true);
  });

  test('with few pairs a probe is shown few, never more than its samples, and without any there is none', () => {
    const few = estimateOf('tiny', { traceTrain: 100 }).work.probing[1];
    expect(few.trained).toBeLessThan(few.probes * 300 * 16);
    const most = estimateOf('tiny', { probeSamples: 500 }).work.probing[1];
    expect(most.trained).toBeLessThan(most.probes * 500 * 4); // records are wider than hidden states
    const single = estimateOf('tiny', { maxLength: 1, maxProgramLength: 1 }).work; // its only state is dropped
    expect(single).toMatchObject({ pairs: 0, reread: 0, probing: { 0: { probes: 0 }, 2: { probes: 0 } } });
  });
});

describe('whether it fits', () => {
  test('tiny, small and medium do on a machine with 16 GB of memory and 100 GB of disk', () => {
    for (const preset of ['tiny', 'small', 'medium']) expect(estimateOf(preset)).toMatchObject({ fits: true });
  });

  test('paper does not fit one WebAssembly memory, and is said to be an extrapolation', () => {
    const measuredModel = { parameters: 1_600_000, batchSize: 8, gflops: 90 };
    const settings = settingsWith('paper');
    const paper = estimateFrom({ ...RATES, measuredModel }, { preset: 'paper', seed: '1', settings }, MACHINE);
    expect(paper.fits).toBe(false);
    expect(paper.obstacles[0]).toMatch(/parameters and batches of 39 samples need about .* at most 4\.3 GB/);
    expect(paper.memory.engine).toBeGreaterThanOrEqual(paper.trainingBytes);
    const text = describeEstimate(paper).replaceAll('\n', ' ');
    expect(text).toMatch(/does not fit.*one WebAssembly memory.*If it did, it would take about .*extrapolation/);
    expect(text).toMatch(/memory +about .* GB/);
  });

  test('neither a machine with too little memory nor a disk with too little room will do', () => {
    expect(estimateOf('tiny', {}, { ...MACHINE, memoryBytes: 1e8 }).obstacles).toEqual([
      expect.stringMatching(/of memory, this machine has 100 MB/),
    ]);
    expect(estimateOf('tiny', {}, { ...MACHINE, diskBytes: 1e7 }).obstacles).toEqual([
      expect.stringMatching(/its files take about .*, 10 MB are free/),
    ]);
  });

  test('medium: the records of the last checkpoint, one-hot in float32, are more than its hidden states, and are counted', () => {
    // Programs of 6 to 10 actions, each length half as frequent as the one before; the last state is dropped.
    const meanLength = (6 * 16 + 7 * 8 + 8 * 4 + 9 * 2 + 10 * 1) / 31;
    const programs = 16_000 + 1_500 + 5_000;
    const pairs =
      Math.round(16_000 * (meanLength - 1)) +
      Math.round(1_500 * (meanLength - 1)) +
      Math.round(5_000 * (meanLength - 1));
    const [input, prompt] = [10 * 5 + 36 * 15, 10 * 5 + 2 * 36 * 15]; // 5 actions at 10 places; a cell is one of 15 things
    const block = 12 * 128 ** 2 + 7 * 128; // no bias in attention; two in the MLP, of 4 x 128 and 128; one layer norm
    const parameters = 4 * block + 2 * 128 + 26 * 128 + (26 * 128 + 26); // final layer norm, embedding, untied head
    const states = 2 * 128;
    const work = estimateOf('medium').work;
    expect(work.recordedPairs).toBe(pairs);
    expect(4 * pairs * (input + prompt)).toBeGreaterThan(9e8);
    const engine = 4 * 4 * parameters + 4 * pairs * (states + input + prompt);
    const { memory } = estimateOf('medium');
    expect(memory.engine).toBe(engine);
    // Five copies of the hidden states, as many that the checkpoint before left, and one split's records as bytes.
    const traces = (5 + 5) * programs * meanLength * 4 * 128 + 16_000 * meanLength * prompt;
    expect(memory.traces / traces).toBeCloseTo(1, 9);
  });

  test('without records it needs most when the initial model is probed, whose programs have all ten actions', () => {
    const { memory, work } = estimateOf('medium', { labelExample: -1 });
    expect(work.recordedPairs).toBe(0);
    expect(memory.traces).toBe((5 + 5) * 22_500 * 10 * 4 * 128);
    const pairs = 22_500 * 9 * 5; // of five examples
    expect(memory.engine).toBeGreaterThan(4 * pairs * 2 * 128);
    expect(memory.engine).toBeLessThan(4 * pairs * 2 * 128 + 2e7);
  });

  test('probes with more inputs than one WebAssembly memory holds are no fit either', () => {
    const many = { traceTrain: 900_000, labelExample: -1, lastState: 'kept' } as const;
    expect(estimateOf('medium', many).obstacles.join()).toMatch(/inputs of the probes need/);
  });
});

test('what is printed has at most 80 columns, for every preset', () => {
  for (const preset of ['smoke', 'tiny', 'tiny-control', 'small', 'medium', 'paper']) {
    const text = describeEstimate(estimateOf(preset));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^analysis /m);
  }
});

test('a busy machine is told of, since its times are too long', () => {
  const plan = { preset: 'tiny', seed: '1', settings: settingsWith('tiny') };
  const said = (load: number): string => describeEstimate(estimateFrom(RATES, plan, { ...MACHINE, load }));
  expect(said(1.9)).toMatch(/the minute before had a load of 1\.9/);
  expect(said(0.1)).not.toMatch(/load/);
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
  let directory = '';
  let release = (): void => {};
  let run: Finished;
  let printed: Finished;
  let estimate: Estimate;

  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      inTemporaryDirectory(async (path) => {
        directory = path;
        const short = 'smoke --steps 200 --checkpoints 2 --semantics original --min-length 2 --out'.split(' ');
        [printed, run] = await Promise.all([
          karelscope('estimate', ...short, join(path, 'unmade'), '--json', '--threads', '1'),
          karelscope('reproduce', ...short, join(path, 'run'), '--threads', '2'),
        ]);
        ready();
        await new Promise<void>((end) => (release = end));
      }).catch(failed);
    });
    estimate = JSON.parse(printed.stdout) as Estimate;
  });
  afterAll(() => release());

  const bytesOf = (...names: string[]): number => {
    const path = join(directory, 'run', ...names);
    if (!existsSync(path)) return 0;
    if (!statSync(path).isDirectory()) return statSync(path).size;
    return readdirSync(path).reduce((sum, name) => sum + bytesOf(...names, name), 0);
  };

  test('--json prints one document, with nothing on standard error', () => {
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(run.code).toBe(0);
    expect(estimate).toMatchObject({ format: 'karelscope-estimate', preset: 'smoke', fits: true, obstacles: [] });
    expect(estimate.rates.threads).toBe(1);
    expect(Object.keys(estimate.seconds)).toEqual(['corpus', 'train', 'trace', 'probe', 'analysis', 'results']);
    for (const seconds of Object.values(estimate.seconds)) expect(seconds).toBeGreaterThan(0);
  });

  test('nothing is written by an estimate', () => expect(readdirSync(directory)).toEqual(['run']));

  test('the corpus has exactly the estimated bytes, checkpoints within 5 %, traces and results within 50 %', () => {
    const { corpus, checkpoints, traces, results } = estimate.disk;
    expect(bytesOf('corpus')).toBe(corpus);
    expect(bytesOf('checkpoints') / checkpoints).toBeCloseTo(1, 1); // within 5 %
    const ratios = [
      bytesOf('traces') / traces,
      (bytesOf() - ['corpus', 'checkpoints', 'traces'].reduce((sum, name) => sum + bytesOf(name), 0)) / results,
    ];
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(1.5);
    }
  });

  test('the memory at its peak is within 35 % of the estimate', () => {
    const { peakMemoryBytes } = readJournal(new DiskStore(join(directory, 'run')));
    expect(peakMemoryBytes / estimate.peakMemoryBytes).toBeGreaterThan(0.65);
    expect(peakMemoryBytes / estimate.peakMemoryBytes).toBeLessThan(1.35);
  });
});

test('the model of tiny-control is measured; edits, for which no cases are drawn there, take no time', () => {
  const model = { n_embd: 16, n_layer: 1, rotary_dim: 4, batchSize: 4, maxLength: 6 } as const;
  const settings = settingsWith('tiny-control', model);
  const samples = drawSamples(settings, 16, '1');
  const { token, ...rates } = measureModel(createReferenceEngine('float32'), settings, samples, '1');
  expect(token).toBe(0);
  for (const seconds of [rates.step, rates.program, rates.read]) expect(seconds).toBeGreaterThan(0);
});

describe('wrong input', () => {
  test.each([
    [['tinny'], 1, /^karelscope: unknown preset tinny \(did you mean tiny\?\)/],
    [['smoke', '--stepz', '3'], 2, /^karelscope: unknown option '--stepz' \(nearest: --steps\)/],
    [['smoke', '--steps', 'many'], 2, /steps/],
    [['smoke', '--threads', '0'], 2, /threads/],
    [['smoke', '--seeds', '0'], 2, /seeds/],
    [['smoke', '--seed', 'a', '--seeds', '2'], 1, /seed: "a" is no whole number, which --seeds needs/],
    [['smoke', '--n-head', '6'], 1, /n_head: 6 is no multiple of 4/],
  ])('estimate %j ends with one line and the code of reproduce', async (args, code, message) => {
    const [refused, reproduce] = await Promise.all(
      ['estimate', 'reproduce'].map((command) => karelscope(command, ...args, '--out', '/nonexistent/run')),
    );
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused!.stderr).toMatch(message);
    expect(refused!.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused!.code).toBe(reproduce!.code);
    expect(refused!.stderr).toBe(reproduce!.stderr);
  });
});
