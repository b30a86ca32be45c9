/** @file Is the original meaning the easiest to read, of all that the actions could have? Chapter 10. */
import { keepsMarkers, ORIGINAL } from '../../karel/index.ts';
import { bySplit, FEATURES, PERMUTATIONS, probeGrid, probeStates, rankSemantics } from '../../probe/index.ts';
import { randomStream } from '../../random.ts';
import type { PermutationRank, PermutationResults, PermutationRow } from '../../results/results.ts';
import type { Engine } from '../../tensor/index.ts';
import { loadModel } from '../checkpoints.ts';
import type { Progress } from '../progress.ts';
import { checkpointSteps, type Inputs } from '../run.ts';
import { probeSettings } from '../stages/probe.ts';
import { checkpointTraces } from '../stored-traces.ts';

const MODELS = ['trained', 'untrained'] as const;
/** Of the probe stage's probes, those whose figures these are to be compared with. */
const SEED = '0';
/** What the permutations are ranked beside: no permutation, and not among the ranked. */
const BESIDE = 'adversarial';

/** Their conditions tell picking from putting, and few of their actions may be executed under all semantics. */
const STRAIGHT_ONLY =
  'the 60 permutations stand for all 120 of straight-line programs only, and the programs of this run branch and loop';

/** What is asked, of the trained and of the untrained model: each semantics, of each feature, by each depth of probe. */
export function permutationGrid() {
  const asked = { offsets: [-1], features: FEATURES, seeds: [SEED] };
  const six = PERMUTATIONS.filter(keepsMarkers).map(({ name }) => name);
  return [
    ...probeGrid({ ...asked, semantics: [...PERMUTATIONS.map(({ name }) => name), BESIDE], hiddenLayers: [0] }),
    ...probeGrid({ ...asked, semantics: six, hiddenLayers: [1] }),
  ];
}

/**
 * Probes of the last checkpoint's programs at offset -1 under each permutation of the semantics: linear ones under all 60, with
 * one hidden layer under the six that keep the markers, trained as the probe stage trains them, so that under semantics that it
 * has too the figures have the same bits. None, with the reason, where programs branch and loop or leave too few pairs.
 * Throws `StudyError` when the traces are missing or damaged.
 */
export function analysePermutations(inputs: Inputs, engine: Engine, progress: Progress): PermutationResults {
  const { settings, seed } = inputs.plan;
  if (settings.programs === 'control') return { rows: [], ranks: [], skipped: STRAIGHT_ONLY };
  const grid = permutationGrid();
  const { width, world, ...splits } = checkpointTraces(
    inputs,
    engine,
    loadModel(inputs, 0, engine),
    checkpointSteps(inputs.plan).at(-1)!,
  );
  const random = (name: string) => randomStream(seed, name);
  progress.start('permutations', MODELS.length * grid.length, 'probes');
  const found = MODELS.map((source, at) => {
    const states = bySplit((split) => ({ programs: splits[split].programs, hidden: splits[split][source] }));
    const traces = { ...states, width, world };
    const onDone = (done: number): void => progress.update(at * grid.length + done);
    return { source, ...probeStates(engine, traces, grid, probeSettings(settings), random, onDone) };
  });
  progress.stop();
  const reason = found[0]!.reason;
  if (reason !== null) return { rows: [], ranks: [], skipped: reason };
  const rows = found.flatMap(({ source, outcomes }) =>
    outcomes.map(
      ({ semantics, feature, hiddenLayers, accuracy, majority, information, informationShare }): PermutationRow => ({
        source,
        semantics,
        isPermutation: semantics !== BESIDE,
        feature,
        hiddenLayers,
        accuracy,
        majority,
        information,
        informationShare,
      }),
    ),
  );
  return { rows, ranks: [...ranksAmong('all', rows, [0]), ...ranksAmong('markersKept', rows, [0, 1])] };
}

/** Of each model, and of what training adds. */
function ranksAmong(
  among: PermutationRank['among'],
  rows: readonly PermutationRow[],
  depths: readonly number[],
): PermutationRank[] {
  const names = new Set(
    PERMUTATIONS.filter((semantics) => among === 'all' || keepsMarkers(semantics)).map(({ name }) => name),
  );
  const [trained, untrained] = MODELS.map((source) =>
    rows
      .filter((row) => row.source === source && names.has(row.semantics) && depths.includes(row.hiddenLayers))
      .map((row) => ({ ...row, informationShare: row.informationShare ?? 1 })),
  ) as [PermutationRow[], PermutationRow[]];
  const gained = trained.map((row, at) => ({
    ...row,
    informationShare: row.informationShare! - untrained[at]!.informationShare!,
  }));
  return Object.entries({ trained, untrained, gained }).flatMap(([of, shares]) =>
    rankSemantics(shares, ORIGINAL.name).map((rank) => ({ ...rank, source: of as PermutationRank['source'], among })),
  );
}
