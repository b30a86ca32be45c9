// A new figure: usable information of the untrained model, by offset.
import { resultsOf } from '../../scripts/committed-results.mjs';
import { measurementsOf } from '../../src/results/rows.ts';
import type { FigureOf } from '../../web/figures/figures.ts';
import { selected } from '../../web/figures/select.ts';

// #region declared
const figure: FigureOf = {
  id: 'untrained',
  title: 'What the untrained model tells, by offset',
  look: 'It has read the text and learnt nothing. Which states can be told from that alone?',
  command: 'probe',
  where: {
    measure: 'informationShare',
    source: 'untrained',
    step: 'last',
    semantics: 'original',
    feature: 'direction',
    depth: 1,
    against: null,
    part: null,
  },
  mark: 'bar',
  x: 'offset',
};
// #endregion

const results = resultsOf('11');
const rows = measurementsOf(results).map((row) => ({ ...row, run: 'tiny' }));
const found = selected(rows, figure.where, results.checkpoints.at(-1)!.step);
for (const { offset, value } of [...found].sort((a, b) => a.offset! - b.offset!))
  console.log(offset, value?.toFixed(3));
// =>
// -2 0.358
// -1 0.668
// 0 0.289
// 1 0.153
// 2 -0.118
