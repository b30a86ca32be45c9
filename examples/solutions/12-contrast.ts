// What training adds over the record, the original against adversarial.
import { createShare, differenceOf, type Sums } from '../../src/probe/shares.ts';

const bits: Sums = {
  'original/direction/frequencies': 2,
  'original/direction/trained': 1.2,
  'original/direction/record': 1.5,
  'adversarial/direction/frequencies': 2,
  'adversarial/direction/trained': 1.7,
  'adversarial/direction/record': 1.4,
};
const gain = (semantics: string) => ({
  trained: createShare('direction', semantics, 'trained'),
  over: createShare('direction', semantics, 'record'),
});
console.log(differenceOf({ own: gain('original'), other: null }, bits).toFixed(2)); // => 0.15
console.log(differenceOf({ own: gain('adversarial'), other: null }, bits).toFixed(2)); // => -0.15
console.log(differenceOf({ own: gain('original'), other: gain('adversarial') }, bits).toFixed(2)); // => 0.30
