/** @file The analysis of permutations, on a run made by hand. */
import { expect, test } from 'vitest';
import { ADVERSARIAL } from '../../../src/karel/index.ts';
import { evaluateProbes, PERMUTATIONS } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import type { PermutationResults } from '../../../src/results/results.ts';
import { analysePermutations, permutationGrid } from '../../../src/study/analysis/permutations.ts';
import { loadModel } from '../../../src/study/checkpoints.ts';
import { silent } from '../../../src/study/progress.ts';
import { probeSettings } from '../../../src/study/stages/probe.ts';
import { checkpointTraces } from '../../../src/study/stored-traces.ts';
import { engine, madeUpRun } from './made-up-run.ts';

const NAMES = ['original', 'flip', 'adversarial'];
const STEP = 2;

test('61 semantics linear and six with one hidden layer, of both models; original, flip and adversarial have the bits of the probe stage', async () => {
  const run = await madeUpRun();
  const { rows, ranks } = analysePermutations(run, engine, silent);
  expect(rows).toHaveLength(2 * 3 * (61 + 6)); // of each model: linear, and one hidden layer under the six
  expect(new Set(rows.map(({ semantics }) => semantics))).toEqual(
    new Set([...PERMUTATIONS.map(({ name }) => name), ADVERSARIAL.name]),
  );
  for (const row of rows) expect(row.isPermutation).toBe(row.semantics !== 'adversarial');

  const { settings, seed } = run.plan;
  const grid = permutationGrid().filter(({ semantics }) => NAMES.includes(semantics));
  const random = (name: string) => randomStream(seed, name);
  const figures = ({ semantics, feature, hiddenLayers, accuracy, majority, information, informationShare }: Row) => ({
    semantics,
    feature,
    hiddenLayers,
    accuracy,
    majority,
    information,
    informationShare,
  });
  type Row = Omit<PermutationResults['rows'][number], 'isPermutation' | 'source'>;
  const probed = (step: number) => {
    const traces = checkpointTraces(run, engine, loadModel(run, 0, engine), step);
    return evaluateProbes(engine, traces, grid, probeSettings(settings), random).outcomes.map(figures);
  };
  const found = rows.filter(({ semantics, source }) => NAMES.includes(semantics) && source === 'trained').map(figures);
  const inOrder = (all: Row[]) => all.map((row) => JSON.stringify(row)).sort();
  expect(found).toHaveLength(grid.length);
  expect(inOrder(found)).toEqual(inOrder(probed(STEP)));
  expect(inOrder(found)).not.toEqual(inOrder(probed(0)));

  const shareOf = (semantics: string) =>
    rows.find(
      (row) =>
        row.source === 'trained' && row.semantics === semantics && row.feature === 'obstacle' && row.hiddenLayers === 0,
    )!.informationShare!;
  const better = PERMUTATIONS.filter(({ name }) => shareOf(name) > shareOf('original')).length;
  expect(
    ranks.map(({ source, feature, hiddenLayers, among, of }) => [source, feature, hiddenLayers, among, of]),
  ).toEqual(
    (
      [
        ['all', 60, [0]],
        ['markersKept', 6, [0, 1]],
      ] as const
    ).flatMap(([among, of, depths]) =>
      ['trained', 'untrained', 'gained'].flatMap((source) =>
        depths.flatMap((depth) =>
          ['direction', 'position', 'obstacle', 'mean'].map((feature) => [source, feature, depth, among, of]),
        ),
      ),
    ),
  );
  const rankOf = (source: string) =>
    ranks.find((r) => r.source === source && r.feature === 'obstacle' && r.hiddenLayers === 0 && r.among === 'all')!;
  expect(rankOf('trained').rank).toBe(better + 1);
  const untrained = rows.filter((row) => row.source === 'untrained').map(figures);
  expect(inOrder(untrained)).not.toEqual(inOrder(rows.filter((row) => row.source === 'trained').map(figures)));
});

test('a semantics that leaves nothing to know counts as the easiest; without pairs there is only the reason', async () => {
  const run = await madeUpRun({ gridWidth: 2, gridHeight: 1, wallRatio: 0 }, 'turnLeft turnRight');
  const { rows, ranks } = analysePermutations(run, engine, silent);
  const still = rows.filter(
    (r) => r.source === 'trained' && r.isPermutation && r.hiddenLayers === 0 && r.informationShare === null,
  );
  expect(still.length).toBeGreaterThan(0);
  expect(new Set(still.map(({ feature }) => feature))).toEqual(new Set(['position']));
  const { rank } = ranks.find((r) => r.feature === 'position' && r.hiddenLayers === 0 && r.among === 'all')!;
  expect(rank).toBe((still.length + 1) / 2); // the original is one of them: nothing moves
  expect(analysePermutations(await madeUpRun({}, ''), engine, silent)).toEqual({
    rows: [],
    ranks: [],
    skipped: '0 training pairs, 2 are needed',
  });
});
