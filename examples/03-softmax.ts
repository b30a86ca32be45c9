// Softmax: probabilities from any numbers, and why the largest is taken out first.
const softmaxAsWritten = (scores: number[]): number[] => {
  const powers = scores.map((score) => Math.exp(score));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};
const softmax = (scores: number[]): number[] => {
  const largest = Math.max(...scores);
  return softmaxAsWritten(scores.map((score) => score - largest));
};
const shown = (values: number[]): string => values.map((value) => value.toFixed(4)).join(' ');

console.log(shown([2, 1, 0].map(Math.exp))); // => 7.3891 2.7183 1.0000
console.log(shown([0, -1, -2].map(Math.exp))); // => 1.0000 0.3679 0.1353
console.log(shown(softmaxAsWritten([2, 1, 0]))); // => 0.6652 0.2447 0.0900
console.log(shown(softmax([2, 1, 0]))); // => 0.6652 0.2447 0.0900
console.log(shown(softmaxAsWritten([1002, 1001, 1000]))); // => NaN NaN NaN
console.log(shown(softmax([1002, 1001, 1000]))); // => 0.6652 0.2447 0.0900
