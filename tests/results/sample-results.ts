/** @file Made-up results in the shape of a real run: nine checkpoints, three phases, all probes. Not measured. */

import type {
  CheckpointResult,
  FeatureName,
  Measured,
  ProbeResult,
  ProgramComparison,
  ProgramMeasures,
  Results,
} from '../../src/results/results.ts';
import type { RunFacts } from '../../src/results/run-facts.ts';
import { presetNamed } from '../../src/study/presets.ts';

const STEPS = [0, 375, 750, 1125, 1500, 1875, 2250, 2625, 3000];
const SOLVED = [0.031, 0.117, 0.142, 0.255, 0.27, 0.517, 0.782, 0.85, 0.883];
const DISTINCT = [1, 1, 3, 25, 31, 34, 39, 42, 44];
const LENGTH = [4, 2, 1.8, 1.3, 1.7, 1.5, 1.6, 1.7, 1.72];
const PROGRAM = [26.4, 4.2, 3.6, 3.1, 2.8, 2.2, 1.8, 1.65, 1.61];
const GRID = [26.1, 2.1, 1.9, 1.84, 1.79, 1.66, 1.6, 1.58, 1.57];
const WROTE = [
  'pickMarker pickMarker pickMarker pickMarker',
  'move',
  'move',
  'turnLeft move',
  'move',
  'turnRight move',
  'turnRight move putMarker',
  'turnRight move putMarker',
  'turnRight move putMarker',
];

