/** @file In which direction a hidden state is pushed. Chapter 14. */
import { actionOfToken, FLIP, ORIGINAL, type Semantics } from '../../karel/index.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import { standardNormal } from '../../transformer/index.ts';
import type { Counterfactual } from './counterfactual.ts';
import type { LayerGeometry } from './facing-probes.ts';

/**
 * The direction for case number `index` at a layer, when the model has `written` these tokens since its point: a vector of
 * length 1, or of zeros where there is no direction. [width]
 */
export type DirectionOf = (index: number, layer: number, written: readonly number[]) => Float64Array;

/** The facings of the examples' robots, had they not been turned, once the tokens after the point have been obeyed as well. */
export function facingsNow(
  { inputs, actions, point }: Counterfactual,
  written: readonly number[],
  { map }: Semantics,
): number[] {
  const since = written.map(actionOfToken).filter((action) => action !== undefined);
  const quarters = [...actions.slice(0, point), ...since].reduce(
    (sum, action) => sum + (map[action] === 'turnRight' ? 1 : map[action] === 'turnLeft' ? 3 : 0),
    0,
  );
  return inputs.map(({ facing }) => (facing + quarters) & 3);
}

/**
 * Whether flip semantics gives some robot another facing at the case's point, so that probes of the two are asked for
 * different classes there. It turns by -q quarters where the original turns by q: for an even q, by the same.
 */
export function flipDiffers(item: Counterfactual): boolean {
  const flipped = facingsNow(item, [], FLIP);
  return facingsNow(item, [], ORIGINAL).some((facing, example) => facing !== flipped[example]);
}

/**
 * From the facings that the robots have to those that they are to have, as probes see it: the sum over the examples e of
 * w_e[f_e + turn] - w_e[f_e] for standardised hidden states, each dimension times its deviation.
 *
 * `weights[layer][e]` are those of the probe for example e, [4, width].
 */
export function probeDirections(
  cases: readonly Counterfactual[],
  weights: readonly (readonly FloatArray[])[],
  geometry: readonly LayerGeometry[],
  semantics: Semantics,
): DirectionOf {
  return (index, layer, written) => {
    const { turn } = cases[index]!;
    const { deviation } = geometry[layer]!.standardization;
    const width = deviation.length;
    const direction = new Float64Array(width);
    // #region towards
    facingsNow(cases[index]!, written, semantics).forEach((facing, example) => {
      const w = weights[layer]![example]!;
      const to = ((facing + turn) & 3) * width;
      const from = facing * width;
      for (let j = 0; j < width; j++) direction[j]! += (w[to + j]! - w[from + j]!) * deviation[j]!;
    });
    // #endregion
    return ofLengthOne(direction);
  };
}

/**
 * For each case and layer one direction, whatever is written: normal numbers for standardised hidden states, each
 * dimension times its deviation. All are drawn at once from `random`, which gives numbers in [0, 1).
 */
export function randomDirections(
  cases: readonly Counterfactual[],
  geometry: readonly LayerGeometry[],
  random: () => number,
): DirectionOf {
  const normal = standardNormal(random);
  const drawn = cases.map(() =>
    geometry.map(({ standardization }) =>
      ofLengthOne(standardization.deviation.map((deviation) => deviation * normal())),
    ),
  );
  return (index, layer) => drawn[index]![layer]!;
}

function ofLengthOne(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}
