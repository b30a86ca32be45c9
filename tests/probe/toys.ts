/** @file Small data for probes: worlds, programs, and points with labels. */
import { ACTIONS, type Action, createWorld, type Facing, specify, type World } from '../../src/karel/index.ts';
import {
  alignPairs,
  type BySplit,
  bySplit,
  type FeatureShape,
  type GeneratedProgram,
  type Pairs,
  type ProbedSource,
  type ProbeQuestion,
  type Scored,
  type ValidatedScore,
} from '../../src/probe/index.ts';
import type { Engine } from '../../src/tensor/engine.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';

export const engine: Engine = createReferenceEngine('float32');
/** For tests whose oracle is not the reference. */
export const fast: Engine = await createEngine({ arithmetic: 'simd' });

export function integer(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

export function randomWorld(random: () => number, width: number, height: number): World {
  const facing = integer(random, 4) as Facing;
  const world = createWorld(width, height, integer(random, width), integer(random, height), facing);
  for (let cell = 0; cell < width * height; cell++) world.walls[cell] = random() < 0.25 ? 1 : 0;
  world.walls[world.y * width + world.x] = 0;
  return world;
}

export function randomPrograms(
  random: () => number,
  count: number,
  { width = 4, height = 3, inputs = 2, longest = 5 } = {},
): GeneratedProgram[] {
  return Array.from({ length: count }, () => {
    const worlds = Array.from({ length: inputs }, () => randomWorld(random, width, height));
    const actions = Array.from({ length: integer(random, longest + 1) }, (): Action => ACTIONS[integer(random, 5)]!);
    return { ...specify(worlds, actions), actions };
  });
}

/** Hidden states [actions in all, width] that tell nothing, of a trained and of an untrained model. */
export function noiseFor(random: () => number, programs: readonly GeneratedProgram[], width = 4) {
  const actions = programs.reduce((sum, program) => sum + program.actions.length, 0);
  const noise = () => Float32Array.from({ length: width * actions }, () => random());
  return { programs, trained: noise(), untrained: noise() };
}

/** Points in the plane and the class of each. */
export function points(
  random: () => number,
  count: number,
  classOf: (x: number, y: number) => number,
  on = engine,
): { x: ReturnType<Engine['tensor']>; labels: Int32Array } {
  const x = Float32Array.from({ length: count * 2 }, () => 2 * random() - 1);
  const labels = Int32Array.from({ length: count }, (_, at) => classOf(x[2 * at]!, x[2 * at + 1]!));
  return { x: on.tensor([count, 2], x), labels };
}

/** Programs of which only the lengths matter. */
export const ofLengths = (lengths: readonly number[]) => lengths.map((n) => ({ actions: new Array<0>(n).fill(0) }));

/** The pairs of programs of these lengths, the same for each split, the last state dropped. */
export function pairsOf(lengths: readonly number[], offset = 0, runs = 1): BySplit<Pairs> {
  const pairs = alignPairs(lengths, { offset, lastState: 'dropped', runs });
  return bySplit(() => pairs);
}

/** A score by its bits, or by which pairs are right; `validation` is its cross-entropy there. */
export function scoreOf({
  bits,
  right,
  validation = Number.NaN,
}: {
  bits?: readonly number[];
  right?: readonly boolean[];
  validation?: number;
}): ValidatedScore {
  return {
    accuracy: Number.NaN,
    crossEntropy: Number.NaN,
    converged: true,
    linear: null,
    validationCrossEntropy: validation,
    bits: Float64Array.from(bits ?? []),
    right: Uint8Array.from(right ?? [], Number),
  };
}

/** What `evaluateProbes` would tell of a linear probe for the direction, but for what is given. */
export function scored({
  question = {},
  ...rest
}: {
  question?: Partial<ProbeQuestion>;
  pairs: BySplit<Pairs>;
  labels?: BySplit<Int32Array>;
  shape?: FeatureShape;
  scores: Partial<Record<ProbedSource, ValidatedScore>> & Record<'trained', ValidatedScore>;
  frequencies?: Float64Array;
  controlFrequencies?: Float64Array | null;
}): Scored {
  return {
    question: { feature: 'direction', semantics: 'original', offset: 0, hiddenLayers: 0, seed: '0', ...question },
    labels: bySplit(() => new Int32Array()),
    shape: { heads: 1, classes: 4 },
    standardization: { mean: new Float64Array(), deviation: new Float64Array() },
    records: null,
    frequencies: new Float64Array(),
    controlFrequencies: null,
    ...rest,
  };
}
