/** @file Counterfactual edits on a run's last checkpoint. Chapter 14. */
import { FLIP, ORIGINAL, type World } from '../../karel/index.ts';
import {
  type BySplit,
  bySplit,
  type Counterfactual,
  type DrawnCases,
  type EditDirections,
  type EditPlace,
  type EditResults,
  type EditScores,
  type FacingProbes,
  flipDiffers,
  type GeneratedProgram,
  hiddenStatesByLayer,
  type LayerGeometry,
  layerGeometry,
  probeDirections,
  randomDirections,
  readEdits,
  runEdits,
  runPatches,
  summarizeEdits,
  summarizeFlipDiffers,
  summarizeMatched,
  summarizePatches,
  summarizeReadings,
  trainFacingProbes,
  type WholeStates,
  WITHIN,
  worldsBefore,
} from '../../probe/index.ts';
import type { Progress } from '../progress.ts';
import { type CausalMaterial, drawCases } from './causal-material.ts';

/** Programs whose hidden states train, choose and test probes, at most: a linear probe has some hundred weights to find. */
export const CAUSAL_PROGRAMS = { train: 5000, validation: 1000, test: 2000 } as const;

/** From a push that hardly leaves the cloud of hidden states to one that leaves it far behind. */
export const EDIT_SIZES = [0.25, 0.5, 1, 2, 4] as const;

/** What is known about a layer before it is edited. */
interface ProbedLayer {
  readonly geometry: LayerGeometry;
  readonly original: FacingProbes;
  readonly flip: FacingProbes;
}

/** The results, or why there are none. */
export function analyseEdits(
  material: CausalMaterial,
  progress: Progress,
): { results: EditResults; directions: EditDirections } | string {
  const { model, task, random } = material;
  const drawn = {
    validation: drawCases(material, 'validation', WITHIN, 'points'),
    test: drawCases(material, 'test', WITHIN, 'points'),
  };
  if (drawn.validation.cases.length === 0) return 'no validation specification gives a case';
  if (drawn.test.cases.length === 0) return 'no test specification gives a case';
  // Only programs of two actions or more have a state between their actions.
  const traced = bySplit((split) =>
    material.programs[split].slice(0, CAUSAL_PROGRAMS[split]).filter(({ actions }) => actions.length > 1),
  );
  const pairs = traced.train.reduce((sum, { actions }) => sum + actions.length - 1, 0);
  if (pairs < 2) return `${pairs} training pairs for the probes, 2 are needed`;
  if (traced.validation.length === 0) return 'no validation pairs for the probes';
  if (traced.test.length === 0) return 'no test pairs for the probes';

  const layers = probeLayers(material, traced, progress);
  const geometry = layers.map((layer) => layer.geometry);
  const distances = geometry.map(({ distance }) => distance);
  const places = layers.flatMap((_, layer) => EDIT_SIZES.map((size): EditPlace => ({ layer, size })));
  const weights = (semantics: 'original' | 'flip') => layers.map((layer) => layer[semantics].weights);
  const alongProbe = ({ cases }: DrawnCases) => probeDirections(cases, weights('original'), geometry, ORIGINAL);
  let done = 0;
  progress.start('edits', drawn.validation.cases.length + drawn.test.cases.length, 'specifications');
  const scoresOf = (split: 'validation' | 'test'): EditScores => {
    const { cases } = drawn[split];
    const directions = {
      probe: alongProbe(drawn[split]),
      flip: probeDirections(cases, weights('flip'), geometry, FLIP),
      random: randomDirections(cases, geometry, random(`directions/${split}`)),
    };
    const before = done;
    return runEdits(model, cases, places, directions, distances, task, (count) => {
      done = before + count;
      progress.update(done);
    });
  };
  const scores = { validation: scoresOf('validation'), test: scoresOf('test') };
  const summary = summarizeEdits(places, scores.validation, scores.test, random('intervals'));
  const read = layers.map((layer) => ({ geometry: layer.geometry, probes: layer.original }));
  const readings = readEdits(model, drawn.test.cases, places, alongProbe(drawn.test), read, task);
  progress.stop();
  const differs = drawn.test.cases.map(flipDiffers);
  const results: EditResults = {
    validation: drawn.validation.counts,
    test: drawn.test.counts,
    distances,
    probes: layers.flatMap(({ original, flip }) => [...original.scores, ...flip.scores]),
    ...summary,
    readings: summarizeReadings(places, readings, random('readings')),
    matched: summarizeMatched(places, scores.validation, scores.test, random('matched')),
    flipDiffers: summarizeFlipDiffers(places, scores.validation, scores.test, differs, random('flip differs')),
    wholeStates: wholeStates(material, drawn.test.cases, progress),
  };
  return { results, directions: { geometry, weights: weights('original') } };
}

/** Patches between the actions, for the cases in which the robots could have come to stand turned. */
function wholeStates(
  { model, task, random }: CausalMaterial,
  cases: readonly Counterfactual[],
  progress: Progress,
): WholeStates | null {
  const starts = new Map<Counterfactual, readonly World[]>();
  for (const item of cases) {
    const found = worldsBefore(item.turned, item.actions.slice(0, item.point));
    if (found) starts.set(item, found);
  }
  if (starts.size === 0) return null;
  progress.start('whole states', starts.size, 'pairs');
  const onDone = (done: number): void => progress.update(done);
  const scores = runPatches(model, [...starts.keys()], task, onDone, (item) => starts.get(item)!);
  progress.stop();
  return { cases: starts.size, ...summarizePatches(scores, random('whole states')) };
}

function probeLayers(
  { engine, model, task }: CausalMaterial,
  programs: BySplit<readonly GeneratedProgram[]>,
  progress: Progress,
): ProbedLayer[] {
  const hidden = bySplit((split) => hiddenStatesByLayer(model, programs[split], task));
  progress.start('edit probes', hidden.train.length, 'layers');
  const layers = hidden.train.map((_, layer) => {
    const traces = { layer, width: model.width, programs, hidden: bySplit((split) => hidden[split][layer]!) };
    const geometry = layerGeometry(traces);
    const [original, flip] = [ORIGINAL, FLIP].map((semantics) =>
      trainFacingProbes(engine, traces, geometry, semantics),
    );
    progress.update(layer + 1);
    return { geometry, original: original!, flip: flip! };
  });
  progress.stop();
  return layers;
}
