/**
 * @file `npm start`: checks that karelscope and its peers compute the same, and prints how fast each is; with `--json` one
 * JSON document. Ends with code 1 when a peer computes something else.
 */
import { DisagreementError, expectAgreement } from './agreement.mjs';
import { CONTENDERS, runContender } from './contenders.mjs';
import { describe, reportOf } from './report.mjs';
import { PRODUCTS } from './task.mjs';

/** Everybody has several turns, far apart, so that one busy moment of the machine does not decide. */
const ROUNDS = 3;

/** How long a training step is repeated each round; a product a quarter of that. */
const SECONDS = 3;

/** @type {import('./report.mjs').Outcome[]} */
const outcomes = CONTENDERS.map((contender) => ({ ...contender }));

for (let round = 1; round <= ROUNDS; round++) {
  for (const outcome of outcomes) {
    if (outcome.failure !== undefined) continue;
    console.error(`round ${round} of ${ROUNDS}: ${outcome.name}, threads: ${outcome.threads}`);
    await takeTurn(outcome);
  }
}
const report = reportOf(outcomes);
console.log(process.argv.includes('--json') ? JSON.stringify(report, null, 2) : describe(report).join('\n'));

/**
 * One round of one contender. A peer that does not run leaves only its reason.
 * @param {import('./report.mjs').Outcome} outcome
 */
async function takeTurn(outcome) {
  const reference = outcomes[0];
  try {
    const result = await runContender(outcome, { products: PRODUCTS, seconds: SECONDS });
    expectAgreement(result, reference.result ?? result);
    outcome.result = outcome.result ? fasterOf(outcome.result, result) : result;
  } catch (error) {
    if (outcome === reference) throw error; // there is nothing to compare with
    if (error instanceof DisagreementError) process.exitCode = 1;
    outcome.failure = error.message;
    outcome.result = undefined;
  }
}

/**
 * @param {import('./contenders.mjs').Result} one @param {import('./contenders.mjs').Result} other
 * @returns {import('./contenders.mjs').Result}
 */
function fasterOf(one, other) {
  const products = one.products.map((product, index) => ({
    ...product,
    seconds: Math.min(product.seconds, other.products[index].seconds),
  }));
  const training = one.training.map((step, index) => ({
    ...step,
    seconds: Math.min(step.seconds, other.training[index].seconds),
  }));
  return { ...one, products, training };
}
