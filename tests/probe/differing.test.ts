/** What is read where two semantics give different labels: by brute force, and of made-up models of which it is known what they know. */
import { describe, expect, test } from 'vitest';
import { type Action, FLIP, ORIGINAL, specify } from '../../src/karel/index.ts';
import {
  alignPairs,
  type DifferingRows,
  Evidence,
  evaluateProbes,
  executeUnder,
  FEATURES,
  type FeatureName,
  featureLabels,
  type GeneratedProgram,
  PAPER_PROBE_TRAINING,
  type ProbeQuestion,
  probeGrid,
  type Source,
} from '../../src/probe/index.ts';
import { randomStream } from '../../src/random.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, integer, noiseFor, ofLengths, pairsOf, randomPrograms, randomWorld, scored, scoreOf } from './toys.ts';

const random = uniform(11);
const lengths = Array.from({ length: 140 }, () => 1 + integer(random, 5));
const pairs = lengths.reduce((sum, n) => sum + n - 1, 0);
const programOf = lengths.flatMap((n, program) => new Array<number>(n - 1).fill(program));
const SEMANTICS = ['original', 'flip', 'adversarial'];

interface Answer {
  readonly labels: readonly number[];
  readonly known: readonly number[];
  readonly bits: Readonly<Record<'trained' | 'untrained' | 'input' | 'grids', readonly number[]>>;
}
const draw = <T>(make: () => T): T[] => Array.from({ length: pairs }, make);
const bit = () => 2 * random();
/** Position has two heads: a pair's labels differ if either does. */
const headsOf = (feature: FeatureName): number => (feature === 'position' ? 2 : 1);
const answers = new Map<string, Answer>();
for (const semantics of SEMANTICS)
  for (const feature of FEATURES)
    answers.set(`${semantics}/${feature}`, {
      labels: draw(() => Array.from({ length: headsOf(feature) }, () => integer(random, 2))).flat(),
      known: draw(() => 1 + random()),
      bits: { trained: draw(bit), untrained: draw(bit), input: draw(bit), grids: draw(bit) },
    });
const answerOf = (semantics: string, feature: FeatureName): Answer => answers.get(`${semantics}/${feature}`)!;

/** `keep` can take questions out of the evidence. */
function gather(keep: (question: ProbeQuestion) => boolean = () => true, of = answerOf): DifferingRows {
  const evidence = new Evidence(ofLengths(lengths));
  const of3 = (one: Int32Array) => ({ train: one, validation: one, test: one });
  for (const question of probeGrid({ semantics: SEMANTICS, offsets: [-1], hiddenLayers: [0] }).filter(keep)) {
    const { labels, known, bits } = of(question.semantics, question.feature);
    const score = (source: keyof Answer['bits'], validation: number) => scoreOf({ bits: bits[source], validation });
    evidence.add(
      scored({
        question,
        pairs: pairsOf(lengths, -1),
        labels: of3(Int32Array.from(labels)),
        shape: { heads: headsOf(question.feature), classes: 2 },
        scores: {
          ...{ trained: score('trained', 1), untrained: score('untrained', 1) },
          ...{ input: score('input', 2), grids: score('grids', 1) }, // so that the record is that of both grids
        },
        frequencies: Float64Array.from(known),
      }),
    );
  }
  return evidence.differing((name) => randomStream('differing', name));
}
const found = gather();

/** The pairs at which either head differs. */
function differing(feature: FeatureName, differsFrom: string): number[] {
  const [own, other] = ['original', differsFrom].map((semantics) => answerOf(semantics, feature).labels);
  const heads = headsOf(feature);
  const all = Array.from({ length: pairs }, (_, pair) => pair);
  return all.filter((pair) =>
    Array.from({ length: heads }, (_, head) => pair * heads + head).some((at) => own![at] !== other![at]),
  );
}

