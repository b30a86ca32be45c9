/** @file How much there is to do for probes under each permutation, counted before the run. Chapter 8. */
import { ACTIONS, semanticsFromText } from '../../karel/index.ts';
import type { FeatureName, HiddenLayers, ProbeQuestion } from '../../probe/index.ts';
import { permutationGrid } from '../analysis/permutations.ts';
import type { Settings } from '../settings.ts';
import { traceCounts } from '../stages/trace.ts';
import { type AnalysisWork, NOTHING } from './analysis-work.ts';
import { assumedLengths, fewestActions, pairsOf, shareFrom, sumOf } from './assumed.ts';
import { allProbes, NO_PROBES, probeWork } from './probe-work.ts';

/** Bytes of JSON about one probe. */
const ROW_TEXT = 380;
/** The trained and the untrained. */
const MODELS = 2;

/**
 * Of questions with the same labels one, for which a probe is trained. Direction depends on what turns the robot,
 * position and obstacle on what moves it as well. More may be the same in a run: words that
 * the model does not write tell nothing apart.
 */
export function distinctQuestions(grid: readonly ProbeQuestion[]): ProbeQuestion[] {
  const matters: { readonly [feature in FeatureName]: readonly string[] } = {
    direction: ['turnLeft', 'turnRight'],
    position: ['turnLeft', 'turnRight', 'move'],
    obstacle: ['turnLeft', 'turnRight', 'move'],
  };
  const distinct = new Map<string, ProbeQuestion>();
  for (const question of grid) {
    const { feature, hiddenLayers, semantics, seed } = question;
    const { map } = semanticsFromText(semantics);
    const words = ACTIONS.map((word) => (matters[feature].includes(map[word]) ? map[word] : ''));
    distinct.set([feature, hiddenLayers, seed, ...words].join('/'), question);
  }
  return [...distinct.values()];
}

/** Nothing where programs branch and loop: the question is not asked there. */
export function permutationsWork(settings: Settings): AnalysisWork {
  if (settings.programs === 'control') return NOTHING;
  const grid = permutationGrid();
  const programs = traceCounts(settings);
  const pairs = pairsOf(settings, programs, { offset: -1, trained: true });
  const asked = distinctQuestions(grid);
  const of = (depth: HiddenLayers) =>
    probeWork(MODELS * asked.filter(({ hiddenLayers }) => hiddenLayers === depth).length, pairs, depth, settings);
  const probing = { ...NO_PROBES, 0: of(0), 1: of(1) };
  if (allProbes(probing) === 0) return NOTHING;
  const semantics = new Set(grid.map((question) => question.semantics)).size;
  const executed = sumOf(programs) * shareFrom(assumedLengths(settings, true), fewestActions(settings));
  return {
    ...NOTHING,
    probing,
    pairs: MODELS * sumOf(pairs),
    executions: MODELS * semantics * executed,
    read: executed,
    bytes: MODELS * ROW_TEXT * grid.length,
  };
}
