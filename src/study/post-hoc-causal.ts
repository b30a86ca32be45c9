/** @file Claims about edits that were thought of after the reported seeds were run. Chapter 10. */
import type { EditResults } from '../probe/index.ts';
import type { Claim } from './claims.ts';
import type { Results } from './results.ts';

/** Results of runs that were made before these keys were measured lack them. */
const later = ({ causal }: Results): Partial<EditResults> => causal?.edits ?? {};

/** The primary claims `used` and `used-flip` once more, where what is compared can tell. */
export const POST_HOC_CAUSAL_CLAIMS: readonly Claim[] = [
  {
    id: 'used-matched',
    claim: 'At one gentle place for both, editing what a linear probe finds changes the program as needed.',
    paper: false,
    number: "success of edits at the matched place, along the probe's direction - along random ones",
    valueOf: (results) =>
      later(results).matched?.contrasts.find(({ against }) => against === 'random')?.difference.estimate ?? null,
  },
  {
    id: 'used-flip-differing',
    claim: '... and not whatever any probe finds, where flip asks for something else.',
    paper: false,
    number:
      "success of edits at the matched place, along the probe's direction - along the flip probe's, differing cases",
    valueOf: (results) => later(results).flipDiffers?.matched?.difference.estimate ?? null,
  },
];
