/** @file The claims of the analysis plan, each with its value of a seed. Chapter 13. */
import { type ContrastRow, DEPTH_NAMES, FEATURES } from '../probe/index.ts';
import { contrastOf, editContrastOf, lookAheadOf } from './find.ts';
import { contentLine } from './over-seeds.ts';
import { changePointsOf } from './phases.ts';
import type { CheckpointResult, Results } from './results.ts';
import type { ClaimTest } from './study-results.ts';

/** A claim says that its number lies above 0; a claim of ranks, that the ranks are lower than chance gives. */
export interface Claim {
  readonly id: string;
  readonly claim: string;
  /** Whether the paper makes it, by a number that it reports or a comparison of its own. */
  readonly paper: boolean;
  readonly number: string;
  readonly valueOf: (results: Results) => number | null;
  readonly test: ClaimTest;
  /** Ranks go from 1, the best, to this. */
  readonly ranks?: number;
}

type Feature = ContrastRow['feature'];
type Contrasted = Pick<ContrastRow, 'over' | 'against'>;

/** Such a difference of usable information at the last checkpoint, of all pairs; see {@link ContrastRow}. */
function contrast(
  about: Contrasted,
  offset = -1,
  hiddenLayers: 0 | 1 = 1,
  feature: Feature = 'mean',
): Claim['valueOf'] {
  return ({ evidence }) => contrastOf(evidence?.contrasts, { ...about, offset, hiddenLayers, feature });
}

/** What a measure of the checkpoints is at the last one, minus what it is before training. */
function gained(measure: (checkpoint: CheckpointResult) => number | null): Claim['valueOf'] {
  return ({ checkpoints }) => {
    const [first, last] = [checkpoints[0], checkpoints.at(-1)];
    if (!first || !last || first === last) return null;
    const [before, after] = [measure(first), measure(last)];
    return before === null || after === null ? null : after - before;
  };
}

/** Actions that the programs which solve their specification save against the reference programs, for each specification. */
function actionsSaved({ generativeAccuracy, programs }: CheckpointResult): number | null {
  if (programs.shortest === null) return null;
  const { difference } = programs.shortest.solved;
  return difference === null ? 0 : -difference.length.estimate * generativeAccuracy;
}

/** Beyond what the present tells, and beyond what the untrained model does. */
const lookAhead: Claim['valueOf'] = (results) => {
  const [trained, untrained] = (['trained', 'untrained'] as const).map((source) =>
    lookAheadOf(results, 'direction', 0, 1, source),
  );
  return trained && untrained ? trained.difference.estimate - untrained.difference.estimate : null;
};

const rankOfOriginal =
  (source: 'trained' | 'untrained' | 'gained'): Claim['valueOf'] =>
  ({ permutations }) =>
    permutations?.ranks.find(
      (row) => row.source === source && row.among === 'markersKept' && row.feature === 'mean' && row.hiddenLayers === 1,
    )?.rank ?? null;

const phasesApart: Claim['valueOf'] = ({ checkpoints, settings }) => {
  const { distinctPrograms, generativeAccuracy } = changePointsOf(checkpoints);
  if (distinctPrograms === null || generativeAccuracy === null) return null;
  return (generativeAccuracy.step - distinctPrograms.step) / Number(settings['steps']);
};

/** Claims about information, at offset -1: the state before the action that is being written, which all sources have read of. */
const INFORMATION_CLAIMS = [
  {
    id: 'content',
    claim: "The model's hidden states tell more of the program's states than those of the untrained model.",
    paper: false,
    number: 'information, trained - untrained',
    about: { over: 'untrained', against: null },
  },
  {
    id: 'flip',
    claim: 'Training adds more to what is read of the original semantics than of flip.',
    paper: true,
    number: 'information, (trained - untrained), original - flip',
    about: { over: 'untrained', against: 'flip' },
  },
  {
    id: 'adversarial',
    claim: 'Training adds more to what is read of the original semantics than of adversarial.',
    paper: true,
    number: 'information, (trained - untrained), original - adversarial',
    about: { over: 'untrained', against: 'adversarial' },
  },
  {
    id: 'record',
    claim: 'Hidden states tell more than a probe works out from the text and the grids themselves.',
    paper: false,
    number: 'information, trained - record',
    about: { over: 'record', against: null },
  },
  {
    id: 'flip-record',
    claim: 'Beyond the record, the original is easier to read than flip.',
    paper: false,
    number: 'information, (trained - record), original - flip',
    about: { over: 'record', against: 'flip' },
  },
  {
    id: 'adversarial-record',
    claim: 'Beyond the record, the original is easier to read than adversarial.',
    paper: false,
    number: 'information, (trained - record), original - adversarial',
    about: { over: 'record', against: 'adversarial' },
  },
] as const satisfies readonly (Pick<Claim, 'id' | 'claim' | 'paper' | 'number'> & { about: Contrasted })[];

