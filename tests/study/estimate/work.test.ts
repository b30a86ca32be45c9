/** @file Counts of an estimate, held against the analyses themselves: on all short programs, and with a model built by hand. */
import { describe, expect, test } from 'vitest';
import { ACTIONS, type Action, createWorld, randomWorld, semanticsFromText, TOKEN } from '../../../src/karel/index.ts';
import { summarize } from '../../../src/probe/contrasts.ts';
import {
  type Counterfactual,
  type EditableModel,
  EVIDENCE_DRAWS,
  executeUnder,
  FEATURES,
  featureLabels,
  hiddenStatesByLayer,
  readEdits,
  runEdits,
  runPatches,
  type Source,
} from '../../../src/probe/index.ts';
import { columnOf } from '../../../src/probe/shares.ts';
import { randomStream } from '../../../src/random.ts';
import { CAUSAL_PROGRAMS, EDIT_SIZES } from '../../../src/study/analysis/causal-edits.ts';
import { CAUSAL_CASES } from '../../../src/study/analysis/causal-material.ts';
import { permutationGrid } from '../../../src/study/analysis/permutations.ts';
import { analysesWork } from '../../../src/study/estimate/analyses-work.ts';
import { distinctQuestions } from '../../../src/study/estimate/permutations-work.ts';
import { evidenceWork } from '../../../src/study/estimate/resampling-work.ts';
import { presetNamed } from '../../../src/study/presets.ts';
import { checkSettings, type Settings, withOverrides } from '../../../src/study/settings.ts';
import { generationOptions } from '../../../src/study/stages/trace.ts';

const settingsWith = (changes: Partial<Settings> = {}): Settings =>
  checkSettings(withOverrides(presetNamed('tiny').settings, changes));
const workWith = (changes: Partial<Settings> = {}) => analysesWork(settingsWith(changes));

describe('permutations', () => {
  const world = { width: 4, height: 4 };

  test.each(FEATURES)(
    'of %s, as many probes are trained as labellings differ on all programs of up to 3 actions',
    (feature) => {
      const one = ACTIONS.map((action): Action[] => [action]);
      const two = one.flatMap((first) => one.map((next) => [...first, ...next]));
      const three = two.flatMap((first) => one.map((next) => [...first, ...next]));
      const random = randomStream('1', 'worlds');
      const programs = [...one, ...two, ...three].flatMap((actions) =>
        [0, 1, 2].map(() => ({ actions, inputs: [randomWorld(random, world)], outputs: [] })),
      );
      const labellings = new Set(
        [...new Set(permutationGrid().map(({ semantics }) => semantics))].map((semantics) => {
          const table = executeUnder(semanticsFromText(semantics), programs, 0);
          return featureLabels(feature, table, Int32Array.from(table.facing.keys()), world).join();
        }),
      );
      const asked = distinctQuestions(permutationGrid()).filter((question) => question.feature === feature);
      expect(labellings.size).toBe(feature === 'direction' ? 21 : 61); // 20 or 60 permutations, and adversarial
      const of = (depth: number) => asked.filter(({ hiddenLayers }) => hiddenLayers === depth);
      expect(of(0)).toHaveLength(labellings.size);
      expect(of(1)).toHaveLength(feature === 'direction' ? 2 * 3 : 6); // the six; for direction those of the two turns
    },
  );

  test('neither checkpoints nor layers make them more, and programs without pairs make none', () => {
    const { permutations } = workWith();
    expect(permutations.probing[0].probes).toBe(2 * (21 + 61 + 61)); // of the trained model and of the untrained
    expect(workWith({ checkpoints: 24, n_layer: 8 }).permutations).toEqual(permutations);
    const none = { probing: { 0: { probes: 0 }, 1: { probes: 0 } }, executions: 0, bytes: 0 };
    expect(workWith({ maxLength: 1, maxProgramLength: 1 }).permutations).toMatchObject(none);
  });
});

describe('layers', () => {
  test('linear probes of three features, of the embedding, each layer and their mean, at each checkpoint', () => {
    const probes = (changes: Partial<Settings>): number => workWith(changes).layers.probing[0].probes;
    expect(probes({})).toBe(3 * 6 * 14); // the last one's programs are read by the initial weights too
    expect(probes({ n_layer: 8 })).toBe(3 * 10 * 14);
    expect(probes({ checkpoints: 24 })).toBe(3 * 6 * 26);
  });

  test('each trained checkpoint has the same work, and its programs are read once, however many layers there are', () => {
    const [a, b, c] = [12, 24, 36].map((checkpoints) => workWith({ checkpoints }).layers);
    expect(b!.read - a!.read).toBe(12 * 4_500 * (7 / 15)); // programs of 2 to 4 actions, of 1 to 4
    for (const key of ['read', 'pairs', 'executions'] as const) expect(c![key] - b![key]).toBe(b![key] - a![key]);
    const more = workWith({ n_layer: 10 }).layers;
    expect(more.read).toBe(a!.read);
    expect(more.pairs).toBe(2 * a!.pairs); // 12 hidden states for 6
  });

  test('nothing is read nor probed of programs without pairs', () => {
    const { layers } = workWith({ maxLength: 1, maxProgramLength: 1 });
    expect(layers).toMatchObject({ read: 0, pairs: 0, probing: { 0: { probes: 0 } } });
  });
});

