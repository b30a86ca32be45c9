/** @file Is the original meaning the easiest to read, of all that the actions could have? Chapter 10. */
import { keepsMarkers, ORIGINAL } from '../../karel/index.ts';
import { FEATURES, PERMUTATIONS, probeGrid, probeStates, rankSemantics } from '../../probe/index.ts';
import { randomStream } from '../../random.ts';
import type { PermutationRank, PermutationResults, PermutationRow } from '../../results/results.ts';
import type { Engine } from '../../tensor/index.ts';
import { probeSettings } from '../probe-stage.ts';
import type { Progress } from '../progress.ts';
import type { RunDirectory } from '../run-directory.ts';
import { storedTraces, worldSizeOf } from '../stored-traces.ts';

/** Depths of the probes: linear and one hidden layer, as at every checkpoint. */
const DEPTHS = [0, 1] as const;
/** Of the probe stage's probes, those whose figures these are to be compared with. */
const SEED = '0';
/** What the permutations are ranked beside: no permutation, and not among the ranked. */
const BESIDE = 'adversarial';

/** Their conditions tell picking from putting, and few of their actions may be executed under all semantics. */
const STRAIGHT_ONLY =
  'the 60 permutations stand for all 120 of straight-line programs only, and the programs of this run branch and loop';

/** What is asked: each semantics, of each feature, by each depth of probe. */
export function permutationGrid() {
  return probeGrid({
    semantics: [...PERMUTATIONS.map(({ name }) => name), BESIDE],
    features: FEATURES,
    hiddenLayers: DEPTHS,
    seeds: [SEED],
  });
}

/**
 * Probes of the hidden states of a run's last checkpoint at offset 0 under each permutation of the semantics, trained as
 * the probe stage trains them: under semantics that it has too, the figures have the same bits. None, with the
 * reason, where programs branch and loop or leave too few pairs. Throws `StudyError` when the traces are missing or damaged.
 */
export function analysePermutations(run: RunDirectory, engine: Engine, progress: Progress): PermutationResults {
  const { settings, seed } = run.plan;
  if (settings.programs === 'control') return { rows: [], ranks: [], skipped: STRAIGHT_ONLY };
  const grid = permutationGrid();
  const traces = {
    ...storedTraces(run, run.checkpointSteps().at(-1)!),
    width: settings.n_embd,
    world: worldSizeOf(settings),
  };
  const random = (name: string) => randomStream(seed, name);
  progress.start('permutations', grid.length, 'probes');
  const { outcomes, reason } = probeStates(engine, traces, grid, probeSettings(settings), random, (done) =>
    progress.update(done),
  );
  progress.stop();
  if (reason !== null) return { rows: [], ranks: [], skipped: reason };
  const rows = outcomes.map(
    ({ semantics, feature, hiddenLayers, accuracy, majority, information, informationShare }): PermutationRow => ({
      semantics,
      isPermutation: semantics !== BESIDE,
      feature,
      hiddenLayers,
      accuracy,
      majority,
      information,
      informationShare,
    }),
  );
  return { rows, ranks: [...ranksAmong('all', rows), ...ranksAmong('markersKept', rows)] };
}

function ranksAmong(among: PermutationRank['among'], rows: readonly PermutationRow[]): PermutationRank[] {
  const names = new Set(
    PERMUTATIONS.filter((semantics) => among === 'all' || keepsMarkers(semantics)).map(({ name }) => name),
  );
  const shares = rows
    .filter(({ semantics }) => names.has(semantics))
    .map((row) => ({ ...row, informationShare: row.informationShare ?? 1 }));
  return rankSemantics(shares, ORIGINAL.name).map((rank) => ({ ...rank, among }));
}
