// How often a 95 % interval holds the truth, when programs are drawn again, and when single states are.
import { bootstrapInterval } from '../../src/probe/statistics/index.ts';
import { randomStream } from '../../src/random.ts';

const random = randomStream('0', 'clusters');
const held = { programs: 0, states: 0 };
const studies = 300;
for (let study = 0; study < studies; study++) {
  // Sixty programs of four states. The probe is right about all four states of a program, or about none.
  const programs = Array.from({ length: 60 }, () => (random() < 0.5 ? { right: 4, pairs: 4 } : { right: 0, pairs: 4 }));
  const states = programs.flatMap(({ right }) => Array.from({ length: 4 }, () => ({ right: right / 4, pairs: 1 })));
  for (const [name, clusters] of Object.entries({ programs, states }) as [keyof typeof held, typeof programs][]) {
    const options = { random, resamples: 199 };
    const { low, high } = bootstrapInterval(clusters, ({ right, pairs }) => right / pairs, options).interval!;
    if (low <= 0.5 && 0.5 <= high) held[name]++;
  }
}
console.log((held.programs / studies).toFixed(2), (held.states / studies).toFixed(2)); // => 0.95 0.73
