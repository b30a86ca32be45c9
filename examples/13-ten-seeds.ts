// The ten committed seeds of tiny, claim by claim: the numbers of the seeds, and what each test makes of them.
import { readFileSync } from 'node:fs';
import { meanInterval, rankSumTest, signTest, studentTest } from '../src/probe/statistics/index.ts';
import type { StudyResults } from '../src/results/study-results.ts';

const file = new URL('../results/tiny/study.json', import.meta.url);
const { claims } = JSON.parse(readFileSync(file, 'utf8')) as StudyResults;
const valuesOf = (id: string) => claims.find((claim) => claim.id === id)!.values.map((value) => value!);

const content = valuesOf('content');
console.log(content.map((value) => value.toFixed(2)).join(' '));
const { mean, interval } = meanInterval(content);
console.log(mean.toFixed(3), interval!.low.toFixed(3), interval!.high.toFixed(3));
console.log(studentTest(content)!.p.toPrecision(3));
// =>
// 0.14 0.09 0.14 0.25 0.11 0.26 0.01 0.20 0.12 0.28
// 0.160 0.098 0.221
// 0.000240

// #region places
const ranks = valuesOf('rank');
const oneSided = rankSumTest(ranks, 6);
console.log(ranks.join(' '), 'sum', oneSided.sum); // => 2 2 1 2 6 3 2 3 2 1 sum 24
console.log(oneSided.p.toFixed(4), (2 * oneSided.p).toFixed(4)); // => 0.0252 0.0505
// #endregion

const apart = valuesOf('phases');
console.log(apart.map((value) => value.toFixed(2)).join(' '));
console.log(signTest(apart));
// =>
// 0.00 0.00 0.00 0.00 0.00 0.08 0.00 0.00 0.08 0.08
// { above: 3, below: 0, p: 0.25 }
