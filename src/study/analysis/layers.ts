/** @file Where in the model, and when in training, the program's states can be read. Chapter 14. */
import {
  type BySplit,
  bySplit,
  probeGrid,
  probeStates,
  type StateOutcome,
  type StateTraces,
} from '../../probe/index.ts';
import { randomStream } from '../../random.ts';
import type { LayerResult } from '../../results/results.ts';
import type { Engine } from '../../tensor/index.ts';
import { type HiddenStateLayer, hiddenStatesOfLayers } from '../../transformer/index.ts';
import { loadModel } from '../checkpoints.ts';
import type { Progress } from '../progress.ts';
import { checkpointSteps, type Inputs } from '../run.ts';
import type { Settings } from '../settings.ts';
import { probeSettings } from '../stages/probe.ts';
import { storedTraces, worldSizeOf } from '../stored-traces.ts';

/**
 * At most so many specifications of each split: a map of many small cells needs less precision than a claim, and reading
 * a program costs a pass through the model.
 */
export const LAYER_PROGRAMS: BySplit<number> = { train: 2_500, validation: 500, test: 1_500 };
/** The embedding, each layer, and the mean of all: what is probed of each checkpoint. */
export function layersOf({ n_layer }: Settings): HiddenStateLayer[] {
  return [...Array.from({ length: n_layer + 1 }, (_, layer) => layer), 'mean'];
}

/**
 * Linear probes of each hidden state of each checkpoint, for each feature, under the original semantics at offset -1: a
 * map of where, for which a probe should add as little of its own as it can. The model of each checkpoint reads the
 * programs that it wrote itself (teacher forcing); those of the last one are read by the initial weights too. Where programs branch and loop, all pairs of the original semantics take part, the probe stage's
 * only those that there are under its other semantics too. A checkpoint whose programs have too few pairs has no results. Throws `StudyError` when
 * traces, corpus or checkpoints are missing or damaged.
 */
export function analyseLayers(inputs: Inputs, engine: Engine, progress: Progress): LayerResult[] {
  const { settings } = inputs.plan;
  const steps = checkpointSteps(inputs.plan);
  const layers = layersOf(settings);
  const last = steps.at(-1)!;
  const readings = [
    ...steps.map((step) => ({ step, source: 'trained', weights: step }) as const),
    { step: last, source: 'untrained', weights: 0 } as const,
  ];
  progress.start('layers', readings.length * layers.length, 'layers');
  const results = readings.flatMap(({ step, source, weights }, at) =>
    engine.scope(() => {
      const traces = tracesOfLayers(inputs, engine, step, weights, layers);
      return layers.flatMap((layer, index) => {
        const found = probeLayer(inputs, engine, traces(index));
        progress.update(at * layers.length + index + 1, `step ${step}`);
        return found.map(
          ({ feature, accuracy, majority, informationShare, n, tooFew }): LayerResult => ({
            step,
            source,
            layer,
            feature,
            accuracy,
            majority,
            informationShare,
            n,
            tooFew,
          }),
        );
      });
    }),
  );
  progress.stop();
  return results;
}

/** The traces of a checkpoint with the hidden states of `layers[index]` that the weights after so many steps have. */
function tracesOfLayers(
  inputs: Inputs,
  engine: Engine,
  step: number,
  weights: number,
  layers: readonly HiddenStateLayer[],
): (index: number) => StateTraces {
  const { settings } = inputs.plan;
  const model = loadModel(inputs, weights, engine);
  const stored = storedTraces(inputs, step, LAYER_PROGRAMS);
  const hidden = bySplit((split) => {
    const { sequences, positions } = stored[split];
    return hiddenStatesOfLayers(engine, model, sequences, positions, layers);
  });
  return (index) => ({
    ...bySplit((split) => ({ programs: stored[split].programs, hidden: hidden[split][index]! })),
    width: settings.n_embd,
    world: worldSizeOf(settings),
  });
}

function probeLayer(inputs: Inputs, engine: Engine, traces: StateTraces): StateOutcome[] {
  const { settings, seed } = inputs.plan;
  const grid = probeGrid({ semantics: ['original'], offsets: [-1], hiddenLayers: [0] });
  return probeStates(engine, traces, grid, probeSettings(settings), (name) => randomStream(seed, name)).outcomes;
}
