/** @file Whole training steps of the presets, as a run takes them: how fast, and where the time goes. */
import { performance } from 'node:perf_hooks';
import { randomStream } from '../src/random.ts';
import { modelConfig } from '../src/study/model-config.ts';
import { type Preset, presetNamed } from '../src/study/presets.ts';
import { drawSamples } from '../src/study/stages/corpus.ts';
import { trainerSettings, trainingBatch } from '../src/study/stages/train.ts';
import type { Engine } from '../src/tensor/index.ts';
import { CodeGen, stepFlops, Trainer } from '../src/transformer/index.ts';
import { median, repeat } from './measure.ts';
import { MEASURED_PRESETS } from './presets.ts';
import type { KernelTime, Step } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number, percent } from './table.ts';
import { KernelClock, timedEngine } from './timed-engine.ts';

/** Different batches that the repetitions go through: lengths differ from one to the next. */
const BATCHES = 8;

const TINY = presetNamed('tiny');
/** The presets, and what Muon costs beside AdamW: its products are work that FLOP do not count. */
const CASES: readonly Preset[] = [
  ...MEASURED_PRESETS,
  { ...TINY, name: 'tiny with muon', settings: { ...TINY.settings, optimizer: 'muon' } },
];

function measureStep(engine: Engine, { name: preset, settings }: Preset, ceiling: number): Step {
  const config = modelConfig(settings);
  const clock = new KernelClock();
  const timed = timedEngine(engine, clock);
  const model = CodeGen.initialize(timed, config, randomStream('1', 'model'));
  const trainer = new Trainer(timed, model, trainerSettings(settings));
  const samples = drawSamples(settings, BATCHES * settings.batchSize, '1');
  const batches = Array.from({ length: BATCHES }, (_, index) =>
    samples.slice(index * settings.batchSize, (index + 1) * settings.batchSize),
  );
  let fastest: Omit<Step, 'preset' | 'threads' | 'ofPeak' | 'medianMilliseconds'> | undefined;
  const taken = repeat((repetition) => {
    clock.reset();
    const started = performance.now();
    const batch = trainingBatch(batches[repetition % BATCHES]!);
    const { tokens } = trainer.step(batch);
    const milliseconds = performance.now() - started;
    const lengths = batch.sequences.map(({ length }) => length);
    const gflops = stepFlops(config, lengths) / milliseconds / 1e6;
    if (fastest && gflops <= fastest.gflops) return;
    // The clock would take Muon's products for those of linear layers.
    const breakdown = settings.optimizer === 'muon' ? [] : clock.breakdown(milliseconds);
    fastest = { tokensPerSecond: (1000 * tokens) / milliseconds, gflops, milliseconds, breakdown };
  });
  const ofPeak = fastest!.gflops / ceiling;
  return { preset, threads: engine.threads, ...fastest!, ofPeak, medianMilliseconds: 1000 * median(taken) };
}

export const stepSuite: Suite<readonly Step[]> = {
  async measure(bench) {
    await bench.peak();
    const steps: Step[] = [];
    for (const preset of bench.select('step', CASES)) {
      await bench.withEngines(async (engines) => {
        for (const engine of engines) {
          bench.note(`step, ${preset.name}, threads: ${engine.threads}`);
          steps.push(measureStep(engine, preset, await bench.ceiling(engine.threads)));
        }
      });
    }
    return steps;
  },
  describe: (steps) => [
    ...formatTable(
      ['training step', 'threads', 'tokens/s', 'GFLOP/s', 'of peak', 'ms', 'median'],
      steps.map((step) => [
        step.preset,
        String(step.threads),
        number(step.tokensPerSecond),
        number(step.gflops),
        percent(step.ofPeak),
        number(step.milliseconds),
        number(step.medianMilliseconds),
      ]),
    ),
    ...MEASURED_PRESETS.flatMap(({ name }) => [
      '',
      ...describeBreakdown(
        name,
        steps.filter(({ preset }) => preset === name),
      ),
    ]),
  ],
};

/** Kernel by kernel, the fewest threads beside the most. */
function describeBreakdown(preset: string, steps: readonly Step[]): string[] {
  const most = steps.at(-1);
  if (!most) return [];
  const inStep = ({ breakdown }: Step, name: string): KernelTime | undefined =>
    breakdown.find((time) => time.name === name);
  const rates = (time: KernelTime | undefined): string => (time?.gflops === undefined ? '' : number(time.gflops));
  const total: KernelTime = { name: 'the step', calls: 0, milliseconds: most.milliseconds, share: 1 };
  const rows = [...most.breakdown, total].map((time) => [
    time.name,
    time.calls > 0 ? String(time.calls) : '',
    ...steps.slice(0, -1).map((step) => {
      const milliseconds = time === total ? step.milliseconds : inStep(step, time.name)?.milliseconds;
      return milliseconds === undefined ? '' : milliseconds.toFixed(2);
    }),
    time.milliseconds.toFixed(2),
    percent(time.share),
    rates(time),
  ]);
  const milliseconds = steps.map(({ threads }) => (threads === 1 ? 'ms, 1 thread' : `${threads} threads`));
  return formatTable([`${preset}: kernel`, 'calls', ...milliseconds, 'share', 'GFLOP/s'], rows);
}
