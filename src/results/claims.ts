/** @file The claims of the analysis plan, each with its number of a seed. Chapter 10. */
import { type ContrastRow, DEPTH_NAMES, FEATURES } from '../probe/index.ts';
import { contrastOf, editContrastOf, lookAheadOf } from './find.ts';
import { contentLine } from './over-seeds.ts';
import { changePointsOf } from './phases.ts';
import type { Results } from './results.ts';

/** A claim says that its number lies above 0; a claim of ranks, that the ranks are lower than chance gives. */
export interface Claim {
  readonly id: string;
  readonly claim: string;
  /** Whether the paper makes it, by a number that it reports or a comparison of its own. */
  readonly paper: boolean;
  readonly number: string;
  readonly valueOf: (results: Results) => number | null;
  /** Ranks go from 1, the best, to this. */
  readonly ranks?: number;
}

type Feature = ContrastRow['feature'];

/** Claims that are about a difference of usable information; see {@link ContrastRow}. */
const CONTRASTS = {
  content: { over: 'untrained', against: null },
  flip: { over: null, against: 'flip' },
  adversarial: { over: null, against: 'adversarial' },
  'flip-record': { over: 'prompt', against: 'flip' },
  'adversarial-record': { over: 'prompt', against: 'adversarial' },
  'flip-untrained': { over: 'untrained', against: 'flip' },
  record: { over: 'input', against: null },
} as const satisfies Readonly<Record<string, Pick<ContrastRow, 'over' | 'against'>>>;
type ContrastName = keyof typeof CONTRASTS;

/** Such a difference at the last checkpoint, of all pairs. */
function contrast(
  id: ContrastName,
  hiddenLayers: 0 | 1 = 1,
  feature: Feature = 'mean',
): (results: Results) => number | null {
  return ({ evidence }) => contrastOf(evidence?.contrasts, { ...CONTRASTS[id], hiddenLayers, feature });
}

const accuracyGained = ({ checkpoints }: Results): number | null => {
  const [first, last] = [checkpoints[0], checkpoints.at(-1)];
  return first && last && first !== last ? last.generativeAccuracy - first.generativeAccuracy : null;
};

const lookAhead = (results: Results): number | null =>
  lookAheadOf(results, 'direction', 0, 1)?.difference.estimate ?? null;

const rankOfOriginal = ({ permutations }: Results): number | null =>
  permutations?.ranks.find((row) => row.among === 'markersKept' && row.feature === 'mean' && row.hiddenLayers === 1)
    ?.rank ?? null;

const shorter = ({ checkpoints }: Results): number | null => {
  const last = checkpoints.at(-1);
  return last && last.distinctPrograms > 0 ? last.referenceLength - last.meanLength : null;
};

const editing =
  (against: 'random' | 'flip') =>
  ({ causal }: Results): number | null =>
    editContrastOf(causal?.edits?.contrasts, against) ?? null;

const phasesApart = ({ checkpoints, settings }: Results): number | null => {
  const { distinctPrograms, generativeAccuracy } = changePointsOf(checkpoints);
  if (distinctPrograms === null || generativeAccuracy === null) return null;
  return (generativeAccuracy.step - distinctPrograms.step) / Number(settings['steps']);
};

/** results/analysis-plan.md, in its order. */
export const PRIMARY_CLAIMS: readonly Claim[] = [
  {
    id: 'solves',
    claim: 'The model learns to write programs that meet specifications.',
    paper: true,
    number: 'generative accuracy, last checkpoint - untrained',
    valueOf: accuracyGained,
  },
  {
    id: 'content',
    claim: "Its hidden states tell more of the program's states than those of the untrained model.",
    paper: false,
    number: 'information, trained - untrained',
    valueOf: contrast('content'),
  },
  {
    id: 'rises',
    claim: 'What can be read of the states (information) rises with generative accuracy.',
    paper: true,
    number: 'slope of information on generative accuracy over checkpoints',
    valueOf: (results) => contentLine(results, 1, 'mean')?.slope ?? null,
  },
  {
    id: 'ahead',
    claim: 'Hidden states tell of the next state more than follows from the present one.',
    paper: true,
    number: 'direction, linear: accuracy one action ahead given the present - best from the present alone',
    valueOf: lookAhead,
  },
  {
    id: 'flip',
    claim: 'The original semantics is easier to read than flip.',
    paper: true,
    number: 'information, original - flip',
    valueOf: contrast('flip'),
  },
  {
    id: 'adversarial',
    claim: 'The original semantics is easier to read than adversarial.',
    paper: true,
    number: 'information, original - adversarial',
    valueOf: contrast('adversarial'),
  },
  {
    id: 'flip-record',
    claim: 'Beyond what text and grids tell, the original is easier to read than flip.',
    paper: false,
    number: '(hidden states - record of text and both grids), original - flip',
    valueOf: contrast('flip-record'),
  },
  {
    id: 'adversarial-record',
    claim: 'Beyond what text and grids tell, the original is easier to read than adversarial.',
    paper: false,
    number: '(hidden states - record of text and both grids), original - adversarial',
    valueOf: contrast('adversarial-record'),
  },
  {
    id: 'flip-untrained',
    claim: 'Training adds more to what is read of the original than of flip.',
    paper: false,
    number: '(trained - untrained), original - flip',
    valueOf: contrast('flip-untrained'),
  },
  {
    id: 'record',
    claim: 'Hidden states tell more than the text and the input grid would.',
    paper: false,
    number: 'information, hidden states - record of text and input grid',
    valueOf: contrast('record'),
  },
  {
    id: 'rank',
    claim: 'Of all permutations of move and the turns, the original is the easiest to read.',
    paper: false,
    number: 'rank among 6 by information',
    valueOf: rankOfOriginal,
    ranks: 6,
  },
  {
    id: 'shorter',
    claim: 'Generated programs are shorter than reference programs.',
    paper: true,
    number: 'mean actions, reference - generated',
    valueOf: shorter,
  },
  {
    id: 'used',
    claim: 'The model uses what a linear probe finds: editing it changes the program as needed.',
    paper: false,
    number: "success of edits, along the probe's direction - along random ones",
    valueOf: editing('random'),
  },
  {
    id: 'used-flip',
    claim: '... and not whatever any probe finds.',
    paper: false,
    number: "success of edits, along the probe's direction - along the flip probe's",
    valueOf: editing('flip'),
  },
  {
    id: 'phases',
    claim: 'The variety of programs rises before accuracy does.',
    paper: true,
    number: '(change point of accuracy - of distinct programs) / steps',
    valueOf: phasesApart,
  },
];

/** The claims about information again: for each feature, and for linear probes. */
export const SECONDARY_CLAIMS: readonly Claim[] = PRIMARY_CLAIMS.flatMap((primary) => {
  const { id } = primary;
  if (!isContrast(id)) return [];
  return ([0, 1] as const).flatMap((hiddenLayers) =>
    ([...FEATURES, 'mean'] as const).flatMap((feature) => {
      if (hiddenLayers === 1 && feature === 'mean') return []; // the primary one
      return {
        ...primary,
        id: `${id}/${feature}/${hiddenLayers}`,
        number: `${primary.number}; ${feature}, ${DEPTH_NAMES[hiddenLayers]}`,
        valueOf: contrast(id, hiddenLayers, feature),
      };
    }),
  );
});

function isContrast(id: string): id is ContrastName {
  return Object.hasOwn(CONTRASTS, id);
}