function shareByHand(feature: FeatureName, semantics: string, source: Source, differsFrom: string): number {
  const { known, bits } = answerOf(semantics, feature);
  const read = bits[source === 'record' ? 'grids' : (source as 'trained')];
  let [left, all] = [0, 0];
  for (const pair of differing(feature, differsFrom)) {
    left += read[pair]!;
    all += known[pair]!;
  }
  return 1 - left / all;
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('where labels differ', () => {
  test('pairs and programs are counted as by brute force, of both heads of position, against each other semantics', () => {
    expect(found.counts).toEqual(
      ['flip', 'adversarial'].flatMap((differsFrom) =>
        FEATURES.map((feature) => {
          const there = differing(feature, differsFrom);
          const programs = new Set(there.map((pair) => programOf[pair])).size;
          return { differsFrom, offset: -1, feature, pairs: there.length, of: pairs, programs };
        }),
      ),
    );
    expect(differing('position', 'flip').length).toBeGreaterThan(differing('direction', 'flip').length);
  });

  test('shares of hidden states, untrained ones and the better record are those of these pairs alone, to 1e-12', () => {
    expect(found.shares).toHaveLength(2 * 2 * 3 * 4);
    for (const { feature, semantics, source, share, differsFrom } of found.shares) {
      const features = feature === 'mean' ? FEATURES : [feature];
      const expected = mean(features.map((one) => shareByHand(one, semantics, source, differsFrom)));
      expectClose([share.estimate], [expected], { absolute: 1e-12 });
      expect([semantics === 'original' || semantics === differsFrom, share.interval !== null]).toEqual([true, true]);
    }
    expect(new Set(found.shares.map(({ source }) => source))).toEqual(new Set(['trained', 'untrained', 'record']));
  });

  test('... and not those of all pairs', () => {
    const { known, bits } = answerOf('original', 'direction');
    const all = 1 - mean(bits.untrained) / mean(known);
    expect(Math.abs(all - shareByHand('direction', 'original', 'untrained', 'flip'))).toBeGreaterThan(1e-3);
  });

  test('contrasts are differences of these shares: alone, over the untrained model, over the record, to 1e-12', () => {
    expect(found.contrasts).toHaveLength(2 * 4 * (2 + 3));
    for (const { feature, over, against, differsFrom, difference } of found.contrasts) {
      const share = (semantics: string, source: string): number =>
        found.shares.find(
          (row) =>
            row.feature === feature &&
            row.semantics === semantics &&
            row.source === source &&
            row.differsFrom === differsFrom,
        )!.share.estimate;
      const gain = (semantics: string) => share(semantics, 'trained') - (over ? share(semantics, over) : 0);
      const expected = gain('original') - (against ? gain(against) : 0);
      expectClose([difference.estimate], [expected], { absolute: 1e-12 });
      expect(against === null || against === differsFrom).toBe(true);
    }
  });

  test('a feature whose labels differ in 49 programs has counts and no rows, and the mean against that semantics has none', () => {
    const rare = (semantics: string, feature: FeatureName): Answer => {
      const own = answerOf('original', feature);
      if (semantics !== 'flip' || feature !== 'obstacle') return answerOf(semantics, feature);
      const firsts = [...new Set(programOf)].slice(0, 49).map((program) => programOf.indexOf(program));
      return { ...own, labels: own.labels.map((label, pair) => (firsts.includes(pair) ? 1 - label : label)) };
    };
    const { counts, shares, contrasts } = gather(undefined, rare);
    expect(counts.find((row) => row.feature === 'obstacle' && row.differsFrom === 'flip')).toMatchObject({
      pairs: 49,
      programs: 49,
    });
    const features = (differsFrom: string) =>
      new Set(
        [...shares, ...contrasts].flatMap((row) => (row.differsFrom === differsFrom ? [row.feature as string] : [])),
      );
    expect(features('flip')).toEqual(new Set(['direction', 'position']));
    expect(features('adversarial')).toEqual(new Set([...FEATURES, 'mean']));
  });

  test('without the original semantics, or with it alone, there is nothing to differ from', () => {
    const nothing = { counts: [], shares: [], contrasts: [] };
    expect(gather(({ semantics }) => semantics !== 'original')).toEqual(nothing);
    expect(gather(({ semantics }) => semantics === 'original')).toEqual(nothing);
  });
});

describe('made-up models', () => {
  const TURNS = ['turnLeft', 'turnRight'] as const;
  /** Programs in which turns are rare, so that directions under flip seldom differ: one in about six. */
  const seldomTurning = (count: number): GeneratedProgram[] =>
    Array.from({ length: count }, () => {
      const actions = Array.from({ length: 4 }, (): Action => (random() < 0.9 ? 'move' : TURNS[integer(random, 2)]!));
      return { ...specify([randomWorld(random, 4, 3)], actions), actions };
    });
  const splits = { train: seldomTurning(220), validation: seldomTurning(60), test: seldomTurning(500) };
  const facings = (semantics: typeof ORIGINAL, programs: readonly GeneratedProgram[]): number[] => {
    const { facing } = executeUnder(semantics, programs);
    return [...facing].filter((_, state) => state % 5 < 4); // before each of four actions
  };

  /** Hidden states are one-hot: which direction the robot has under the original, and perhaps under flip. */
  function rowsOf(knows: 'original' | 'flip' | 'both') {
    const split = (programs: readonly GeneratedProgram[]) => {
      const [own, other] = [facings(ORIGINAL, programs), facings(FLIP, programs)];
      const trained = new Float32Array(8 * own.length);
      own.forEach((facing, row) => {
        if (knows !== 'flip') trained[8 * row + facing] = 1;
        if (knows !== 'original') trained[8 * row + 4 + other[row]!] = 1;
      });
      return { ...noiseFor(random, programs, 8), trained };
    };
    const traces = {
      ...{ train: split(splits.train), validation: split(splits.validation), test: split(splits.test) },
      ...{ width: 8, world: { width: 4, height: 3 }, layer: 0 },
    };
    const evidence = new Evidence(traces.test.programs);
    evaluateProbes(
      engine,
      traces,
      probeGrid({ features: ['direction'], offsets: [-1], hiddenLayers: [0], semantics: ['original', 'flip'] }),
      { training: PAPER_PROBE_TRAINING, lastState: 'dropped', examples: 0 },
      (name) => randomStream('1', name),
      { onScored: (one) => evidence.add(one) },
    );
    const { shares, contrasts } = evidence.differing((name) => randomStream('2', name));
    const share = (semantics: string, source: Source) =>
      shares.find((row) => row.semantics === semantics && row.source === source)!.share.estimate;
    return {
      original: share('original', 'trained'),
      flip: share('flip', 'trained'),
      untrained: [share('original', 'untrained'), share('flip', 'untrained')],
      contrast: contrasts.find(({ over, against }) => over === null && against === 'flip')!.difference,
      gained: contrasts.find(({ over, against }) => over === 'untrained' && against === 'flip')!.difference,
    };
  }

  /** Share of the training pairs, before actions 2 to 4, whose directions differ. */
  const rate = mean(
    facings(ORIGINAL, splits.train).flatMap((facing, row) =>
      row % 4 === 0 ? [] : [facing === facings(FLIP, splits.train)[row] ? 0 : 1],
    ),
  );

  test('who knows the original alone: 1 under it, 1 - (-log2 of the rate of differing labels) / 2 < 0 under flip, within 0.15', () => {
    const { original, flip, untrained, contrast, gained } = rowsOf('original');
    expect(original).toBeGreaterThan(0.97);
    expect(rate).toBeLessThan(0.25);
    expectClose([flip], [1 + Math.log2(rate) / 2], { absolute: 0.15 });
    expect(flip).toBeLessThan(0);
    for (const share of untrained) expect(Math.abs(share)).toBeLessThan(0.15);
    expect(contrast.interval!.low).toBeGreaterThan(1);
    expect(gained.interval!.low).toBeGreaterThan(0.9);
  });

  test('who knows flip alone has the contrast below 0, and who knows both has 1 twice, and none above 0.03', () => {
    expect(rowsOf('flip').contrast.interval!.high).toBeLessThan(-1);
    const { original, flip, contrast } = rowsOf('both');
    expect(Math.min(original, flip)).toBeGreaterThan(0.97);
    expect(Math.abs(contrast.estimate)).toBeLessThan(0.03);
  });
});

test('probes that are trained where labels differ cannot ask it: direction under flip is then the opposite one, an obstacle the other', () => {
  const world = { width: 4, height: 3 };
  const programs = randomPrograms(random, 300, { ...world, longest: 6 });
  const { state } = alignPairs(
    programs.map(({ actions }) => actions.length),
    { offset: -1, lastState: 'kept', runs: 1 },
  );
  const labels = (feature: FeatureName, semantics: typeof ORIGINAL) =>
    featureLabels(feature, executeUnder(semantics, programs), state, world);
  const differences = (feature: FeatureName, classes: number) => {
    const other = labels(feature, FLIP);
    const all = [...labels(feature, ORIGINAL)].map((label, pair) => (other[pair]! - label + classes) % classes);
    return new Set(all.filter((difference) => difference !== 0));
  };
  expect(differences('direction', 4)).toEqual(new Set([2]));
  expect(differences('obstacle', 2)).toEqual(new Set([1]));
});
