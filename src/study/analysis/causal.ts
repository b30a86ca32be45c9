/** @file Does the model use what probes find? Edits and patches on a run's last checkpoint. Chapter 9. */
import { encodePrompt, FLIP, ORIGINAL, type Split } from '../../karel/index.ts';
import {
  AT_START,
  bySplit,
  type CausalResults,
  drawCounterfactuals,
  type EditPlace,
  type EditResults,
  type EditScores,
  editableCodeGen,
  type GeneratedProgram,
  hiddenLayers,
  layerGeometry,
  type PatchResults,
  type PointRange,
  probeDirections,
  randomDirections,
  readEdits,
  runEdits,
  runPatches,
  summarizeEdits,
  summarizePatches,
  summarizeReadings,
  trainFacingProbes,
  WITHIN,
  type WritingTask,
} from '../../probe/index.ts';
import { randomStream } from '../../random.ts';
import type { Engine } from '../../tensor/index.ts';
import type { CodeGen } from '../../transformer/index.ts';
import { loadModel } from '../checkpoints.ts';
import { CorpusReader } from '../corpus-files.ts';
import { corpusSettings } from '../model-config.ts';
import { probeTraining } from '../probe-stage.ts';
import type { Progress } from '../progress.ts';
import type { RunDirectory } from '../run-directory.ts';
import { generationOptions, readTraces } from '../trace-stage.ts';

/**
 * Cases at most: 700 know a share of one in ten to 2.2 percentage points either way, and 300 choose a place with an error
 * that is small beside differences that matter. With more, time goes to intervals that seeds make wider than cases do.
 */
export const CAUSAL_CASES = { validation: 300, test: 700 } as const;

/** Programs whose hidden states train, choose and test probes, at most: a linear probe has some hundred weights to find. */
export const CAUSAL_PROGRAMS = { train: 5000, validation: 1000, test: 2000 } as const;

/** From a push that hardly leaves the cloud of hidden states to one that leaves it far behind. */
export const EDIT_SIZES = [0.25, 0.5, 1, 2, 4] as const;

type Programs = ReturnType<typeof readPrograms>;

/**
 * Counterfactual edits and activation patching with the traces, corpus and weights of the last checkpoint. Writes
 * nothing. Throws `StudyError` where one of these is missing or damaged, and `OutOfMemoryError`.
 */
export function analyseCausal(run: RunDirectory, engine: Engine, progress: Progress): CausalResults {
  const step = run.checkpointSteps().at(-1)!;
  const programs = readPrograms(run, step);
  return engine.scope(() => {
    const model = loadModel(run, step, engine);
    const edits = analyseEdits(run, engine, model, programs, progress);
    const patching = analysePatches(run, engine, model, programs, progress);
    return {
      step,
      edits: typeof edits === 'string' ? null : edits,
      editsSkipped: typeof edits === 'string' ? edits : null,
      patching: typeof patching === 'string' ? null : patching,
      patchingSkipped: typeof patching === 'string' ? patching : null,
    };
  });
}

/** What the checkpoint wrote, with the worlds of each specification. */
function readPrograms(run: RunDirectory, step: number) {
  const { programs } = readTraces(run, step);
  return bySplit((split: Split): GeneratedProgram[] => {
    const reader = new CorpusReader(run.corpus(split));
    try {
      return programs[split].map((actions, index) => {
        const { inputs, outputs } = reader.record(index);
        return { inputs, outputs, actions };
      });
    } finally {
      reader.close();
    }
  });
}

function writingTask({ plan }: RunDirectory): WritingTask {
  const shape = corpusSettings(plan.settings);
  return { ...generationOptions(plan.settings), encode: (specification) => encodePrompt(shape, specification) };
}

