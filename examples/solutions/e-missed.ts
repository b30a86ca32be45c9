// How probable an audit is to miss what is wrong, by the formula and by counting choices.
import { chanceToCatch } from '../../src/audit/run/confidence.ts';

/** Choices of n out of N, by adding up. */
const choices = (N: number, n: number): number => {
  let row = [1];
  for (let i = 0; i < N; i++) row = [1, ...row.map((value, at) => value + (row[at + 1] ?? 0))];
  return row[n]!;
};
console.log((1 - chanceToCatch(200, 50, 1)).toFixed(3)); // => 0.750
console.log((1 - chanceToCatch(20, 5, 2)).toFixed(4), (choices(18, 5) / choices(20, 5)).toFixed(4)); // => 0.5526 0.5526
