// What the programs are like that ten trained models write, beside the reference programs of the same specifications.
import { committedResults } from '../scripts/committed-results.mjs';
import { mean } from '../src/probe/statistics/sample.ts';

const meanOf = (values: number[]) => mean(values).toFixed(2);
const runs = committedResults();
const last = runs.map(({ checkpoints }) => checkpoints.at(-1)!);
const programs = last.map((checkpoint) => checkpoint.programs);

console.log(`solved: ${meanOf(last.map(({ generativeAccuracy }) => generativeAccuracy))}`); // => solved: 0.93
console.log(`solved, unseen worlds too: ${meanOf(last.map(({ unseenAccuracy }) => unseenAccuracy))}`); // => solved, unseen worlds too: 0.82
for (const side of ['reference', 'generated'] as const) {
  const of = (name: 'length' | 'noOps' | 'notMinimal') => meanOf(programs.map((one) => one[side]![name]!.estimate));
  const short = meanOf(programs.map(({ shortest }) => shortest!.solved[side]!.asShort.estimate));
  console.log(`${side}: ${of('length')} actions, ${of('noOps')} of them idle, could be shortened ${of('notMinimal')}`);
  console.log(`  as short as can be, where solved: ${short}`);
}
// =>
// reference: 2.50 actions, 0.43 of them idle, could be shortened 0.53
//   as short as can be, where solved: 0.45
// generated: 1.61 actions, 0.10 of them idle, could be shortened 0.19
//   as short as can be, where solved: 0.98

// The first middling specification of seed 11, over training: the reference program, then what each checkpoint wrote.
const { checkpoints } = runs[2]!;
console.log(`reference: ${checkpoints[0]!.example.reference}`); // => reference: turnLeft pickMarker
for (const { step, example, distinctPrograms } of checkpoints.slice(0, 5)) {
  console.log(`${step}: ${example.generated} (${example.correct ? 'right' : 'wrong'}), one of ${distinctPrograms}`);
}
// =>
// 0: turnRight turnRight turnRight turnRight (wrong), one of 1
// 300: move (wrong), one of 2
// 600: turnLeft (right), one of 7
// 900: turnRight (wrong), one of 20
// 1200: turnLeft (right), one of 63
