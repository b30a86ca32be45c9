/** @file Picking probes out of the results. Chapter 11. */

import { mainLayer } from '../results/regressions.ts';
import {
  type CheckpointResult,
  FEATURES,
  type FeatureName,
  type ProbeResult,
  type Results,
} from '../results/results.ts';
import { decimal, isFiniteNumber } from './format.ts';

export { DEPTH_NAMES, FEATURES, SHORT_DEPTH_NAMES } from '../results/results.ts';

export type Depth = ProbeResult['hiddenLayers'];

export const DEPTHS: readonly Depth[] = [0, 1, 2];

/** Which probe: everything but its random seed. */
export interface ProbeKey {
  step: number;
  feature: FeatureName;
  semantics: string;
  offset: number;
  hiddenLayers: Depth;
}

/** The numbers of one probe, averaged over its seeds where there are several. */
export type ProbeNumbers = Pick<
  ProbeResult,
  | 'accuracy'
  | 'majority'
  | 'information'
  | 'informationShare'
  | 'untrained'
  | 'untrainedInformation'
  | 'untrainedInformationShare'
  | 'n'
  | 'programs'
  | 'tooFew'
>;

export function lastCheckpoint(results: Results): CheckpointResult | undefined {
  return results.checkpoints.at(-1);
}

/** Whether the programs of the run may branch and loop. */
export function hasControl({ settings }: Results): boolean {
  return settings['programs'] === 'control';
}

/** What the length of a program counts. */
export function lengthUnit(results: Results): 'words' | 'actions' {
  return hasControl(results) ? 'words' : 'actions';
}

/** The last step that has probes, or undefined. */
export function lastProbeStep(results: Results): number | undefined {
  return results.probes.length === 0 ? undefined : Math.max(...results.probes.map((probe) => probe.step));
}

/** A setting that is a number. */
export function numberOf({ settings }: Results, name: string): number {
  return Number(settings[name]);
}

/** Which hidden state the figures show, `that of layer 3`: the one that was probed, else the one that the settings ask for. */
export function layerText(results: Results): string {
  const asked = numberOf(results, 'layer');
  const layer = mainLayer(results) ?? (asked < 0 ? 'mean' : asked);
  if (layer === 'mean') return 'the mean over the embedding and all layers';
  return layer === 0 ? 'that of the embedding' : `that of layer ${decimal(layer)}`;
}

/** Whether the states of every example label a hidden state, not those of one. */
export function labelsAll(results: Results): boolean {
  return numberOf(results, 'labelExample') === -1;
}

/** Whose states label a hidden state. */
export function labelText(results: Results): string {
  const example = numberOf(results, 'labelExample');
  if (labelsAll(results)) return 'in the world of every given pair, each a question of its own';
  return example === 0 ? 'in the world of the first given pair' : `in the world of given pair ${decimal(example + 1)}`;
}

function inOrder(values: Iterable<string>, first: readonly string[]): string[] {
  const present = new Set(values);
  return [
    ...first.filter((value) => present.has(value)),
    ...[...present].filter((value) => !first.includes(value)).sort(),
  ];
}

/** The semantics that were probed: the original first. */
export function semanticsOf(results: Results): string[] {
  return inOrder(
    results.probes.map((probe) => probe.semantics),
    ['original', 'flip', 'adversarial'],
  );
}

export function featuresOf(results: Results): FeatureName[] {
  return FEATURES.filter((feature) => results.probes.some((probe) => probe.feature === feature));
}

/** The depths probed at `step` (anywhere, if not given), shallow first. */
export function depthsOf(results: Results, step?: number): Depth[] {
  return DEPTHS.filter((depth) =>
    results.probes.some((probe) => probe.hiddenLayers === depth && (step === undefined || probe.step === step)),
  );
}

/** Each of these numbers once, the smallest first. */
export function ascending(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The offsets probed at `step`, ascending. */
export function offsetsOf(results: Results, step: number): number[] {
  const offsets = results.probes.filter((probe) => probe.step === step).map((probe) => probe.offset);
  return ascending(offsets);
}

/** The depth of the figures that show one: one hidden layer, or the deepest there is at most checkpoints. */
export function mainDepth(results: Results): Depth {
  const count = (depth: Depth) => results.probes.filter((probe) => probe.hiddenLayers === depth).length;
  if (count(1) > 0) return 1;
  return count(2) > count(0) ? 2 : 0;
}

function mean(values: readonly (number | null)[]): number | null {
  const finite = values.filter(isFiniteNumber);
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/** The numbers of one probe on the main layer; undefined if it was not trained or had no pairs. */
export function probeNumbers(results: Results, key: ProbeKey): ProbeNumbers | undefined {
  const layer = mainLayer(results);
  const found = results.probes.filter(
    (probe) =>
      probe.step === key.step &&
      probe.feature === key.feature &&
      probe.semantics === key.semantics &&
      probe.offset === key.offset &&
      probe.hiddenLayers === key.hiddenLayers &&
      probe.layer === layer &&
      probe.n > 0 &&
      isFiniteNumber(probe.accuracy),
  );
  if (found.length === 0) return undefined;
  const average = (name: Exclude<keyof ProbeNumbers, 'tooFew'>) => mean(found.map((probe) => probe[name]));
  return {
    accuracy: average('accuracy') ?? 0,
    majority: average('majority') ?? Number.NaN,
    information: average('information') ?? Number.NaN,
    informationShare: average('informationShare'),
    untrained: average('untrained') ?? Number.NaN,
    untrainedInformation: average('untrainedInformation') ?? Number.NaN,
    untrainedInformationShare: average('untrainedInformationShare'),
    n: Math.min(...found.map((probe) => probe.n)),
    programs: Math.min(...found.map((probe) => probe.programs)),
    tooFew: found.some((probe) => probe.tooFew),
  };
}

/** How many seeds each probe was trained with. */
export function probeSeeds(results: Results): number {
  return new Set(results.probes.map((probe) => probe.seed)).size;
}

/**
 * Half the width of a 95 % interval of a share, programs (not their pairs, which hang together) counted as independent.
 * After Agresti & Coull 1998, two right and two wrong answers added: five of five right is not certainty.
 */
export function countingError(share: number, programs: number): number {
  if (programs <= 0) return Number.NaN;
  const adjusted = (share * programs + 2) / (programs + 4);
  return 1.96 * Math.sqrt((adjusted * (1 - adjusted)) / (programs + 4));
}
