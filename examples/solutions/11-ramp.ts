// A straight ramp, a jump, and noise: how much do two levels explain of each?
import { changePoint } from '../../src/probe/statistics/index.ts';
import { randomStream } from '../../src/random.ts';

const random = randomStream('0', 'noise');
const curves = {
  ramp: Array.from({ length: 13 }, (_, i) => i),
  jump: Array.from({ length: 13 }, (_, i) => (i < 5 ? 0 : 1)),
  noise: Array.from({ length: 13 }, () => random()),
};
for (const [name, curve] of Object.entries(curves)) {
  const found = changePoint(curve);
  console.log(`${name}: ${found ? found.explained.toFixed(2) : 'no change up'}`);
}
// =>
// ramp: 0.75
// jump: 1.00
// noise: no change up
