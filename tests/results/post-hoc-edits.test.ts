import { expect, test } from 'vitest';
import { PRIMARY_CLAIMS } from '../../src/results/claims.ts';
import { POST_HOC_CLAIMS } from '../../src/results/post-hoc-claims.ts';
import type { Results } from '../../src/results/results.ts';
import { sampleCausal } from '../report/sample-analyses.ts';
import { sampleResults } from '../report/sample-results.ts';

const CLAIMS = POST_HOC_CLAIMS.filter(({ id }) => id.startsWith('used'));
const valuesOf = (results: Results) => CLAIMS.map((claim) => claim.valueOf(results));

test('their numbers are probe - random at the matched place, and probe - flip there where flip differs', () => {
  const [matched, differing] = valuesOf({ ...sampleResults(), causal: sampleCausal(0.1) });
  expect(matched).toBe(0.1);
  expect(differing).toBeCloseTo(0.12, 12);
});

test('they are null for results without edits and without differing cases', () => {
  expect(valuesOf(sampleResults())).toEqual([null, null]);
  const { edits, ...rest } = sampleCausal(0.1);
  const without = { ...edits!, flipDiffers: { cases: 0, chosen: null, matched: null } };
  expect(valuesOf({ ...sampleResults(), causal: { ...rest, edits: without } })).toEqual([0.1, null]);
});

test('no primary claim has their names', () => {
  const names = CLAIMS.map(({ id }) => id);
  expect(names).toEqual(['used-matched', 'used-flip-differing']);
  expect(PRIMARY_CLAIMS.filter(({ id }) => names.includes(id))).toEqual([]);
});
