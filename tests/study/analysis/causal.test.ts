/** Edits and patches on a run whose model was never trained, with reference programs as if it had written them. */
import { expect, test } from 'vitest';
import { SPLITS, type Split, solves } from '../../../src/karel/index.ts';
import { EDIT_KINDS } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import { encodeText } from '../../../src/store/index.ts';
import { analyseCausal } from '../../../src/study/analysis/causal.ts';
import { EDIT_SIZES } from '../../../src/study/analysis/causal-edits.ts';
import { withCorpus } from '../../../src/study/corpus-reader.ts';
import { modelConfig } from '../../../src/study/model-config.ts';
import { checkpointFile, hiddenStatesFile, programsFile } from '../../../src/study/names.ts';
import { silent } from '../../../src/study/progress.ts';
import { checkpointSteps } from '../../../src/study/run.ts';
import type { Settings } from '../../../src/study/settings.ts';
import { CodeGen, encodeModel, encodeSafetensors } from '../../../src/transformer/index.ts';
import { engine, runWithCorpus } from '../memory-runs.ts';

const COUNTS = { train: 60, validation: 30, test: 40 };

/** `programOf` says what is written for a specification; `idle` counts test specifications that no action at all solves. */
async function analysed(programOf: (reference: string) => string, changes: Partial<Settings> = {}) {
  const few = { trainSamples: 60, validationSamples: 30, testSamples: 40, n_embd: 8, n_layer: 1, n_head: 4 };
  const run = await runWithCorpus({ ...few, rotary_dim: 2, probeSamples: 2000, ...changes }, 'test');
  const step = checkpointSteps(run.plan).at(-1)!;
  const model = CodeGen.initialize(engine, modelConfig(run.plan.settings), randomStream('test', 'model'));
  const files = Object.entries(encodeModel(model)).map(([name, bytes]) => [checkpointFile(step, name), bytes]);
  run.keep(`train/${step}`, [], Object.fromEntries(files));
  const recordsOf = (split: Split) =>
    withCorpus(run, split, (reader) => Array.from({ length: COUNTS[split] }, (_, index) => reader.record(index)));
  const programs = SPLITS.map((split) => [split, recordsOf(split).map(({ program }) => programOf(program.join(' ')))]);
  const nothing = new Map(SPLITS.map((split) => [split, { shape: [0, 8], data: new Float32Array(0) }]));
  run.keep(`trace/${step}`, [], {
    [programsFile(step)]: encodeText(JSON.stringify(Object.fromEntries(programs))),
    [hiddenStatesFile(step)]: encodeSafetensors(nothing),
  });
  const { results } = analyseCausal(run, engine, silent);
  const idle = recordsOf('test').filter((one) => solves(one, []));
  return { results, again: analyseCausal(run, engine, silent).results, layers: [0, 1], idle: idle.length };
}

test('the results have a row for each kind, layer and size, are JSON, and come out the same again', async () => {
  const { results, again, layers } = await analysed((reference) => reference);
  expect(again).toEqual(results);
  expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  const { edits, patching } = results;
  expect(edits!.sweep.map(({ kind, layer, size }) => [kind, layer, size])).toEqual(
    EDIT_KINDS.flatMap((kind) => layers.flatMap((layer) => EDIT_SIZES.map((size) => [kind, layer, size]))),
  );
  for (const { success, unchanged, solvesUnturned } of [edits!.none, ...edits!.sweep]) {
    for (const measure of [success, unchanged, solvesUnturned]) expect(measure.n).toBe(edits!.test.counted);
  }
  expect(edits!.readings.map(({ layer, size }) => [layer, size])).toEqual(
    layers.flatMap((layer) => EDIT_SIZES.map((size) => [layer, size])),
  );
  for (const { validationSuccess } of edits!.chosen) {
    expect(validationSuccess * edits!.validation.counted).toBeCloseTo(
      Math.round(validationSuccess * edits!.validation.counted),
      9,
    );
  }
  const { matched } = edits!;
  const rowsAt = (kind: string) => edits!.sweep.filter((row) => row.kind === kind);
  const differences = rowsAt('probe').map((row, at) => row.validationSuccess - rowsAt('random')[at]!.validationSuccess);
  const gentle = rowsAt('random').map((row) => row.validationUnchanged >= 0.5);
  const most = Math.max(...differences.filter((_, at) => !matched.gentle || gentle[at]));
  expect(matched.gentle).toBe(gentle.includes(true));
  expect(matched.validationDifference).toBeCloseTo(most, 12); // the choice, from what the sweep says
  for (const { kind, success, unchanged } of matched.edits) {
    const row = rowsAt(kind).find(({ layer, size }) => layer === matched.layer && size === matched.size)!;
    expect([row.success.estimate, row.unchanged.estimate]).toEqual([success.estimate, unchanged.estimate]);
  }
  for (const row of edits!.sweep) {
    if (row.layer === layers.at(-1))
      expect(row.moved).toBeCloseTo(row.size, 4); // the last layer's push alone
    else expect(row.moved).toBeGreaterThan(0);
  }
  expect(edits!.test).toMatchObject({ specifications: 40, solved: 40, unknown: 0 });
  expect(edits!.test.counted + edits!.test.withoutRemainder).toBe(edits!.test.considered);
  expect(edits!.probes).toHaveLength(2 * layers.length); // one example, two semantics
  expect(edits!.wholeStates!.layers.map(({ layer }) => layer)).toEqual(layers);
  expect(edits!.distances).toHaveLength(layers.length);
  expect(patching!.test).toMatchObject({ specifications: 40, solved: 40, considered: 40 });
  expect(patching!.layers.map(({ layer }) => layer)).toEqual(layers);
  expect(patching!.layers[0]!.success).toEqual(patching!.unpatched);
});

test('a model that solves nothing gives no results, but the reasons', async () => {
  const { results } = await analysed((reference) => `${reference} turnLeft`);
  expect(results).toMatchObject({
    edits: null,
    editsSkipped: 'no validation specification gives a case',
    patching: null,
    patchingSkipped: 'no test specification gives a pair',
  });
});

test('without the grammar, a text that is no program solves nothing, not even what doing nothing solves', async () => {
  const { results, idle } = await analysed(() => '', { grammar: false });
  expect(idle).toBeGreaterThan(0);
  expect(results.patching).toBeNull();
  const some = await analysed((reference) => (reference.length > 12 ? '' : reference), { grammar: false });
  const { test: counts } = some.results.patching!;
  expect(counts.specifications).toBeLessThan(COUNTS.test);
  expect(counts.solved).toBe(counts.specifications); // of programs alone, each of which is the reference
});
