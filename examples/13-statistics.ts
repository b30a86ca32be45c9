// How sure a difference is: whole programs drawn again, signs flipped, seeds averaged, questions counted.
import {
  bootstrapInterval,
  criticalT,
  holm,
  meanInterval,
  signFlipTest,
  studentTest,
} from '../src/probe/statistics/index.ts';
import { randomStream } from '../src/random.ts';

const random = randomStream('0', 'evidence');

/** Bits that are left unknown about a program's states: by the class frequencies, by hidden states, by a record. */
const programs = [
  { known: 4, hidden: 2.0, record: 2.9 },
  { known: 4, hidden: 2.5, record: 2.9 },
  { known: 4, hidden: 2.2, record: 2.9 },
  { known: 4, hidden: 2.6, record: 2.8 },
  { known: 4, hidden: 2.9, record: 2.8 },
  { known: 4, hidden: 2.8, record: 3.1 },
];
type Sums = (typeof programs)[number];

/** The shares are of sums over all programs that were drawn. */
const share = (of: 'hidden' | 'record') => (sums: Sums) => 1 - sums[of] / sums.known;
const beyond = (sums: Sums) => share('hidden')(sums) - share('record')(sums);
for (const [name, statistic] of Object.entries({ hidden: share('hidden'), record: share('record'), beyond })) {
  const { estimate, interval } = bootstrapInterval(programs, statistic, { random });
  console.log(`${name} ${estimate.toFixed(3)}, ${interval!.low.toFixed(2)} to ${interval!.high.toFixed(2)}`);
}
// =>
// hidden 0.375, 0.32 to 0.44
// record 0.275, 0.25 to 0.29
// beyond 0.100, 0.04 to 0.17

// Could the two have changed places? All 64 assignments of signs to the six differences.
const differences = programs.map(({ hidden, record }) => record - hidden);
const { extreme, assignments, p } = signFlipTest(differences, { random });
console.log(extreme, assignments, p); // => 4 64 0.0625

// Five seeds, each a model of its own.
const seeds = [0.1, 0.14, 0.02, 0.12, 0.07];
const { mean, deviation, interval } = meanInterval(seeds);
console.log(mean.toFixed(3), deviation!.toFixed(4)); // => 0.090 0.0469
console.log(criticalT(0.95, 4).toFixed(3), criticalT(0.95, 2).toFixed(3)); // => 2.776 4.303
console.log(interval!.low.toFixed(3), interval!.high.toFixed(3)); // => 0.032 0.148
const test = studentTest(seeds)!;
console.log(test.t.toFixed(2), test.p.toFixed(3)); // => 4.29 0.013

const corrected = holm([0.013, 0.04, 0.002, 0.3]);
console.log(corrected.map((one) => one.toFixed(3)).join(' ')); // => 0.039 0.080 0.008 0.300
