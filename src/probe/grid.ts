/** @file Which probes are trained at a checkpoint. Chapter 7. */
import { FEATURES, type FeatureName } from './features.ts';
import type { HiddenLayers } from './probe.ts';

/** One probe: what is asked of a hidden state, and of which kind of probe. */
export interface ProbeQuestion {
  readonly feature: FeatureName;
  /** As `semanticsFromText` reads it: a name such as `flip`, or changes such as `move=turnLeft,turnLeft=move`. */
  readonly semantics: string;
  /** State after the action generated `offset` actions later; 0 is the action generated from this hidden state. */
  readonly offset: number;
  readonly hiddenLayers: HiddenLayers;
  readonly seed: string;
}

/** What a grid is made of: the product of these. */
export interface GridAxes {
  readonly features?: readonly FeatureName[];
  readonly semantics?: readonly string[];
  readonly offsets?: readonly number[];
  readonly hiddenLayers?: readonly HiddenLayers[];
  readonly seeds?: readonly string[];
}

const OFFSETS = [-2, -1, 0, 1, 2];

/** Every combination; an axis that is not given is the default grid's. */
export function probeGrid({
  features = FEATURES,
  semantics = ['original', 'flip', 'adversarial'],
  offsets = [0],
  hiddenLayers = [0, 1],
  seeds = ['0'],
}: GridAxes = {}): ProbeQuestion[] {
  const grid: ProbeQuestion[] = [];
  for (const seed of seeds) {
    for (const offset of offsets) {
      for (const meaning of semantics) {
        for (const layers of hiddenLayers) {
          for (const feature of features)
            grid.push({ feature, semantics: meaning, offset, hiddenLayers: layers, seed });
        }
      }
    }
  }
  return grid;
}

/**
 * The default: offset 0, linear and one hidden layer; at the last checkpoint, or with `full`, all depths and offsets -2
 * to 2. `axes` overrides any of them.
 */
export function checkpointGrid(
  { last, full }: { readonly last: boolean; readonly full: boolean },
  axes: GridAxes = {},
): ProbeQuestion[] {
  return probeGrid(last || full ? { offsets: OFFSETS, hiddenLayers: [0, 1, 2], ...axes } : axes);
}
