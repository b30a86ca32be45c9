// Uncertainty in bits: what there is to know of a direction, and how much of it a probe knows.
import { frequencyCrossEntropy, usableInformation } from '../src/probe/index.ts';

/** What an event of this probability tells by happening, in bits. */
const surprise = (probability: number) => -Math.log2(probability);
const entropy = (frequencies: number[]) => frequencies.reduce((sum, p) => sum + p * surprise(p), 0);
console.log(`four equal classes: ${entropy([1 / 4, 1 / 4, 1 / 4, 1 / 4])} bits`); // => four equal classes: 2 bits
console.log(`unequal ones: ${entropy([1 / 8, 1 / 2, 1 / 8, 1 / 4])} bits`); // => unequal ones: 1.75 bits

// Eight pairs for training and the same eight for the test: once up (0), four times right (1), once down (2), twice left (3).
const labels = Int32Array.from([1, 1, 0, 3, 1, 3, 2, 1]);
const known = frequencyCrossEntropy(labels, labels, { heads: 1, classes: 4 });
console.log(`eight pairs, by their frequencies: ${known} bits`); // => eight pairs, by their frequencies: 1.75 bits

// What three probes give the direction that is right, pair by pair.
const probes = {
  cautious: [1 / 2, 1 / 2, 1 / 2, 1 / 2, 1 / 2, 1 / 2, 1 / 2, 1 / 2],
  sure: [1, 1, 1, 1, 1, 1, 1, 1 / 4],
  rash: [1, 1, 1, 1, 1, 1, 1 / 1024, 1 / 1024],
};
for (const [name, probabilities] of Object.entries(probes)) {
  const crossEntropy = probabilities.reduce((sum, p) => sum + surprise(p), 0) / probabilities.length;
  const { bits, share } = usableInformation(known, crossEntropy);
  console.log(`${name}: cross-entropy ${crossEntropy}, information ${bits} bits, a share of ${share!.toFixed(2)}`);
}
// =>
// cautious: cross-entropy 1, information 0.75 bits, a share of 0.43
// sure: cross-entropy 0.25, information 1.5 bits, a share of 0.86
// rash: cross-entropy 2.5, information -0.75 bits, a share of -0.43
