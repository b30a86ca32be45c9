/** @file Whether an edit does to the probe what it is meant to do: the probe then reads the turned facing. Chapter 14. */
import { ORIGINAL } from '../../karel/index.ts';
import type { Counterfactual } from './counterfactual.ts';
import { type DirectionOf, facingsNow } from './directions.ts';
import type { EditableModel } from './editable-model.ts';
import { type EditPlace, prefixOf, type WritingTask } from './edits.ts';
import { type FacingProbes, type LayerGeometry, readFacing } from './facing-probes.ts';

/** For one case, the share of its examples for which the layer's probe reads the facing of the turned robot. */
export interface Reading {
  readonly before: number;
  readonly after: number;
}

/**
 * What the probes read at the place's own layer from the first token that is edited, before and after: [places][cases].
 * An edit that its own probe does not notice would say nothing about the model.
 */
export function readEdits(
  model: EditableModel,
  cases: readonly Counterfactual[],
  places: readonly EditPlace[],
  direction: DirectionOf,
  layers: readonly { readonly geometry: LayerGeometry; readonly probes: FacingProbes }[],
  task: WritingTask,
): Reading[][] {
  const readings = places.map((): Reading[] => []);
  const prefixes = cases.map((item) => prefixOf(task, item));
  model.read(prefixes, { room: task.maxNewTokens }, (next, first, count) => {
    const batch = cases.slice(first, first + count);
    next(
      batch.map(() => []),
      (layer, hidden) => {
        const { geometry, probes } = layers[layer]!;
        batch.forEach((item, row) => {
          const state = Float64Array.from(hidden.subarray(row * model.width, (row + 1) * model.width));
          const unit = direction(first + row, layer, []);
          const facings = facingsNow(item, [], ORIGINAL).map((facing) => (facing + item.turn) & 3);
          const share = (values: Float64Array): number =>
            facings.filter((facing, example) => readFacing(probes, geometry, example, values) === facing).length /
            facings.length;
          const before = share(state);
          places.forEach((place, at) => {
            if (place.layer !== layer) return;
            const length = place.size * geometry.distance;
            readings[at]!.push({ before, after: share(state.map((x, j) => x + length * unit[j]!)) });
          });
        });
      },
    );
  });
  return readings;
}
