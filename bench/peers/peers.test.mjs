/** @file All contenders compute the same, and what computes something else is noticed. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';
import { DisagreementError, expectAgreement, relativeError, TOLERANCE } from './agreement.mjs';
import { CONTENDERS, runContender } from './contenders.mjs';
import { PYTHON } from './native.mjs';

const SMALL = { name: 'small', m: 33, n: 20, k: 17, transposeB: true };
const REQUEST = { products: [SMALL], seconds: 0 };
const [reference, ...others] = CONTENDERS;

/** @type {import('./contenders.mjs').Result} */
let expected;
before(async () => {
  expected = await runContender(reference, REQUEST);
});

for (const contender of others) {
  const skip = contender.python && !existsSync(PYTHON) && 'npm run python installs it';
  test(`${contender.name}, threads: ${contender.threads}: product, and three losses of ${contender.presets.join(', ')}, within ${TOLERANCE.product} and ${TOLERANCE.loss} of karelscope's`, {
    skip,
  }, async () => {
    expectAgreement(await runContender(contender, REQUEST), expected);
  });
}

test('the losses that are compared fall: of tiny from step to step, of the others below the first', () => {
  for (const { preset, losses } of expected.training) {
    const [first, second, third] = losses;
    assert.ok(first > Math.max(second, third), `${preset}: ${losses}`); // at the full rate from the first step on
    if (preset === 'tiny') assert.ok(second > third, `${preset}: ${losses}`);
  }
});

test('one wrong element of a product is noticed', () => {
  const wrong = structuredClone(expected);
  wrong.products[0].values[100] += 1e-3;
  assert.throws(() => expectAgreement(wrong, expected), {
    name: 'DisagreementError',
    message: /karelscope in small by/,
  });
});

test('a third loss that is off by 1e-4 is noticed', () => {
  const wrong = structuredClone(expected);
  wrong.training[1].losses[2] *= 1 + 1e-4;
  assert.throws(() => expectAgreement(wrong, expected), /karelscope in loss of step 3 of small by 1\.0e-4, not/);
});

test('missing results and NaN are noticed', () => {
  const nothing = { products: [], training: [{ preset: 'tiny', losses: [] }], notes: [] };
  assert.throws(() => expectAgreement(nothing, expected), DisagreementError);
  assert.equal(relativeError([1, Number.NaN], [1, 2]), Number.POSITIVE_INFINITY);
  assert.equal(relativeError([1], [1, 2]), Number.POSITIVE_INFINITY);
  assert.equal(relativeError([1, 1.5], [1, 2]), 0.25);
});

test('a contender that does not load says why', async () => {
  const missing = { name: 'missing', module: './missing.mjs', threads: 1, presets: [] };
  await assert.rejects(runContender(missing, REQUEST), /ended with code 1: .*missing\.mjs/);
});
