// Rounding to three bits by way of eight: twice wrong, once too small and once too large.
/** The nearest number of `bits` bits; of two just as near, the one whose last bit is 0. */
function round(x: number, bits: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) + 1 - bits);
  const steps = Math.floor(x / unit);
  const rest = x / unit - steps;
  const up = rest > 0.5 || (rest === 0.5 && steps % 2 !== 0);
  return (steps + (up ? 1 : 0)) * unit;
}
for (const [a, b, c] of [
  [3, 3, 1 / 64],
  [3, 5, -1 / 64],
] as const) {
  const sum = round(a * b + c, 8);
  console.log(`${a * b + c}: twice ${round(sum, 3)}, once ${round(a * b + c, 3)}, TwoSum's error ${a * b + c - sum}`);
}
// =>
// 9.015625: twice 8, once 10, TwoSum's error 0.015625
// 14.984375: twice 16, once 14, TwoSum's error -0.015625
