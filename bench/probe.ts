/** @file Training of the probes that the preset `tiny` trains by default: a feature of four classes, random inputs. A linear probe sees all pairs in each iteration. */
import { fitLinear, type HiddenLayers, Probe, type ProbeTraining, trainProbe } from '../src/probe/index.ts';
import { randomStream } from '../src/random.ts';
import { presetNamed } from '../src/study/presets.ts';
import { probeTraining } from '../src/study/stages/probe.ts';
import type { Engine } from '../src/tensor/index.ts';
import { repeat } from './measure.ts';
import type { Probing } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number } from './table.ts';

const PAIRS = 12_000;
const VALIDATION_PAIRS = 2_000;
const SAMPLES: { readonly [depth in HiddenLayers]: number } = { 0: 240_000, 1: 60_000, 2: 8_000 };
const PENALTY = 1e-4;
const DIRECTION = { heads: 1, classes: 4 };

function measureProbe(engine: Engine, hiddenLayers: HiddenLayers): number {
  const { settings } = presetNamed('tiny');
  const samples = SAMPLES[hiddenLayers];
  const training: ProbeTraining = { ...probeTraining(settings), samples, patience: samples };
  return engine.scope(() => {
    const random = randomStream('1', 'probe');
    const pairs = (count: number) => ({
      x: engine.tensor(
        [count, settings.n_embd],
        Float32Array.from({ length: count * settings.n_embd }, () => random() - 0.5),
      ),
      labels: engine.integers(Int32Array.from({ length: count }, () => Math.floor(4 * random()))),
    });
    const data = { train: pairs(PAIRS), validation: pairs(VALIDATION_PAIRS) };
    const train = (): unknown => {
      if (hiddenLayers > 0)
        return trainProbe(engine, data, hiddenLayers, DIRECTION, training, randomStream('1', 'all'));
      const probe = new Probe(engine, settings.n_embd, 0, DIRECTION, random);
      return fitLinear(engine, probe, data.train, PENALTY, { tolerance: 0, maxIterations: samples / PAIRS });
    };
    const taken = repeat(() => void engine.scope(train), 1);
    return samples / Math.min(...taken);
  });
}

export const probeSuite: Suite<Probing> = {
  measure: (bench) =>
    bench.withEngine(async (engine) => {
      const byHiddenLayers = ([0, 1, 2] as const).map((hiddenLayers) => {
        bench.note(`probe, hidden layers: ${hiddenLayers}`);
        return { hiddenLayers, samplesPerSecond: measureProbe(engine, hiddenLayers) };
      });
      return { threads: engine.threads, samplesPerSecond: byHiddenLayers[1]!.samplesPerSecond, byHiddenLayers };
    }),
  describe: ({ threads, byHiddenLayers }) =>
    formatTable(
      [`probe of tiny, threads: ${threads}`, 'samples/s'],
      byHiddenLayers.map(({ hiddenLayers, samplesPerSecond }) => [`${hiddenLayers} hidden`, number(samplesPerSecond)]),
    ),
};