/** Writes `move` as long as it may; counts prefixes, and tokens that it is given one by one. */
function endlessModel(layers: number) {
  const counts = { read: 0, tokens: 0 };
  const vocabulary = 26;
  const model: EditableModel = {
    layers,
    width: 1,
    vocabulary,
    read(prefixes, _, body) {
      counts.read += prefixes.length;
      body(
        (written) => {
          counts.tokens += written.length;
          const logits = new Float32Array(written.length * vocabulary);
          for (const row of written.keys()) logits[row * vocabulary + TOKEN.MOVE] = 1;
          return logits;
        },
        0,
        prefixes.length,
      );
    },
  };
  return { model, counts };
}

describe('edits and patches', () => {
  const settings = settingsWith({ minLength: 2, n_layer: 1, examples: 1 });

  test('with cases enough, as many prefixes and tokens are counted as edits and patches give a model that always writes on', () => {
    const { model, counts } = endlessModel(settings.n_layer);
    const start = createWorld(4, 4);
    const specification = { inputs: [start], outputs: [start] };
    const task = { ...generationOptions(settings), encode: () => [1] };
    const longest = { ...specification, actions: Array.from({ length: 4 }, (): Action => 'move') };
    const cases = (count: number, point: number) =>
      Array.from({ length: count }, (): Counterfactual => ({ ...longest, point, turn: 1, turned: [start] }));
    const places = Array.from({ length: 2 * EDIT_SIZES.length }, (_, at) => ({ layer: at % 2, size: 1 }));
    const nowhere = () => new Float64Array(1);
    const directions = { probe: nowhere, flip: nowhere, random: nowhere };

    for (const count of Object.values(CAUSAL_PROGRAMS)) {
      hiddenStatesByLayer(
        model,
        Array.from({ length: count }, () => longest),
        task,
      );
    }
    for (const split of ['validation', 'test'] as const) {
      runEdits(model, cases(CAUSAL_CASES[split], 1), places, directions, [1, 1], task);
    }
    readEdits(model, cases(CAUSAL_CASES.test, 1), places, nowhere, [], task);
    for (const point of [0, 1]) runPatches(model, cases(CAUSAL_CASES.test, point), task);
    expect(analysesWork(settings).causal).toMatchObject(counts);
  });

  test('probes of facings: two semantics, each example, each hidden state', () => {
    expect(workWith().causal.probing[0].probes).toBe(2 * 2 * 5);
    expect(workWith({ examples: 3, n_layer: 6 }).causal.probing[0].probes).toBe(2 * 3 * 7);
  });

  test('tokens are in proportion to cases where there are few of them, and edits need programs of two actions', () => {
    const few = (count: number) => workWith({ traceTrain: 10, traceValidation: count, traceTest: count }).causal.tokens;
    expect(few(200) / few(100)).toBeCloseTo(2, 1);
    const single = workWith({ maxLength: 1, maxProgramLength: 1 }).causal;
    expect(single.probing[0].probes).toBe(0);
    expect(single.tokens).toBe(2 * CAUSAL_CASES.test * 6 * 2); // patches: of both, without and at 5 layers, an action and END
  });
});

describe('evidence', () => {
  test('as many columns are resampled and contrasts tested as `summarize` has of such programs', () => {
    const settings = settingsWith({ minLength: 2 });
    const semantics = settings.semantics.split(' ');
    const random = randomStream('1', 'bits');
    const rowsOf = (offset: number, sources: readonly Source[], original: readonly Source[]) => {
      const columns = semantics.flatMap((meaning) =>
        FEATURES.flatMap((feature) => [
          ...(['frequencies', ...sources] as const).map((of) => columnOf(meaning, feature, of)),
          ...(meaning === 'original' ? original : []).flatMap((of) => [
            ...(of === 'control' ? [columnOf(meaning, feature, 'control frequencies')] : []),
            columnOf(meaning, feature, of),
          ]),
        ]),
      );
      const programs = [0, 1].map(() => Object.fromEntries(columns.map((column) => [column, 1 + random()])));
      const about = { offset, hiddenLayers: 0, actionsLeft: 'all' } as const;
      const rows = summarize(programs, { semantics, converged: () => true }, about, random);
      return { columns: columns.length, shares: rows.shares.length, contrasts: rows.contrasts.length };
    };
    const kinds = ['input', 'grids', 'input+action', 'grids+action'] as const;
    const now = rowsOf(0, ['trained', 'untrained', ...kinds, 'record', 'record+action'], []);
    const before = rowsOf(
      -1,
      ['trained', 'untrained', 'input', 'grids', 'record'],
      ['control', 'input+action', 'grids+action', 'record+action'],
    );
    const work = evidenceWork(settings);
    const depths = 2;
    expect(work.signs).toBe(depths * 3_000 * EVIDENCE_DRAWS.signs * (now.contrasts + before.contrasts));
    // All, and the parts with 1, 2 and 3 actions left: programs of 2, 3 and 4 actions are in 2, 3 and 4 of these.
    const counted = (3_000 * (4 * 2 + 2 * 3 + 1 * 4)) / 7;
    const resampled = counted * before.columns + 3_000 * now.columns;
    expect(work.resampled / (depths * EVIDENCE_DRAWS.resamples)).toBeCloseTo(resampled, 6);
    const rows = 4 * (before.shares + before.contrasts) + now.shares + now.contrasts;
    expect(work.bytes % (depths * rows)).toBe(0);
  });

  test('with few programs there is nothing to draw again', () => {
    expect(evidenceWork(settingsWith({ traceTest: 60 }))).toEqual({ resampled: 0, signs: 0, bytes: 0 });
  });
});
