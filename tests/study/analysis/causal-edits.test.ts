/** Edits as a run makes them, on a model of which it is known that its hidden state decides. */
import { expect, test } from 'vitest';
import { bySplit, EDIT_KINDS, type EditResults, flipDiffers, type SweepRow, WITHIN } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import { analyseEdits, EDIT_SIZES } from '../../../src/study/analysis/causal-edits.ts';
import { CAUSAL_CASES, type CausalMaterial, drawCases } from '../../../src/study/analysis/causal-material.ts';
import { presetNamed } from '../../../src/study/presets.ts';
import { silent } from '../../../src/study/progress.ts';
import { task, toyModel, toyPrograms } from '../../probe/causal/toy-model.ts';
import { engine } from '../../probe/toys.ts';

const COUNTS = { train: 400, validation: 60, test: 170 };
const LAYERS = [0, 1];

const material: CausalMaterial = {
  settings: {
    ...presetNamed('tiny').settings,
    maxProgramLength: task.maxNewTokens - 1,
  },
  engine,
  model: toyModel('state'),
  task,
  programs: bySplit((split) => toyPrograms(COUNTS[split], split.length)),
  random: (name) => randomStream('a', name),
};
const analysed = analyseEdits(material, silent);
if (typeof analysed === 'string') throw new Error(analysed);
const edits: EditResults = analysed.results;
const cases = drawCases(material, 'test', WITHIN, 'points').cases;

test('validation cases are of the validation programs and test cases of the test programs, and so are their shares', () => {
  expect(edits.validation.specifications).toBe(COUNTS.validation);
  expect(edits.test.specifications).toBe(COUNTS.test);
  const [validation, ofTest] = [edits.validation.counted, edits.test.counted];
  expect([validation, ofTest]).toEqual([
    material.programs.validation.filter(({ actions }) => actions.length > 1).length,
    material.programs.test.filter(({ actions }) => actions.length > 1).length,
  ]);
  const isWhole = (x: number) => Math.abs(x - Math.round(x)) < 1e-9;
  for (const { validationSuccess, validationUnchanged, success, unchanged } of edits.sweep) {
    for (const share of [validationSuccess, validationUnchanged]) expect(isWhole(share * validation)).toBe(true);
    for (const { estimate, n } of [success, unchanged]) expect([n, isWhole(estimate * n)]).toEqual([ofTest, true]);
  }
});

test.each(['validation', 'test'] as const)(
  'of more %s programs so many become cases as are allowed, the first of them',
  (split) => {
    const programs = { ...material.programs, [split]: toyPrograms(1.6 * CAUSAL_CASES[split], 7) };
    const { cases: drawn, counts } = drawCases({ ...material, programs }, split, WITHIN, 'points');
    const last = programs[split].findLastIndex(({ inputs }) => inputs === drawn.at(-1)!.inputs);
    expect([drawn.length, counts.counted]).toEqual([CAUSAL_CASES[split], CAUSAL_CASES[split]]);
    expect(counts.specifications).toBe(last + 1);
    expect(counts.specifications).toBeLessThan(programs[split].length);
  },
);

test('each kind is chosen by its successes on validation cases, where those on test cases would choose others; of equals the smaller size, then the lower layer', () => {
  const best = (successOf: (row: SweepRow) => number) =>
    EDIT_KINDS.map(
      (kind) =>
        edits.sweep
          .filter((row) => row.kind === kind)
          .sort((a, b) => successOf(b) - successOf(a) || a.size - b.size || a.layer - b.layer)[0],
    );
  expect(edits.chosen).toEqual(best((row) => row.validationSuccess));
  expect(edits.chosen).not.toEqual(best((row) => row.success.estimate));
});

test('each layer has probes of both semantics for both examples: those of layer 1 read original facings above 99 %, flipped ones below 80 %, layer 0 none above 45 %', () => {
  expect(edits.probes.map(({ layer, semantics, example }) => [layer, semantics, example])).toEqual(
    LAYERS.flatMap((layer) => ['original', 'flip'].flatMap((name) => [0, 1].map((example) => [layer, name, example]))),
  );
  const actions = material.programs.test.flatMap((program) => program.actions.slice(1)).length;
  for (const { layer, semantics, accuracy, n } of edits.probes) {
    expect(n).toBe(actions);
    if (layer === 0) expect(accuracy).toBeLessThan(0.45);
    else if (semantics === 'original') expect(accuracy).toBeGreaterThan(0.99);
    else expect(accuracy).toBeLessThan(0.8);
  }
});

test('edits along the probe succeed in over 95 % of cases, and by over 40 % more than those of flip where the two differ', () => {
  expect(edits.chosen[0]!.success.estimate).toBeGreaterThan(0.95);
  expect([edits.none.success.estimate, edits.none.unchanged.estimate]).toEqual([0, 1]);
  const { matched, flipDiffers: differing } = edits;
  expect(matched.gentle).toBe(true);
  expect(matched.contrasts[0]!.difference.interval!.low).toBeGreaterThan(0.9);
  expect(differing.cases).toBe(cases.filter(flipDiffers).length);
  expect(differing.cases).toBeLessThan(cases.length);
  expect(differing.matched!.difference.interval!.low).toBeGreaterThan(0.4);
});

test('in layer 1 the probe reads the turned facing before the largest edit in under 1 % of cases, after it in over 99 %', () => {
  const size = EDIT_SIZES.at(-1)!;
  const { before, after } = edits.readings.find((row) => row.layer === 1 && row.size === size)!;
  expect(before.estimate).toBeLessThan(0.01);
  expect(after.estimate).toBeGreaterThan(0.99);
});

test('whole states: B starts where its own actions lead to the turned robots, so that it is always solved, and so is A with its layer 1', () => {
  const { cases: pairs, unpatched, ceiling, layers } = edits.wholeStates!;
  expect(pairs).toBe(edits.test.counted); // turns alone can always have been done from another facing
  expect([unpatched.estimate, ceiling.estimate, ceiling.n]).toEqual([0, 1, pairs]);
  expect(
    layers.map(({ layer, solvesUnturned, success }) => [layer, solvesUnturned.estimate, success.estimate]),
  ).toEqual([
    [0, 1, 0],
    [1, 0, 1],
  ]);
});
