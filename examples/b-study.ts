// Settings that are checked, batches that a resumed run finds again, and phases by a stated rule.

import { changePointsOf, findPhases } from '../src/results/phases.ts';
import { BatchOrder } from '../src/study/batches.ts';
import { presetNamed } from '../src/study/presets.ts';
import { checkSettings } from '../src/study/settings.ts';

const { settings } = presetNamed('tiny');
for (const wrong of [{ learnRate: 0.1 }, { wallRatio: 2 }, { minLength: 5, maxLength: 4 }]) {
  try {
    checkSettings({ ...settings, ...wrong });
  } catch (error) {
    console.log((error as Error).message);
  }
}
// =>
// unknown setting learnRate (did you mean learningRate?)
// wallRatio: 2, expected between 0 and 1
// minLength: 5 is above maxLength, 4

// Ten samples, four a step: the second epoch begins in the middle of step 2, in an order of its own.
const order = new BatchOrder(10, 4, 'seed');
for (let step = 0; step < 5; step++) console.log(`step ${step}: ${order.batch(step).join(' ')}`);
// =>
// step 0: 0 1 2 3
// step 1: 4 5 6 7
// step 2: 8 9 7 4
// step 3: 1 8 5 2
// step 4: 9 6 3 0

// Made-up curves: step, different programs among those written, share of specifications solved.
const curves = [
  [0, 1, 0.01],
  [1000, 2, 0.15],
  [2000, 50, 0.2],
  [3000, 60, 0.8],
  [4000, 64, 0.9],
] as const;
const checkpoints = curves.map(([step, distinctPrograms, generativeAccuracy]) => ({
  step,
  distinctPrograms,
  generativeAccuracy,
}));
const { before, after, explained } = changePointsOf(checkpoints).generativeAccuracy!;
console.log([before, after, explained].map((share) => share.toFixed(2)).join(' ')); // => 0.12 0.85 0.96
for (const { name, from, to } of findPhases({ checkpoints })) console.log(`${name}: ${from} to ${to}`);
// =>
// babbling: 0 to 2000
// syntax: 2000 to 3000
// meaning: 3000 to 4000
