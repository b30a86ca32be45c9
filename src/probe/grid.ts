/** @file Which probes are trained at a checkpoint. Chapter 9. */
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

/**
 * -1, the state before the action that is being written: all sources have read what it follows from. 0, the state after it:
 * a hidden state has not read the action, and a record is given it or not.
 */
export const BASELINE_OFFSETS: readonly number[] = [-1, 0];

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
 * The default at a checkpoint before the last: linear and one hidden layer, at offset -1 under all semantics, at 0 under the
 * original, as the paper has it. At the last one, or with `full`, offsets -2 to 2 under all semantics, and two hidden layers at
 * -1 and 0 under the original. `axes` overrides any of them.
 */
export function checkpointGrid(
  { last, full }: { readonly last: boolean; readonly full: boolean },
  axes: GridAxes = {},
): ProbeQuestion[] {
  if (last || full) {
    const wide = probeGrid({ offsets: OFFSETS, ...axes });
    return axes.hiddenLayers
      ? wide
      : [...wide, ...probeGrid({ offsets: BASELINE_OFFSETS, ...axes, hiddenLayers: [2], semantics: ['original'] })];
  }
  if (axes.offsets) return probeGrid(axes);
  return [...probeGrid({ ...axes, offsets: [-1] }), ...probeGrid({ ...axes, offsets: [0], semantics: ['original'] })];
}
