// What Muon's five steps make of singular values, the largest of which is 1.
const [a, b, c] = [3.4445, -4.775, 2.0315];
for (const start of [1, 0.5, 0.1, 0.01]) {
  const values = [start];
  for (let step = 0; step < 5; step++) {
    const s = values.at(-1)!;
    values.push(a * s + b * s ** 3 + c * s ** 5);
  }
  console.log(values.map((s) => s.toFixed(2)).join(' '));
}
// =>
// ?
