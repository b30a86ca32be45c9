import { describe, expect, test } from 'vitest';
import {
  ACTIONS_LEFT,
  type ActionsLeft,
  type ContrastRow,
  Evidence,
  type EvidenceRows,
  evaluateProbes,
  FEATURES,
  type FeatureName,
  PAPER_PROBE_TRAINING,
  probeGrid,
  RECORD_KINDS,
  type Source,
  usableInformation,
} from '../../src/probe/index.ts';
import { bootstrapInterval } from '../../src/probe/statistics/index.ts';
import { randomStream } from '../../src/random.ts';
import { expectClose } from '../helpers/close.ts';
import { uniform } from '../helpers/numbers.ts';
import { engine, integer, noiseFor, ofLengths, pairsOf, randomPrograms, scored, scoreOf } from './toys.ts';

const stream = (name: string): (() => number) =>
  uniform([...name].reduce((hash, c) => Math.imul(hash, 31) + c.charCodeAt(0), 7));

/** Bits of each pair by semantics, feature and source; `known` is what there is to know of it. */
type Bits = (semantics: string, feature: FeatureName, source: Source | 'known', seed: string) => readonly number[];

function gather(
  lengths: readonly number[],
  bits: Bits,
  { semantics = ['original', 'flip'], features = FEATURES as readonly FeatureName[], seeds = ['0'] } = {},
  sources: readonly Source[] = ['trained', 'grids'],
): Evidence {
  const evidence = new Evidence(ofLengths(lengths));
  for (const { feature, semantics: meaning, ...question } of probeGrid({
    semantics,
    features,
    seeds,
    offsets: [-1],
    hiddenLayers: [0],
  })) {
    const score = (source: Source) => scoreOf({ bits: bits(meaning, feature, source, question.seed) });
    const scores = Object.fromEntries(sources.map((source) => [source, score(source)]));
    evidence.add(
      scored({
        question: { feature, semantics: meaning, ...question },
        pairs: pairsOf(lengths, -1),
        scores: { trained: score('trained'), ...scores },
        frequencies: Float64Array.from(bits(meaning, feature, 'known', question.seed)),
      }),
    );
  }
  return evidence;
}

/** Random bits, the same for the same names. */
const randomBits =
  (pairs: number): Bits =>
  (...names) => {
    const random = stream(names.join('/'));
    return Array.from({ length: pairs }, () => (names[2] === 'known' ? 2 : 0.2 + 2 * random()));
  };

const numbers = uniform(5);
const lengths = Array.from({ length: 130 }, () => 1 + integer(numbers, 6));
const pairs = lengths.reduce((sum, n) => sum + n - 1, 0);
const bits = randomBits(pairs);
const rows = gather(lengths, bits).rows(() => stream('rows'));

/** For each pair, how many actions its program of n has after its state: n - 1 down to 1. */
const actionsLeft = (of: readonly number[]): number[] =>
  of.flatMap((n) => Array.from({ length: n - 1 }, (_, at) => n - 1 - at));

const belongs = (left: number, part: ActionsLeft): boolean =>
  part === 'all' || (part === '3+' ? left >= 3 : left === Number(part));

/** 1 - bits / known over the pairs of a part. */
function shareByHand(
  of: readonly number[],
  part: ActionsLeft,
  known: readonly number[],
  left: readonly number[],
): number {
  let [sum, all] = [0, 0];
  actionsLeft(of).forEach((actions, pair) => {
    if (!belongs(actions, part)) return;
    sum += left[pair]!;
    all += known[pair]!;
  });
  return 1 - sum / all;
}

const shareIn = (
  { shares }: EvidenceRows,
  feature: string,
  semantics: string,
  source: string,
  part = 'all',
  offset = -1,
) =>
  shares.find(
    (row) =>
      row.offset === offset &&
      row.feature === feature &&
      row.semantics === semantics &&
      row.source === source &&
      row.actionsLeft === part,
  )?.share;

const contrastIn = (
  { contrasts }: EvidenceRows,
  over: string | null,
  against: string | null,
  feature = 'mean',
): ContrastRow =>
  contrasts.find(
    (row) => row.feature === feature && row.over === over && row.against === against && row.actionsLeft === 'all',
  )!;