/** results/analysis-plan.md, in its order. */
export const PRIMARY_CLAIMS: readonly Claim[] = [
  {
    id: 'solves',
    claim: 'The model learns to write programs that meet specifications.',
    paper: true,
    number: 'generative accuracy, last checkpoint - untrained',
    valueOf: gained(({ generativeAccuracy }) => generativeAccuracy),
    test: 'Student',
  },
  {
    id: 'rises',
    claim: 'What training adds to what can be read rises with generative accuracy.',
    paper: true,
    number: 'slope of information, trained - untrained, on generative accuracy over checkpoints',
    valueOf: (results) => contentLine(results, 1, 'mean', 'gain')?.slope ?? null,
    test: 'Student',
  },
  {
    id: 'ahead',
    claim: 'Hidden states tell of the next state more than follows from the present one, and training adds to that.',
    paper: true,
    number:
      'direction, linear: accuracy one action ahead given the present - best from the present alone, trained - untrained',
    valueOf: lookAhead,
    test: 'Student',
  },
  ...INFORMATION_CLAIMS.map(
    ({ about, ...claim }) => ({ ...claim, valueOf: contrast(about), test: 'Student' }) as const,
  ),
  {
    id: 'rank',
    claim: 'Of all permutations of move and the turns, training adds most to what is read of the original.',
    paper: false,
    number: 'rank among 6 by information, trained - untrained',
    valueOf: rankOfOriginal('gained'),
    test: 'rank sum',
    ranks: 6,
  },
  {
    id: 'shorter',
    claim: 'Programs that solve a specification are shorter than the reference program, more so after training.',
    paper: true,
    number: 'actions saved for each specification, none where it is not solved, last checkpoint - untrained',
    valueOf: gained(actionsSaved),
    test: 'Student',
  },
  {
    id: 'used',
    claim: 'The model uses what a linear probe finds: a gentle edit along it changes the program as needed.',
    paper: false,
    number: "success of edits at the matched place, along the probe's direction - along random ones",
    valueOf: ({ causal }) => editContrastOf(causal?.edits?.matched.contrasts, 'random') ?? null,
    test: 'Student',
  },
  {
    id: 'used-flip',
    claim: '... and not whatever any probe finds, where flip asks for something else.',
    paper: false,
    number: "success of edits at the matched place, along the probe's direction - along the flip probe's",
    valueOf: ({ causal }) => causal?.edits?.flipDiffers.matched?.difference.estimate ?? null,
    test: 'Student',
  },
  {
    id: 'phases',
    claim: 'The variety of programs rises before accuracy does.',
    paper: true,
    number: '(change point of accuracy - of distinct programs) / steps',
    valueOf: phasesApart,
    test: 'sign',
  },
];

const student = (claim: Omit<Claim, 'test' | 'paper'>): Claim => ({ ...claim, paper: false, test: 'Student' });

/** Each claim about information for each feature and for linear probes, and at offset 0. */
const OF_INFORMATION = INFORMATION_CLAIMS.flatMap(({ about, id, claim, number }): Claim[] => {
  const byProbe = ([0, 1] as const).flatMap((hiddenLayers) =>
    ([...FEATURES, 'mean'] as const).flatMap((feature): Claim[] => {
      if (hiddenLayers === 1 && feature === 'mean') return []; // the primary one
      return [
        student({
          id: `${id}/${feature}/${hiddenLayers}`,
          claim,
          number: `${number}; ${feature}, ${DEPTH_NAMES[hiddenLayers]}`,
          valueOf: contrast(about, -1, hiddenLayers, feature),
        }),
      ];
    }),
  );
  const after = student({ id: `${id}/after`, claim, number: `${number}; offset 0`, valueOf: contrast(about, 0) });
  if (about.over !== 'record') return [...byProbe, after];
  const given = { over: 'record+action', against: about.against } as const;
  return [
    ...byProbe,
    { ...after, number: `${number}; offset 0, at most so much: the record lacks what the model has read` },
    student({
      id: `${id}/after+action`,
      claim,
      number: `${number}; offset 0, at least so much: the record is given the action that is being written`,
      valueOf: contrast(given, 0),
    }),
  ];
});

/** What the trained model shows alone, where an untrained one may show the same. */
const OF_TRAINED_ALONE: readonly Claim[] = [
  ...(['flip', 'adversarial'] as const).flatMap((against) =>
    [-1, 0].map((offset) =>
      student({
        id: `${against}/trained/${offset}`,
        claim: `The original semantics is easier to read than ${against}.`,
        number: `information, original - ${against}; offset ${offset}`,
        valueOf: contrast({ over: null, against }, offset),
      }),
    ),
  ),
  student({
    id: 'ahead/trained',
    claim: 'Hidden states tell of the next state more than follows from the present one.',
    number: 'direction, linear: accuracy one action ahead given the present - best from the present alone',
    valueOf: (results) => lookAheadOf(results, 'direction', 0, 1)?.difference.estimate ?? null,
  }),
  student({
    id: 'rises/trained',
    claim: 'What can be read rises with generative accuracy.',
    number: 'slope of information on generative accuracy over checkpoints',
    valueOf: (results) => contentLine(results, 1, 'mean')?.slope ?? null,
  }),
  ...(['trained', 'untrained'] as const).map(
    (source): Claim => ({
      id: `rank/${source}`,
      claim: 'Of all permutations of move and the turns, the original is the easiest to read.',
      paper: false,
      number: `rank among 6 by information, ${source}`,
      valueOf: rankOfOriginal(source),
      test: 'rank sum',
      ranks: 6,
    }),
  ),
  student({
    id: 'shorter/all',
    claim: 'Generated programs are shorter than reference programs.',
    number: 'mean actions, reference - generated, of all specifications',
    valueOf: ({ checkpoints }) => {
      const last = checkpoints.at(-1);
      return last && last.distinctPrograms > 0 ? last.referenceLength - last.meanLength : null;
    },
  }),
  ...(['random', 'flip'] as const).map((against) =>
    student({
      id: `used/best/${against}`,
      claim: 'Edits along the direction of a linear probe change the program as needed.',
      number: `success of edits, along the probe's direction - ${against === 'flip' ? "along the flip probe's" : 'along random ones'}, each at its best place`,
      valueOf: ({ causal }) => editContrastOf(causal?.edits?.contrasts, against) ?? null,
    }),
  ),
];

export const SECONDARY_CLAIMS: readonly Claim[] = [...OF_INFORMATION, ...OF_TRAINED_ALONE];
