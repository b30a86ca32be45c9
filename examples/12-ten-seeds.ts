// The baselines of the ten committed seeds of tiny: how much each source tells, and in how many seeds the trained model tells more.
import { readFileSync } from 'node:fs';
import type { StudyResults } from '../src/results/study-results.ts';

const file = new URL('../results/tiny/study.json', import.meta.url);
const { shares, contrasts } = JSON.parse(readFileSync(file, 'utf8')) as StudyResults;
const asked = { offset: -1, hiddenLayers: 1, feature: 'mean', actionsLeft: 'all' } as const;
type Row = { offset: number; hiddenLayers: number; feature: string; actionsLeft: string };
const isAsked = (row: Row) => Object.entries(asked).every(([name, value]) => row[name as keyof Row] === value);

// #region sources
const of = (source: string) =>
  shares.find((row) => isAsked(row) && row.source === source && row.semantics === 'original')!;
const trained = of('trained').values;
for (const source of ['trained', 'untrained', 'input', 'grids', 'record', 'control']) {
  const { mean, values } = of(source);
  const more = values.filter((value, seed) => trained[seed]! > value!).length;
  const beaten = source === 'trained' ? [] : [`trained tells more in ${more} of ${values.length} seeds`];
  console.log(source.padEnd(10), mean!.toFixed(2), ...beaten);
}
// =>
// trained    0.41
// untrained  0.25 trained tells more in 10 of 10 seeds
// input      0.61 trained tells more in 0 of 10 seeds
// grids      0.53 trained tells more in 1 of 10 seeds
// record     0.61 trained tells more in 0 of 10 seeds
// control    0.60 trained tells more in 0 of 10 seeds

// #endregion

// #region semantics
for (const against of ['flip', 'adversarial']) {
  for (const over of [null, 'untrained', 'record'] as const) {
    const row = contrasts.find((one) => isAsked(one) && one.over === over && one.against === against)!;
    const { low, high } = row.interval!;
    const [mean, from, to] = [row.mean!, low, high].map((value) => value.toFixed(3));
    console.log(`original - ${against}, ${over ?? 'alone'}: ${mean} (${from} to ${to})`);
  }
}
// =>
// original - flip, alone: 0.016 (-0.008 to 0.039)
// original - flip, untrained: -0.014 (-0.038 to 0.010)
// original - flip, record: 0.036 (0.003 to 0.069)
// original - adversarial, alone: 0.091 (0.060 to 0.121)
// original - adversarial, untrained: 0.026 (-0.006 to 0.058)
// original - adversarial, record: 0.037 (-0.015 to 0.089)

// #endregion