/** The results, or why there are none. */
function analyseEdits(
  run: RunDirectory,
  engine: Engine,
  model: CodeGen,
  programs: Programs,
  progress: Progress,
): EditResults | string {
  const drawn = {
    validation: drawCases(run, programs.validation, 'validation', WITHIN),
    test: drawCases(run, programs.test, 'test', WITHIN),
  };
  if (drawn.validation.cases.length === 0) return 'no validation specification gives a case';
  if (drawn.test.cases.length === 0) return 'no test specification gives a case';
  const random = (name: string) => randomStream(run.plan.seed, `causal/${name}`);
  const training = probeTraining(run.plan.settings);
  // Only programs of two actions or more have a state between their actions.
  const traced = bySplit((split) =>
    programs[split].slice(0, CAUSAL_PROGRAMS[split]).filter(({ actions }) => actions.length > 1),
  );
  if (traced.train.length === 0) return 'no training program of two actions or more';

  const editable = editableCodeGen(engine, model);
  const task = writingTask(run);
  const hidden = bySplit((split) => hiddenLayers(editable, traced[split], task));
  const layers = Array.from({ length: model.config.n_layer + 1 }, (_, layer) => layer);
  progress.start('edit probes', layers.length, 'layers');
  const probed = layers.map((layer) => {
    const traces = { layer, width: editable.width, programs: traced, hidden: bySplit((s) => hidden[s][layer]!) };
    const geometry = layerGeometry(traces);
    const [original, flip] = [ORIGINAL, FLIP].map((semantics) =>
      trainFacingProbes(engine, traces, geometry, semantics, training, (example) =>
        random(`probe/${layer}/${example}`),
      ),
    );
    progress.update(layer + 1);
    return { geometry, original: original!, flip: flip! };
  });
  progress.stop();

  const geometry = probed.map((layer) => layer.geometry);
  const distances = geometry.map(({ distance }) => distance);
  const places = layers.flatMap((layer) => EDIT_SIZES.map((size): EditPlace => ({ layer, size })));
  const total = drawn.validation.cases.length + drawn.test.cases.length;
  progress.start('edits', total, 'specifications');
  let before = 0;
  const weights = (semantics: 'original' | 'flip') => probed.map((layer) => layer[semantics].weights);
  const alongProbe = (split: 'validation' | 'test') =>
    probeDirections(drawn[split].cases, weights('original'), geometry, ORIGINAL);
  const scoresOf = (split: 'validation' | 'test'): EditScores => {
    const { cases } = drawn[split];
    const directions = {
      probe: alongProbe(split),
      flip: probeDirections(cases, weights('flip'), geometry, FLIP),
      random: randomDirections(cases, geometry, random(`directions/${split}`)),
    };
    const scores = runEdits(editable, cases, places, directions, distances, task, (done) =>
      progress.update(before + done),
    );
    before += cases.length;
    return scores;
  };
  const summary = summarizeEdits(places, scoresOf('validation'), scoresOf('test'), random('intervals'));
  const readings = readEdits(
    editable,
    drawn.test.cases,
    places,
    alongProbe('test'),
    probed.map((layer) => ({ geometry: layer.geometry, probes: layer.original })),
    task,
  );
  progress.stop();
  return {
    validation: drawn.validation.counts,
    test: drawn.test.counts,
    distances,
    probes: probed.flatMap(({ original, flip }) => [...original.scores, ...flip.scores]),
    ...summary,
    readings: summarizeReadings(places, readings, random('readings')),
  };
}

function drawCases(
  run: RunDirectory,
  programs: readonly GeneratedProgram[],
  split: 'validation' | 'test',
  range: PointRange,
) {
  const name = range === WITHIN ? 'points' : 'pairs';
  return drawCounterfactuals(
    programs,
    range,
    { maxLength: run.plan.settings.maxProgramLength, most: CAUSAL_CASES[split] },
    randomStream(run.plan.seed, `causal/${name}/${split}`),
  );
}

/** The results, or why there are none. */
function analysePatches(
  run: RunDirectory,
  engine: Engine,
  model: CodeGen,
  programs: Programs,
  progress: Progress,
): PatchResults | string {
  const { cases, counts } = drawCases(run, programs.test, 'test', AT_START);
  if (cases.length === 0) return 'no test specification gives a pair';
  progress.start('patches', cases.length, 'pairs');
  const scores = runPatches(editableCodeGen(engine, model), cases, writingTask(run), (done) => progress.update(done));
  progress.stop();
  return { test: counts, ...summarizePatches(scores, randomStream(run.plan.seed, 'causal/patches')) };
}
