// From which size on a push along the probe changes which coordinate of the toy is the largest.
const distance = Math.sqrt(3 / 4);
const pushed = (size: number) => [0, 1 - (size * distance) / Math.SQRT2, 0, (size * distance) / Math.SQRT2];
for (const size of [0.5, 0.81, 0.82, 1]) {
  const [, right, , left] = pushed(size);
  console.log(size, right!.toFixed(3), left!.toFixed(3), left! > right! ? 'left' : 'right');
}
// =>
// 0.5 0.694 0.306 right
// 0.81 0.504 0.496 right
// 0.82 0.498 0.502 left
// 1 0.388 0.612 left
console.log((Math.SQRT2 / (2 * distance)).toFixed(4)); // => 0.8165
