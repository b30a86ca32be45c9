/** @file Claims that no plan made: asked after the results of tiny were known. Chapter 10. */
import type { ContrastRow } from '../probe/index.ts';
import type { Claim } from './claims.ts';
import { contrastOf, editContrastOf } from './find.ts';
import type { Results } from './results.ts';

type Contrasted = Pick<ContrastRow, 'over' | 'against'>;

/** Of one hidden layer, mean over the features. */
const MEAN = { hiddenLayers: 1, feature: 'mean' } as const;

const now =
  (over: Contrasted['over'], against: Contrasted['against']) =>
  ({ evidence }: Results): number | null =>
    contrastOf(evidence?.contrasts, { over, against, ...MEAN });

const before =
  (over: Contrasted['over'], against: Contrasted['against']) =>
  ({ evidence }: Results): number | null =>
    contrastOf(evidence?.before.contrasts, { over, against, ...MEAN });

/**
 * Two baselines of the plan turned out not to be fair. Less was read from the record with both grids than from the one with
 * less in it, and by how much depended on the semantics. And the state at offset 0 depends on an action that is only about
 * to be written, which the trained model predicts and the untrained cannot. Nor were the edits that do best at all a place to
 * compare directions: nearly any push changes the program there.
 */
export const POST_HOC_CLAIMS: readonly Claim[] = [
  {
    id: 'flip-best-record',
    claim: 'Beyond the better record, the original is easier to read than flip.',
    paper: false,
    number: '(hidden states - the better record, by validation), original - flip',
    valueOf: now('bestRecord', 'flip'),
  },
  {
    id: 'adversarial-best-record',
    claim: 'Beyond the better record, the original is easier to read than adversarial.',
    paper: false,
    number: '(hidden states - the better record, by validation), original - adversarial',
    valueOf: now('bestRecord', 'adversarial'),
  },
  {
    id: 'best-record',
    claim: 'Hidden states tell more than the better record would.',
    paper: false,
    number: 'information, hidden states - the better record, by validation',
    valueOf: now('bestRecord', null),
  },
  {
    id: 'content-before',
    claim: 'Hidden states tell more of the state before the action being written than those of the untrained model.',
    paper: false,
    number: 'information at offset -1, trained - untrained',
    valueOf: before('untrained', null),
  },
  {
    id: 'flip-before',
    claim: 'Of the state before the action being written, the original is easier to read than flip.',
    paper: false,
    number: 'information at offset -1, original - flip',
    valueOf: before(null, 'flip'),
  },
  {
    id: 'adversarial-before',
    claim: 'Of the state before the action being written, the original is easier to read than adversarial.',
    paper: false,
    number: 'information at offset -1, original - adversarial',
    valueOf: before(null, 'adversarial'),
  },
  {
    id: 'flip-untrained-before',
    claim:
      'Of the state before the action being written, training adds more to what is read of the original than of flip.',
    paper: false,
    number: '(trained - untrained) at offset -1, original - flip',
    valueOf: before('untrained', 'flip'),
  },
  {
    id: 'used-matched',
    claim: 'At one gentle place for both, editing what a linear probe finds changes the program as needed.',
    paper: false,
    number: "success of edits at the matched place, along the probe's direction - along random ones",
    valueOf: ({ causal }) => editContrastOf(causal?.edits?.matched.contrasts, 'random') ?? null,
  },
  {
    id: 'used-flip-differing',
    claim: '... and not whatever any probe finds, where flip asks for something else.',
    paper: false,
    number:
      "success of edits at the matched place, along the probe's direction - along the flip probe's, differing cases",
    valueOf: ({ causal }) => causal?.edits?.flipDiffers.matched?.difference.estimate ?? null,
  },
];
