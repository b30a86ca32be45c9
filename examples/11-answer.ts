// What ten seeds say to some of the claims that were written down before: the mean, its 95 % interval, and the verdict.
import { readFileSync } from 'node:fs';
import type { StudyResults } from '../src/results/study-results.ts';

const file = new URL('../results/tiny/study.json', import.meta.url);
const { claims, secondary }: StudyResults = JSON.parse(readFileSync(file, 'utf8'));
for (const id of [
  'solves',
  'shorter',
  'content',
  'content/mean/0',
  'rises',
  'rises/trained',
  'flip',
  'adversarial',
  'record',
]) {
  const { mean, interval, verdict } = [...claims, ...secondary].find((claim) => claim.id === id)!;
  const [middle, low, high] = [mean!, interval!.low, interval!.high].map((number) => number.toFixed(3));
  console.log(`${id}: ${middle} (${low} to ${high}), ${verdict}`);
}
// =>
// solves: 0.811 (0.769 to 0.853), supported
// shorter: 0.977 (0.833 to 1.120), supported
// content: 0.160 (0.098 to 0.221), supported
// content/mean/0: 0.025 (-0.012 to 0.061), undecided
// rises: 0.345 (0.244 to 0.445), supported
// rises/trained: -0.022 (-0.130 to 0.087), undecided
// flip: -0.014 (-0.038 to 0.010), undecided
// adversarial: 0.026 (-0.006 to 0.058), undecided
// record: -0.201 (-0.236 to -0.166), refuted
