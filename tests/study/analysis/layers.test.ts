/** @file The map of layers and checkpoints, on a run made by hand. */
import { expect, test } from 'vitest';
import { bySplit, probeGrid, probeStates } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import { analyseLayers } from '../../../src/study/analysis/layers.ts';
import { loadModel } from '../../../src/study/checkpoints.ts';
import { silent } from '../../../src/study/progress.ts';
import type { Run } from '../../../src/study/run.ts';
import { probeSettings } from '../../../src/study/stages/probe.ts';
import { storedTraces } from '../../../src/study/stored-traces.ts';
import { type HiddenStateLayer, hiddenStates } from '../../../src/transformer/index.ts';
import { engine, madeUpRun } from './made-up-run.ts';

/** What linear probes read from one layer of one checkpoint, by a pass through the model for that layer alone. */
function probesOf(run: Run, step: number, weights: number, layer: HiddenStateLayer) {
  const { settings, seed } = run.plan;
  const model = loadModel(run, weights, engine);
  const stored = storedTraces(run, step);
  const traces = {
    ...bySplit((split) => {
      const { programs, sequences, positions } = stored[split];
      return { programs, hidden: hiddenStates(engine, model, sequences, positions, { layer }) };
    }),
    width: settings.n_embd,
    world: { width: settings.gridWidth, height: settings.gridHeight },
  };
  const grid = probeGrid({ semantics: ['original'], offsets: [-1], hiddenLayers: [0] });
  const { outcomes } = probeStates(engine, traces, grid, probeSettings(settings), (name) => randomStream(seed, name));
  return outcomes.map(({ feature, accuracy, majority, informationShare, n, tooFew }) => {
    const source = weights === step ? 'trained' : 'untrained';
    return { step, source, layer, feature, accuracy, majority, informationShare, n, tooFew };
  });
}

test('every checkpoint, every layer and the mean, three features: the bits of a pass and probes for each alone', async () => {
  const run = await madeUpRun();
  const results = analyseLayers(run, engine, silent);
  const readings = [
    [0, 0],
    [2, 2],
    [2, 0], // the last one's programs, read by the initial weights
  ] as const;
  const cells = readings.flatMap((of) => ([0, 1, 2, 'mean'] as const).map((layer) => [...of, layer] as const));
  expect(results).toEqual(cells.flatMap(([step, weights, layer]) => probesOf(run, step, weights, layer)));
  expect(results).toHaveLength(3 * 4 * 3);
  const shares = results.filter(({ feature }) => feature === 'direction').map((r) => r.informationShare);
  expect(new Set(shares).size).toBe(shares.length); // no two cells are the same probe
});

test('a checkpoint whose programs have no pairs has no results', async () => {
  expect(analyseLayers(await madeUpRun({}, ''), engine, silent)).toEqual([]);
});
