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
// 1.00 0.70 1.11 0.72 1.09 0.70
// 0.50 1.19 0.90 0.82 0.94 0.77
// 0.10 0.34 0.99 0.71 1.11 0.71
// 0.01 0.03 0.12 0.40 1.09 0.70
