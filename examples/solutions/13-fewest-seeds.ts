// From how many seeds on a test could support a claim, by itself and as one of fourteen.
import { rankSumTest, signTest } from '../../src/probe/statistics/index.ts';

const smallest = {
  sign: (seeds: number) => signTest(new Array(seeds).fill(1)).p,
  'rank of 6': (seeds: number) => 2 * rankSumTest(new Array(seeds).fill(1), 6).p,
};
for (const [name, p] of Object.entries(smallest)) {
  const from = (claims: number) => {
    let seeds = 1;
    while (claims * p(seeds) >= 0.05) seeds++;
    return seeds;
  };
  console.log(name, from(1), from(14), (14 * p(from(14))).toFixed(3));
}
// =>
// sign 6 10 0.027
// rank of 6 3 4 0.022
