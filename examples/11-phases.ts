// The change point of a curve by hand, and the phases of ten committed runs by the stated rule.
import { committedResults } from '../scripts/committed-results.mjs';
import { changePoint } from '../src/probe/statistics/index.ts';
import { changePointsOf, findPhases } from '../src/results/phases.ts';

const { index, before, after, explained } = changePoint([0.1, 0.2, 0.9])!;
console.log(
  `changes at value ${index}, from ${before.toFixed(2)} to ${after.toFixed(2)}, explained ${explained.toFixed(2)}`,
);
// =>
// changes at value 2, from 0.15 to 0.90, explained 0.99

for (const run of committedResults()) {
  const { distinctPrograms, generativeAccuracy } = changePointsOf(run.checkpoints);
  const phases = findPhases(run).map(({ name, from, to }) => `${name} ${from}-${to}`);
  console.log(
    `seed ${run.seed}: programs ${distinctPrograms!.step}, solved ${generativeAccuracy!.step}: ${phases.join(', ')}`,
  );
}
// =>
// seed 9: programs 1200, solved 1200: babbling 0-1200, meaning 1200-3600
// seed 10: programs 1200, solved 1200: babbling 0-1200, meaning 1200-3600
// seed 11: programs 1200, solved 1200: babbling 0-1200, meaning 1200-3600
// seed 12: programs 1200, solved 1200: babbling 0-1200, meaning 1200-3600
// seed 13: programs 1800, solved 1800: babbling 0-1800, meaning 1800-3600
// seed 14: programs 1500, solved 1800: babbling 0-1500, syntax 1500-1800, meaning 1800-3600
// seed 15: programs 1500, solved 1500: babbling 0-1500, meaning 1500-3600
// seed 16: programs 900, solved 900: babbling 0-900, meaning 900-3600
// seed 17: programs 900, solved 1200: babbling 0-900, syntax 900-1200, meaning 1200-3600
// seed 18: programs 900, solved 1200: babbling 0-900, syntax 900-1200, meaning 1200-3600