/** A wobble in -1..1 that depends on its arguments only. */
function wobble(...numbers: number[]): number {
  const angle = numbers.reduce((sum, number, index) => sum + number * (12.9898 + 7.233 * index), 1);
  const value = Math.sin(angle) * 43758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;

/** A number whose interval goes as far up as down. */
function measured(estimate: number, half: number, n = 1000): Measured {
  return {
    estimate: round(estimate),
    interval: half === 0 ? null : { low: round(estimate - half), high: round(estimate + half) },
    n,
  };
}

/** Made up like the rest: the programs become shorter and do less in vain; 12 reference programs are new. */
function programs(index: number): ProgramComparison {
  const solved = SOLVED[index]!;
  const n = Math.round(1000 * solved);
  const of = (length: number, idle: number, move: number, half: number): ProgramMeasures => ({
    length: measured(length, 0.05 * half),
    noOps: measured(idle, 0.03 * half),
    withNoOp: measured(0.8 * idle, 0.02 * half),
    notMinimal: measured(1.2 * idle, 0.03 * half),
    actionShares: {
      move: measured(move, 0.01 * half),
      turnLeft: measured(0.2, 0.01 * half),
      turnRight: measured(0.2, 0.01 * half),
      pickMarker: measured(0.35 - move / 2, 0.01 * half),
      putMarker: measured(0.25 - move / 2, 0.01 * half),
    },
  });
  const idle = 0.4 - 0.03 * index;
  const move = 0.33 + 0.01 * index;
  const less = (a: ProgramMeasures, b: ProgramMeasures): ProgramMeasures => {
    const difference = (x: Measured, y: Measured): Measured => measured(x.estimate - y.estimate, 0.04);
    return {
      length: difference(a.length, b.length),
      noOps: difference(a.noOps!, b.noOps!),
      withNoOp: difference(a.withNoOp!, b.withNoOp!),
      notMinimal: difference(a.notMinimal!, b.notMinimal!),
      actionShares: Object.fromEntries(
        Object.entries(a.actionShares).map(([name, share]) => [name, difference(share, b.actionShares[name]!)]),
      ),
    };
  };
  const [reference, generated] = [of(2.49, 0.45, 0.33, 1), of(LENGTH[index]!, idle, move, 1)];
  return {
    generativeAccuracy: measured(solved, 0.02),
    unseenAccuracy: measured(solved * 0.97, 0.02),
    inTraining: measured(solved, 0.02, 988),
    notInTraining: measured(solved / 2, 0.15, 12),
    reference: { programs: 1000, distinct: 380, effectClasses: 84, lengths: [0, 253, 248, 255, 244], ...reference },
    generated: {
      programs: 1000,
      distinct: DISTINCT[index]!,
      effectClasses: Math.ceil(DISTINCT[index]! * 0.8),
      lengths: [0, 500, 300, 150, 50],
      ...generated,
    },
    difference: less(generated, reference),
    shortest: {
      all: {
        unknown: 3,
        reference: {
          length: measured(2.49, 0.05, 997),
          shortestLength: measured(1.66, 0.04, 997),
          asShort: measured(0.48, 0.03, 997),
          asShortInCorpus: measured(0.52, 0.03, 997),
        },
      },
      solved: {
        unknown: 1,
        reference: {
          length: measured(2.3, 0.05, n - 1),
          shortestLength: measured(1.4, 0.04, n - 1),
          asShort: measured(0.45, 0.03, n - 1),
          asShortInCorpus: measured(0.5, 0.03, n - 1),
        },
        generated: {
          length: measured(1.45, 0.04, n - 1),
          shortestLength: measured(1.4, 0.04, n - 1),
          asShort: measured(0.964, 0.01, n - 1),
          asShortInCorpus: measured(0.971, 0.01, n - 1),
        },
        difference: {
          length: measured(-0.85, 0.05, n - 1),
          asShort: measured(0.514, 0.02, n - 1),
          asShortInCorpus: measured(0.471, 0.02, n - 1),
        },
      },
    },
  };
}

function checkpoint(index: number): CheckpointResult {
  const length = LENGTH[index]!;
  const generated = WROTE[index]!;
  return {
    step: STEPS[index]!,
    tokens: STEPS[index]! * 64 * 74,
    generativeAccuracy: SOLVED[index]!,
    unseenAccuracy: round(SOLVED[index]! * 0.97),
    specifications: 1000,
    distinctPrograms: DISTINCT[index]!,
    meanLength: length,
    referenceLength: 2.49,
    programPerplexity: PROGRAM[index]!,
    gridPerplexity: GRID[index]!,
    ownProgramPerplexity: round(1 + PROGRAM[index]! / 10),
    trainLoss: index === 0 ? null : round(Math.log(GRID[index]!)),
    actionShares: {
      move: round(0.4 + 0.02 * index),
      turnLeft: 0.12,
      turnRight: 0.13,
      pickMarker: round(0.25 - 0.02 * index),
      putMarker: 0.1,
    },
    programs: programs(index),
    labelDistribution: {
      original: { direction: [130, 121, 143, 126], position: positionCounts(300, 50, 3), obstacle: [260, 260] },
      flip: { direction: [131, 124, 139, 126], position: positionCounts(302, 49, 3), obstacle: [263, 257] },
      adversarial: { direction: [125, 141, 128, 126], position: positionCounts(420, 20, 2), obstacle: [330, 190] },
    },
    example: {
      input: '######\n#.#.1#\n#^...#\n#..1.#\n#...2#\n######',
      output: '######\n#.#.1#\n#1>..#\n#..1.#\n#...2#\n######',
      reference: 'putMarker turnRight move',
      generated,
      correct: index >= 6,
    },
  };
}

/** Counts of (dx, dy), 7 x 7, most of them at the start. */
function positionCounts(start: number, near: number, far: number): number[] {
  const counts = new Array<number>(49).fill(0);
  counts[24] = start;
  for (const index of [17, 23, 25, 31]) counts[index] = near;
  for (const index of [10, 22, 26, 38]) counts[index] = far;
  return counts;
}

const BASE: Record<string, Record<FeatureName, { majority: number; entropy: number; gain: number }>> = {
  original: {
    direction: { majority: 0.256, entropy: 1.99, gain: 0.42 },
    position: { majority: 0.587, entropy: 1.9, gain: 0.52 },
    obstacle: { majority: 0.522, entropy: 0.998, gain: 0.17 },
  },
  flip: {
    direction: { majority: 0.254, entropy: 1.99, gain: 0.36 },
    position: { majority: 0.592, entropy: 1.88, gain: 0.47 },
    obstacle: { majority: 0.524, entropy: 0.998, gain: 0.172 },
  },
  adversarial: {
    direction: { majority: 0.255, entropy: 1.99, gain: 0.33 },
    position: { majority: 0.783, entropy: 1.2, gain: 0.44 },
    obstacle: { majority: 0.617, entropy: 0.96, gain: 0.07 },
  },
};

function probe(
  index: number,
  feature: FeatureName,
  semantics: string,
  offset: number,
  hiddenLayers: 0 | 1 | 2,
): ProbeResult {
  const { majority, entropy, gain } = BASE[semantics]![feature];
  const which = ['direction', 'position', 'obstacle'].indexOf(feature);
  const noise = 0.012 * wobble(index, which, semantics.length, offset, hiddenLayers);
  const depth = [0.32, 0.9, 1][hiddenLayers]!;
  const fade = 1 - 0.18 * Math.abs(offset) - (offset > 0 ? 0.1 * offset : 0);
  const share = gain * depth * fade * (0.15 + 0.85 * SOLVED[index]!) + noise;
  const untrainedShare = gain * depth * 0.22 + 0.6 * noise;
  const accuracyOf = (part: number) => round(Math.max(0.05, majority + (1 - majority) * part * 1.1));
  const n =
    index === 1 || Math.abs(offset) === 2 ? 412 : Math.round(1000 * (LENGTH[index]! - 1 - 0.1 * Math.abs(offset)));
  return {
    step: STEPS[index]!,
    feature,
    semantics,
    offset,
    hiddenLayers,
    layer: 'mean',
    seed: 'probe-0',
    accuracy: accuracyOf(share),
    majority,
    information: round(share * entropy),
    informationShare: round(share),
    untrained: accuracyOf(untrainedShare),
    untrainedInformation: round(untrainedShare * entropy),
    untrainedInformationShare: round(untrainedShare),
    n,
    programs: 560,
    trainPairs: n * 4,
    tooFew: n < 500,
    converged: true,
    untrainedConverged: true,
    records: null,
  };
}

/** Full results; `checkpoints` from the start of training (9 are all). */
export function sampleResults(checkpoints = STEPS.length): Results {
  const indices = STEPS.map((_, index) => index).slice(0, checkpoints);
  const last = checkpoints - 1;
  const features: FeatureName[] = ['direction', 'position', 'obstacle'];
  const probes = indices.flatMap((index) =>
    features.flatMap((feature) =>
      Object.keys(BASE).flatMap((semantics) =>
        (index === last ? [-2, -1, 0, 1, 2] : [-1, 0]).flatMap((offset) =>
          (index === last ? ([0, 1, 2] as const) : ([0, 1] as const)).map((depth) =>
            probe(index, feature, semantics, offset, depth),
          ),
        ),
      ),
    ),
  );
  return {
    format: 'karelscope-results',
    version: 2,
    preset: 'tiny',
    seed: '1',
    modelSha256: 'a41f0f2f0f5a6d7a55b5a3ff0a86c0b5f7c1d2e3f405162738495a6b7c8d9e0f',
    settings: { ...presetNamed('tiny').settings, trainSamples: 192_000, steps: 3000, learningRate: 0.002 },
    parameters: 207_130,
    arithmetic: 'relaxed-simd fma',
    epochs: 1,
    checkpoints: indices.map(checkpoint),
    probes,
    skippedProbes: [
      {
        step: 0,
        feature: 'direction',
        semantics: 'original',
        offset: 2,
        hiddenLayers: 2,
        seed: 'probe-0',
        layer: 'mean',
        n: 0,
        programs: 0,
        trainPairs: 1,
        tooFew: true,
        reason: '1 training pair, 2 are needed',
      },
    ],
    evidence: null,
    permutations: null,
    layers: null,
    causal: null,
  };
}

export const FACTS: RunFacts = {
  seconds: 623.4,
  stageSeconds: { corpus: 2.1, train: 470.2, trace: 41, probe: 105.6, results: 0.6 },
  threads: 2,
  peakMemoryBytes: 412 * 2 ** 20,
  runtime: 'Node.js v20.20.2',
  manifestSha256: 'b52f0f2f0f5a6d7a55b5a3ff0a86c0b5f7c1d2e3f405162738495a6b7c8d9e0f',
};
