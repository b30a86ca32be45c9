/** @file How long the model takes to go on from a prompt while its hidden states are edited. Chapter 8. */
import { decodeProgramTokens, decodePrompt, encodePrompt, ORIGINAL, promptLength } from '../../karel/index.ts';
import {
  type Counterfactual,
  EDIT_KINDS,
  type EditPlace,
  editableCodeGen,
  type LayerGeometry,
  probeDirections,
  randomDirections,
  runEdits,
  turnRobots,
  type WritingTask,
} from '../../probe/index.ts';
import { randomStream } from '../../random.ts';
import type { Engine } from '../../tensor/index.ts';
import type { CodeGen } from '../../transformer/index.ts';
import { corpusSettings } from '../model-config.ts';
import type { Settings } from '../settings.ts';
import { medianSeconds } from './stopwatch.ts';

/**
 * Seconds of one more token of one case, directions and scores included: what edits at each layer take beyond none.
 * `task` must let every program go on for `maxNewTokens`. The samples are of straight-line programs: no cases are drawn from
 * others, and a word that is no action is a `TokenError`. Weights of probes are drawn: what is in them changes nothing.
 */
export function editedTokenSeconds(
  engine: Engine,
  model: CodeGen,
  samples: readonly Uint8Array[],
  settings: Settings,
  options: Omit<WritingTask, 'encode'>,
  seed: string,
): number {
  const corpus = corpusSettings(settings);
  const random = randomStream(seed, 'estimate/edits');
  const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => random() + 0.5);
  const cases = samples.map((tokens): Counterfactual => {
    const { inputs, outputs } = decodePrompt(corpus, tokens);
    const actions = decodeProgramTokens(tokens, promptLength(corpus));
    return { inputs, outputs, actions, point: 0, turn: 1, turned: turnRobots(inputs, 1) };
  });
  const editable = editableCodeGen(engine, model);
  const { width } = editable;
  const layers = Array.from({ length: editable.layers + 1 }, (_, layer) => layer);
  const geometry = layers.map(
    (): LayerGeometry => ({ standardization: { mean: numbers(width), deviation: numbers(width) }, distance: 1 }),
  );
  const weights = layers.map(() => Array.from({ length: settings.examples }, () => numbers(4 * width)));
  const probe = probeDirections(cases, weights, geometry, ORIGINAL);
  const directions = { probe, flip: probe, random: randomDirections(cases, geometry, random) };
  const distances = geometry.map(({ distance }) => distance);
  const task: WritingTask = { ...options, encode: (specification) => encodePrompt(corpus, specification) };
  const secondsAt = (places: readonly EditPlace[]): number =>
    medianSeconds(() => void runEdits(editable, cases, places, directions, distances, task), 0.5);
  const edited = secondsAt(layers.map((layer) => ({ layer, size: 1 }))) - secondsAt([]);
  const tokens = cases.length * EDIT_KINDS.length * layers.length * task.maxNewTokens;
  return Math.max(0, edited) / tokens;
}
