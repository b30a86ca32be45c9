/** @file Do two contenders compute the same? Speeds of different computations must not be compared. */

/**
 * About three times the largest error that was seen. Each library sums in its own order, some with fused multiply-add: that
 * is a few roundings in a product. A loss is the mean of some thousands, which the peers add up in single precision; of
 * karelscope's first one a double-precision computation confirms seven digits.
 */
export const TOLERANCE = { product: 4e-6, loss: 1e-5 };

/**
 * The largest difference, as a part of the largest expected number; infinity where something is not a number.
 * @param {ArrayLike<number>} actual @param {ArrayLike<number>} expected
 */
export function relativeError(actual, expected) {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i] - expected[i]);
    if (Number.isNaN(distance)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, distance);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return difference === 0 ? 0 : difference / largest;
}

/**
 * The error of each product and of each loss.
 * @param {import('./contenders.mjs').Result} actual @param {import('./contenders.mjs').Result} expected
 */
export function errorsOf(actual, expected) {
  return [
    ...expected.products.map(({ name, values }, index) => ({
      what: name,
      error: relativeError(actual.products[index]?.values ?? [], values),
      tolerance: TOLERANCE.product,
    })),
    ...(actual.training ?? []).flatMap(({ preset, losses }) =>
      expected.training
        .find((one) => one.preset === preset)
        .losses.map((loss, index) => ({
          what: `loss of step ${index + 1} of ${preset}`,
          error: relativeError(losses.slice(index, index + 1), [loss]),
          tolerance: TOLERANCE.loss,
        })),
    ),
  ];
}

/**
 * Throws unless every product and every loss agrees; names all that do not.
 * @param {import('./contenders.mjs').Result} actual @param {import('./contenders.mjs').Result} expected
 */
export function expectAgreement(actual, expected) {
  const wrong = errorsOf(actual, expected).filter(({ error, tolerance }) => error > tolerance);
  if (wrong.length === 0) return;
  const list = wrong.map(({ what, error, tolerance }) => `${what} by ${error.toExponential(1)}, not ${tolerance}`);
  throw new DisagreementError(`differs from karelscope in ${list.join('; ')}`);
}

export class DisagreementError extends Error {
  name = 'DisagreementError';
}
