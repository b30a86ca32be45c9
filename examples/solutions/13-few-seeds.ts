// How far from 0 a mean must lie, in deviations of the seeds, for a corrected p of 0.05 as the first of fourteen claims.
import { criticalT, tailsBeyond } from '../../src/probe/statistics/index.ts';

for (const seeds of [3, 5, 10]) {
  const t = criticalT(1 - 0.05 / 14, seeds - 1);
  console.log(seeds, t.toFixed(2), (t / Math.sqrt(seeds)).toFixed(2));
}
// =>
// 3 16.69 9.64
// 5 6.14 2.75
// 10 3.91 1.24
console.log((14 * tailsBeyond(criticalT(1 - 0.05 / 14, 2), 2)).toFixed(3)); // => 0.050
