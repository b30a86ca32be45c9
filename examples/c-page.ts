// One seed of the committed results as rows, and the rows that one figure of the page draws.
import { resultsOf } from '../scripts/committed-results.mjs';
import { measurementsOf } from '../src/results/rows.ts';
import { figureOf } from '../web/figures/figures.ts';
import { selected } from '../web/figures/select.ts';

const results = resultsOf('11');
const rows = measurementsOf(results).map((row) => ({ ...row, run: 'tiny' }));
console.log(rows.length);

const { where } = figureOf('baselines')!;
const lastStep = results.checkpoints.at(-1)!.step;
for (const { source, depth, value, low, high, n } of selected(rows, where, lastStep)) {
  console.log(source, depth, [value, low, high].map((share) => share?.toFixed(3)).join(' '), n);
}
// =>
// 9096
// trained 0 0.321 0.297 0.345 1285
// untrained 0 0.313 0.293 0.332 1285
// control 0 0.360 0.335 0.384 1285
// record 0 0.465 0.446 0.483 1285
// trained 1 0.497 0.478 0.515 1285
// untrained 1 0.353 0.337 0.369 1285
// control 1 0.691 0.662 0.719 1285
// record 1 0.628 0.594 0.660 1285