describe('shares', () => {
  test('are those of the outcomes, of hidden states, untrained ones and records, at offsets -1 and 0, to 1e-12', () => {
    const random = uniform(3);
    const world = { width: 4, height: 3 };
    const split = (count: number) => noiseFor(random, randomPrograms(random, count, { ...world, longest: 6 }));
    const traces = { train: split(80), validation: split(30), test: split(100), width: 4, world, layer: 0 };
    const evidence = new Evidence(traces.test.programs);
    const { outcomes } = evaluateProbes(
      engine,
      traces,
      probeGrid({ offsets: [1, 0, -1], hiddenLayers: [0], semantics: ['original', 'flip'] }),
      {
        training: { ...PAPER_PROBE_TRAINING, samples: 512, batchSize: 64 },
        lastState: 'dropped',
        examples: 0,
        baselines: true,
      },
      (name) => randomStream('1', name),
      { onScored: (one) => evidence.add(one) },
    );
    const found = evidence.rows(() => stream('outcomes'));
    for (const { feature, semantics, offset, records, informationShare, untrainedInformationShare } of outcomes) {
      if (offset > 0) {
        expect(records).toBeNull();
        continue;
      }
      const kinds = RECORD_KINDS.filter((kind) => offset === 0 || semantics === 'original' || !kind.includes('action'));
      expect(Object.keys(records!)).toEqual(kinds);
      const actual = (['trained', 'untrained', ...kinds] as const).map(
        (source) => shareIn(found, feature, semantics, source, 'all', offset)!.estimate,
      );
      const expected = kinds.map((kind) => records![kind]!.informationShare!);
      expectClose(actual, [informationShare!, untrainedInformationShare!, ...expected], { absolute: 1e-12 });
      const control = shareIn(found, feature, semantics, 'control', 'all', offset);
      expect(control !== undefined).toBe(semantics === 'original' && offset === -1);
    }
    expect(shareIn(found, 'mean', 'original', 'trained')!.n).toBe(outcomes.at(-1)!.programs);
  });

  test('of each part by actions left are those by brute force, to 1e-12; the mean is that of the features', () => {
    for (const part of ['all', '1', '2', '3+'] as const) {
      const byFeature = FEATURES.map((feature) => {
        const expected = shareByHand(
          lengths,
          part,
          bits('flip', feature, 'known', '0'),
          bits('flip', feature, 'grids', '0'),
        );
        const { estimate, n } = shareIn(rows, feature, 'flip', 'grids', part)!;
        expectClose([estimate], [expected], { absolute: 1e-12 });
        expect(n).toBe(lengths.filter((length) => length > (part === 'all' ? 1 : Number.parseInt(part, 10))).length);
        return expected;
      });
      const mean = byFeature.reduce((sum, share) => sum + share, 0) / 3;
      expectClose([shareIn(rows, 'mean', 'flip', 'grids', part)!.estimate], [mean], { absolute: 1e-12 });
    }
    expect(shareIn(rows, 'direction', 'flip', 'grids', '0')).toBeUndefined(); // the last state is dropped
  });

  test('... and would not be if states were counted from the start of the program', () => {
    const fromStart = lengths.flatMap((n) => Array.from({ length: n - 1 }, (_, at) => at + 1));
    const left = bits('flip', 'direction', 'grids', '0').filter((_, pair) => fromStart[pair] === 1);
    const wrong = 1 - left.reduce((sum, one) => sum + one, 0) / (2 * left.length);
    expect(Math.abs(shareIn(rows, 'direction', 'flip', 'grids', '1')!.estimate - wrong)).toBeGreaterThan(1e-3);
  });

  test('parts add up: their shares, each by what there is to know in it, are the share of all, to 1e-12', () => {
    const parts = ['1', '2', '3+'] as const;
    const sizes = parts.map((part) => actionsLeft(lengths).filter((left) => belongs(left, part)).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(pairs);
    const sum = parts.reduce((all, part, at) => {
      return all + (shareIn(rows, 'obstacle', 'original', 'trained', part)!.estimate * sizes[at]!) / pairs;
    }, 0);
    expectClose([shareIn(rows, 'obstacle', 'original', 'trained')!.estimate], [sum], { absolute: 1e-12 });
  });

  test('of two probe seeds are those of their mean bits, to 1e-12; deeper probes and other offsets add nothing', () => {
    const evidence = gather(lengths, bits, { seeds: ['0', '1'], features: ['direction'] });
    const nothing = { trained: scoreOf({ bits: new Array<number>(pairs).fill(0) }) };
    evidence.add(scored({ question: { hiddenLayers: 2, offset: -1 }, pairs: pairsOf(lengths, -1), scores: nothing }));
    evidence.add(scored({ question: { offset: 1 }, pairs: pairsOf(lengths, 1), scores: nothing }));
    const [one, two] = ['0', '1'].map((seed) => bits('original', 'direction', 'trained', seed));
    const mean = one!.reduce((sum, value, pair) => sum + (value + two![pair]!) / 2, 0) / pairs;
    const { estimate } = shareIn(
      evidence.rows(() => stream('seeds')),
      'direction',
      'original',
      'trained',
    )!;
    expectClose([estimate], [usableInformation(2, mean).share!], { absolute: 1e-12 });
  });

  test('have the interval of resampled programs, ends within 0.015, where pairs of a program are alike', () => {
    const alike = lengths.flatMap((n) => new Array<number>(n - 1).fill(numbers() < 0.5 ? 0.1 : 1.7));
    const found = gather(lengths, (_, __, what) => (what === 'known' ? alike.map(() => 2) : alike), {
      features: ['direction'],
    }).rows(() => stream('alike'));
    let at = 0;
    const programs = lengths.flatMap((n) => {
      const own = alike.slice(at, (at += n - 1));
      return n > 1 ? [{ left: own.reduce((sum, one) => sum + one, 0), known: 2 * own.length }] : [];
    });
    const share = ({ left, known }: { left: number; known: number }) => 1 - left / known;
    const { interval } = bootstrapInterval(programs, share, { resamples: 2000, random: stream('oracle') });
    const actual = shareIn(found, 'direction', 'original', 'trained')!.interval!;
    expectClose([actual.low, actual.high], [interval!.low, interval!.high], { absolute: 0.015 });
    const each = alike.map((one) => ({ left: one, known: 2 }));
    const ofPairs = bootstrapInterval(each, share, { resamples: 2000, random: stream('oracle') }).interval!;
    expect(actual.high - actual.low).toBeGreaterThan(1.3 * (ofPairs.high - ofPairs.low));
  });
});

describe('contrasts', () => {
  test('are differences of the shares, for each feature, their mean, and each part, to 1e-12', () => {
    expect(rows.contrasts).toHaveLength(4 * 4 * 3);
    for (const { feature, over, against, actionsLeft, difference, p } of rows.contrasts) {
      const share = (semantics: string, source: string) =>
        shareIn(rows, feature, semantics, source, actionsLeft)!.estimate;
      const beyond = (semantics: string) => share(semantics, 'trained') - (over ? share(semantics, over) : 0);
      expectClose([difference.estimate], [beyond('original') - (against ? beyond(against) : 0)], { absolute: 1e-12 });
      expect(p === null).toBe(actionsLeft !== 'all');
    }
    expect(new Set(rows.contrasts.map(({ over, against }) => `${over} ${against}`))).toEqual(
      new Set(['grids null', 'null flip', 'grids flip']),
    );
  });

  test('of 0.8 known by hidden states, 0.1 else and by a record: 0.7 each way, none of 2,000 sign flips as far', () => {
    const random = stream('knows');
    const knows: Bits = (semantics, _, what) =>
      Array.from({ length: pairs }, () => {
        if (what === 'known') return 2;
        return 2 * (semantics === 'original' && what === 'trained' ? 0.2 : 0.9) + 0.4 * (random() - 0.5);
      });
    const found = gather(lengths, knows).rows(() => stream('knows rows'));
    for (const [over, against] of [
      ['grids', null],
      [null, 'flip'],
      ['grids', 'flip'],
    ] as const) {
      const { difference, p } = contrastIn(found, over, against);
      expectClose([difference.estimate], [0.7], { absolute: 0.01 });
      expect(difference.interval!.low).toBeGreaterThan(0.65);
      expect(p).toBe(1 / 2001);
    }
    const reversed = gather(lengths, (semantics, ...rest) =>
      knows(semantics === 'flip' ? 'original' : 'flip', ...rest),
    );
    expect(
      contrastIn(
        reversed.rows(() => stream('reversed')),
        null,
        'flip',
      ).difference.interval!.high,
    ).toBeLessThan(-0.65);
  });

  test('between sources, or semantics, that change places at random: p at most 0.05 in at most 4 of 25 draws', () => {
    const random = stream('exchangeable');
    const short = new Array<number>(50).fill(2);
    const below = { over: 0, against: 0 };
    for (let draw = 0; draw < 25; draw++) {
      const skill = short.map(() => random());
      const same: Bits = (_, __, what) => skill.map((one) => (what === 'known' ? 2 : one + random()));
      const found = gather(short, same, { features: ['direction'] }).rows(() => stream(`draw ${draw}`));
      if (contrastIn(found, 'grids', null, 'direction').p! <= 0.05) below.over++;
      if (contrastIn(found, null, 'flip', 'direction').p! <= 0.05) below.against++;
    }
    expect(Math.max(below.over, below.against)).toBeLessThanOrEqual(4);
  });

  test('with what a few programs alone have to tell under flip: the test is as sure as the interval', () => {
    const random = stream('few');
    const few: Bits = (semantics, _, what) => {
      const noise = stream(`few/${semantics}`);
      return lengths.flatMap((n, program) => {
        const known = semantics === 'flip' && program % 10 > 0 ? 0.2 : 2;
        const gain = semantics === 'flip' ? 0.55 : 0.65;
        return Array.from({ length: n - 1 }, () =>
          what === 'known' ? known : known * (1 - gain + 0.4 * (noise() - 0.5)),
        );
      });
    };
    const { difference, p } = contrastIn(
      gather(lengths, few, { features: ['direction'] }).rows(() => random),
      null,
      'flip',
      'direction',
    );
    expectClose([difference.estimate], [0.1], { absolute: 0.02 });
    expect(difference.interval!.low).toBeGreaterThan(0.05);
    expect(p).toBeLessThan(0.01);
  });
});

describe('what is left out', () => {
  test('49 programs with pairs give no rows, beside any number of programs without; 50 do', () => {
    const count = (programs: number): number => {
      const few = [...new Array<number>(programs).fill(2), ...new Array<number>(40).fill(1)];
      return gather(few, randomBits(programs)).rows(() => stream('few')).shares.length;
    };
    expect(count(49)).toBe(0);
    expect(count(50)).toBeGreaterThan(0);
    expect(new Evidence(ofLengths(lengths)).rows(() => stream('none'))).toEqual({
      shares: [],
      contrasts: [],
    });
  });

  test('where flip has no position to know, neither that nor the mean against flip has a row, and all else has', () => {
    const still: Bits = (semantics, feature, what, seed) =>
      semantics === 'flip' && feature === 'position'
        ? new Array<number>(pairs).fill(0)
        : bits(semantics, feature, what, seed);
    const found = gather(lengths, still).rows(() => stream('still'));
    const gone = ({ feature, semantics }: { feature: string; semantics: string | null }): boolean =>
      semantics === 'flip' && (feature === 'position' || feature === 'mean');
    const names = (list: EvidenceRows) => [
      ...list.shares.map(({ feature, semantics, source }) => ({ feature, semantics, source })),
      ...list.contrasts.map(({ feature, against, over }) => ({ feature, semantics: against, over })),
    ];
    expect(names(found)).toEqual(names(rows).filter((row) => !gone(row)));
    expect(names(found).length).toBeLessThan(names(rows).length);
  });

  test('a source that was stopped before its end says so, alone and in the mean', () => {
    const evidence = new Evidence(ofLengths(lengths));
    for (const question of probeGrid({ offsets: [-1], hiddenLayers: [0], semantics: ['original'] })) {
      const [ended, stopped] = [true, question.feature !== 'position'].map((converged) => ({
        ...scoreOf({ bits: bits('original', question.feature, 'trained', '0') }),
        converged,
      }));
      const frequencies = new Float64Array(pairs).fill(2);
      const scores = { trained: ended!, untrained: stopped! };
      evidence.add(scored({ question, pairs: pairsOf(lengths, -1), scores, frequencies }));
    }
    const early = evidence
      .rows(() => stream('stopped'))
      .shares.filter(({ converged, actionsLeft }) => !converged && actionsLeft === 'all');
    expect(early.map(({ source, feature }) => `${source} ${feature}`)).toEqual([
      'untrained position',
      'untrained mean',
    ]);
  });

  test('without the original semantics there are shares, and no contrasts', () => {
    const found = gather(lengths, bits, { semantics: ['flip'] }).rows(() => stream('flip alone'));
    expect(found.shares.length).toBeGreaterThan(0);
    expect(found.contrasts).toEqual([]);
  });
});

test('the same stream of random numbers gives the same rows; parts come in the order of ACTIONS_LEFT', () => {
  expect(gather(lengths, bits).rows(() => stream('rows'))).toEqual(rows);
  const parts = [...new Set(rows.shares.map((row) => row.actionsLeft))];
  expect(parts).toEqual(ACTIONS_LEFT.filter((part) => part !== '0'));
});
