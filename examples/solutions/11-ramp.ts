// A straight ramp, a jump, and noise: how much do two levels explain of each?
import { changePoint } from '../../src/probe/statistics/index.ts';
import { randomStream } from '../../src/random.ts';
import { PHASE_RULE } from '../../src/results/phases.ts';

const ramp = Array.from({ length: 13 }, (_, i) => i);
const jump = ramp.map((i) => (i < 5 ? 0 : 1));
console.log(`ramp ${changePoint(ramp)!.explained.toFixed(3)}, jump ${changePoint(jump)!.explained.toFixed(3)}`); // => ramp 0.750, jump 1.000

const random = randomStream('0', 'noise');
const noise = Array.from({ length: 1000 }, () => changePoint(ramp.map(() => random())));
const counted = noise.filter((found) => found && found.explained >= PHASE_RULE.explained);
console.log(`noise: ${counted.length} of ${noise.length} reach ${PHASE_RULE.explained}`); // => noise: 3 of 1000 reach 0.7
