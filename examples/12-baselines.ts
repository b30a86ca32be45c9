// Baselines: what a record holds, what may be compared, a contrast by hand, a control task, a guess at the next state.
import { FACINGS, ORIGINAL, parseWorld, specify } from '../src/karel/index.ts';
import {
  alignPairs,
  comparisonOf,
  controlLabels,
  encodeRecords,
  executeUnder,
  featureLabels,
  type GeneratedProgram,
} from '../src/probe/index.ts';
import { createShare, differenceOf, type Sums, shareOf } from '../src/probe/shares.ts';

const corridor = parseWorld('####\n#>.#\n####'); // two cells
const program = { ...specify([corridor], ['turnLeft', 'move']), actions: ['turnLeft', 'move'] } as const;
// #region record
const shape = { example: 0, longest: 2, cells: 2, vocabulary: ['move', 'turnLeft'] } as const;
const records = encodeRecords([program], 'input', shape); // [2, 34]
for (const row of [records.subarray(0, 34), records.subarray(34)]) console.log(row.join(''));
// =>
// 0000000000000000100010000000000000
// 0100000000000000100010000000000000

// #endregion

/** Bits left unknown about the direction: by the frequencies of its classes, by hidden states, by a record. */
const bits: Sums = {
  'original/direction/frequencies': 2,
  'original/direction/trained': 1.2,
  'original/direction/record': 1.5,
  'flip/direction/frequencies': 2,
  'flip/direction/trained': 1.6,
  'flip/direction/record': 1.6,
};
const share = (semantics: string, source: 'trained' | 'record') => createShare('direction', semantics, source);
for (const semantics of ['original', 'flip']) {
  const [trained, record] = [share(semantics, 'trained'), share(semantics, 'record')];
  console.log(semantics, shareOf(trained, bits).toFixed(2), shareOf(record, bits).toFixed(2));
}
const gain = (semantics: string) => ({ trained: share(semantics, 'trained'), over: share(semantics, 'record') });
console.log(differenceOf({ own: gain('original'), other: gain('flip') }, bits).toFixed(2));
// =>
// original 0.40 0.25
// flip 0.20 0.20
// 0.15

// #region comparisons
console.log(comparisonOf('trained', 'record', -1)); // => fair
console.log(comparisonOf('trained', 'record', 0)); // => at most
console.log(comparisonOf('trained', 'record+action', 0)); // => at least
console.log(comparisonOf('trained', 'untrained', 0)); // => fair
// #endregion

// Four programs in the same corridor. A type is the facing at the start with the words before the action.
const programs: GeneratedProgram[] = (
  ['move move', 'move turnLeft', 'turnLeft move', 'turnLeft turnLeft'] as const
).map((words) => {
  const actions = words.split(' ') as GeneratedProgram['actions'];
  return { ...specify([corridor], actions), actions };
});
const pairs = alignPairs(
  programs.map(({ actions }) => actions.length),
  { offset: -1, lastState: 'dropped', runs: 1 },
);
const labels = featureLabels('direction', executeUnder(ORIGINAL, programs), pairs.state, corridor);
const split = { programs };
const three = <T>(one: T) => ({ train: one, validation: one, test: one });
// #region task
const draws = [0.9, 0.2];
const control = controlLabels(three(split), three(pairs), labels, 0, () => draws.shift()!);
const names = (list: Int32Array) => Array.from(list, (facing) => FACINGS[facing]).join(' ');
console.log(names(labels)); // => right right up up
console.log(names(control.train)); // => up up right right
// #endregion

/** The present state of some programs, and the state one action later. */
const seen = [
  ['up', 'left'],
  ['up', 'left'],
  ['up', 'up'],
  ['left', 'down'],
] as const;
const guess = (present: string) => {
  const next = seen.filter(([now]) => now === present).map(([, then]) => then);
  return next.sort((a, b) => next.filter((x) => x === b).length - next.filter((x) => x === a).length)[0];
};
const right = seen.filter(([now, then]) => now === 'up' && then === guess(now)).length;
console.log(guess('up'), `${right} of ${seen.filter(([now]) => now === 'up').length}`); // => left 2 of 3
