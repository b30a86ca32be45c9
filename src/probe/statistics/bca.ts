/** @file Bias-corrected and accelerated levels for a bootstrap interval. Chapter 9. */
import { ProbeError } from '../errors.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/**
 * The two shares of the replicates between which a BCa interval of this level lies, where a percentile interval has
 * (1 - level) / 2 and (1 + level) / 2. Efron 1987, "Better bootstrap confidence intervals"; Efron and Tibshirani 1993,
 * section 14.3. `leftOut` are the statistics without one cluster each. Replicates that equal the estimate count half.
 *
 * Throws `ProbeError` if all replicates lie on one side of the estimate, for which there is no correction.
 */
export function bcaShares(
  level: number,
  estimate: number,
  replicates: Float64Array,
  leftOut: Float64Array,
): [number, number] {
  let below = 0;
  for (const replicate of replicates) below += replicate < estimate ? 1 : replicate === estimate ? 0.5 : 0;
  if (below === 0 || below === replicates.length) {
    throw new ProbeError(`BCa: all ${replicates.length} replicates lie on one side of the estimate ${estimate}`);
  }
  const bias = normalQuantile(below / replicates.length);
  const acceleration = accelerationOf(leftOut);
  const share = (side: number): number => {
    const z = bias + normalQuantile(side);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [share((1 - level) / 2), share((1 + level) / 2)];
}

/** A sixth of the skewness of the jackknife's influences; 0 where no cluster matters. */
function accelerationOf(leftOut: Float64Array): number {
  const center = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let [squares, cubes] = [0, 0];
  for (const value of leftOut) {
    squares += (center - value) ** 2;
    cubes += (center - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
