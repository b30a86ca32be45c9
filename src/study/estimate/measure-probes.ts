/** @file How long probes take to make, to train and to test, and what they are trained on to prepare. Chapter 8. */
import {
  actionsOf,
  decodeProgramTokens,
  decodePrompt,
  decodeWordTokens,
  promptLength,
  semanticsFromText,
} from '../../karel/index.ts';
import {
  executeUnder,
  FEATURES,
  type FeatureShape,
  featureShape,
  fitLinear,
  type HiddenLayers,
  PENALTIES,
  Probe,
  type ProbeData,
  standardizationOf,
  standardize,
  testProbe,
  trainProbe,
} from '../../probe/index.ts';
import { type RandomStream, randomStream } from '../../random.ts';
import type { Engine } from '../../tensor/index.ts';
import { corpusSettings } from '../model-config.ts';
import type { Settings } from '../settings.ts';
import { labellingOf, probeTraining } from '../stages/probe.ts';
import { medianSeconds } from './stopwatch.ts';

/** Seconds, of probes of one depth: the mean over the features. */
export interface ProbeTimes {
  /** To make it and take one training step, or iteration. */
  readonly start: number;
  /** To train on one pair, once. */
  readonly train: number;
  /** To answer one pair. */
  readonly test: number;
}

export interface ProbeRates {
  readonly probe: { readonly [depth in HiddenLayers]: ProbeTimes };
  /** Seconds to standardise one hidden state. */
  readonly pair: number;
  /** Seconds to execute one program in all labelled examples, under one semantics. */
  readonly execution: number;
}

const DEPTHS: readonly HiddenLayers[] = [0, 1, 2];
/** Fewer than a probe is trained on, so that it goes through them several times, and shuffles them each time. */
const PAIRS = 4_096;
/** Steps of one measured training, and iterations of one linear probe. */
const STEPS = 48;
const ITERATIONS = 8;
/** Programs that are executed. */
const PROGRAMS = 500;

export function measureProbes(
  engine: Engine,
  settings: Settings,
  samples: readonly Uint8Array[],
  seed: string,
): ProbeRates {
  const random = randomStream(seed, 'estimate');
  return engine.scope(() => {
    const { n_embd: width, gridWidth, gridHeight } = settings;
    const hidden = Float32Array.from({ length: PAIRS * width }, () => random() - 0.5);
    const rows = Int32Array.from({ length: PAIRS }, (_, row) => row);
    const prepare = () => standardize(engine, hidden, rows, standardizationOf(hidden, rows, width));
    const pair = medianSeconds(() => engine.scope(() => void prepare()), 0.2) / PAIRS;
    const x = prepare();
    const shapes = FEATURES.map((feature) => featureShape(feature, { width: gridWidth, height: gridHeight }));
    const times = DEPTHS.map((depth) =>
      meanOf(shapes.map((shape) => timesOf(engine, settings, x, depth, shape, random))),
    );
    return {
      probe: { 0: times[0]!, 1: times[1]!, 2: times[2]! },
      pair,
      execution: executionSeconds(settings, samples.slice(0, PROGRAMS)),
    };
  });
}

/** What is in the pairs does not change how long a step or an iteration takes: labels are drawn. */
function timesOf(
  engine: Engine,
  settings: Settings,
  x: ProbeData['x'],
  depth: HiddenLayers,
  shape: FeatureShape,
  random: RandomStream,
): ProbeTimes {
  return engine.scope(() => {
    const labels = Int32Array.from({ length: PAIRS * shape.heads }, () => Math.floor(random() * shape.classes));
    const data = { x, labels };
    const probe = new Probe(engine, settings.n_embd, depth, shape, random);
    const test = medianSeconds(() => void testProbe(engine, probe, data), 0.1) / PAIRS;
    if (depth === 0) {
      const fitSeconds = (maxIterations: number) =>
        medianSeconds(() => {
          probe.weight.fill(0);
          fitLinear(engine, probe, data, PENALTIES.at(-1)!, { tolerance: 0, maxIterations });
        }, 0.1);
      const start = fitSeconds(1);
      return { start, train: Math.max(0, fitSeconds(1 + ITERATIONS) - start) / (ITERATIONS * PAIRS), test };
    }
    const one = { x: x.rows(0, 1), labels: labels.subarray(0, shape.heads) };
    const training = { ...probeTraining(settings), interval: Number.POSITIVE_INFINITY, patience: STEPS };
    const train = (samples: number) =>
      medianSeconds(
        () =>
          engine.scope(
            () =>
              void trainProbe(engine, { train: data, validation: one }, depth, shape, { ...training, samples }, random),
          ),
        0.1,
      );
    const start = train(1);
    const samples = STEPS * settings.probeBatch;
    const seconds = Math.max(0, train(samples) - start);
    return { start, train: seconds / (samples - Math.min(training.batchSize, PAIRS)), test };
  });
}

function meanOf(times: readonly ProbeTimes[]): ProbeTimes {
  const mean = (key: keyof ProbeTimes): number => times.reduce((sum, one) => sum + one[key], 0) / times.length;
  return { start: mean('start'), train: mean('train'), test: mean('test') };
}

/** Records are decoded once, and executed under each of the semantics. */
function executionSeconds(settings: Settings, samples: readonly Uint8Array[]): number {
  const corpus = corpusSettings(settings);
  const semantics = settings.semantics.split(' ').map(semanticsFromText);
  const { examples } = labellingOf(settings);
  const decode = settings.programs === 'control' ? decodeWordTokens : decodeProgramTokens;
  const seconds = medianSeconds(() => {
    const programs = samples.map((tokens) => {
      const words = decode(tokens, promptLength(corpus));
      return { ...decodePrompt(corpus, tokens), actions: actionsOf(words), words };
    });
    for (const meaning of semantics) executeUnder(meaning, programs, examples);
  }, 0.2);
  return seconds / (samples.length * semantics.length);
}
