/** @file Questions that were asked after the data had been seen, kept apart from the analysis plan. Chapter 13. */
import type { DifferingContrastRow } from '../probe/index.ts';
import { testClaims } from './claim-tests.ts';
import type { Claim } from './claims.ts';
import { contrastOf } from './find.ts';
import type { Results } from './results.ts';
import type { ClaimResult } from './study-results.ts';

/** A mean over the features, by probes with one hidden layer, at offset -1, of the pairs at which labels differ. */
const whereLabelsDiffer =
  (over: DifferingContrastRow['over'], against: string): Claim['valueOf'] =>
  ({ evidence }) => {
    const rows = evidence?.differing?.contrasts.filter(({ differsFrom }) => differsFrom === against);
    return contrastOf(rows, { over, against, offset: -1, hiddenLayers: 1, feature: 'mean' });
  };

const OVER = [
  [null, '/trained', 'the original is easier to read', 'information'],
  ['untrained', '', 'training adds more to what is read of the original', 'information, (trained - untrained)'],
  ['record', '-record', 'beyond the record, the original is easier to read', 'information, (trained - record)'],
] as const;

/** What is read of the original where another semantics gives another label. */
export const DIFFERING_CLAIMS: readonly Claim[] = (['flip', 'adversarial'] as const).flatMap((against) =>
  OVER.map(
    ([over, id, claim, number]): Claim => ({
      id: `differ-${against}${id}`,
      claim: `Where ${against} gives another label, ${claim}.`,
      paper: false,
      number: `${number}, original - ${against}; pairs at which labels differ`,
      valueOf: whereLabelsDiffer(over, against),
      test: 'Student',
    }),
  ),
);

/** What is read of the original beyond what labels that the model cannot have learnt teach a probe: Latent Causal Probing, Jin 2024. */
export const LATENT_CLAIMS: readonly Claim[] = (['permutation2', 'permutation3'] as const).flatMap((against) =>
  OVER.map(
    ([over, id, claim, number]): Claim => ({
      id: `latent-${against}${id}`,
      claim: `Beyond what a probe learns from labels of ${against}, ${claim}.`,
      paper: false,
      number: `${number}, original - ${against}`,
      valueOf: ({ evidence }) =>
        contrastOf(evidence?.contrasts, { over, against, offset: -1, hiddenLayers: 1, feature: 'mean' }),
      test: 'Student',
    }),
  ),
);

/** No plan names these: a verdict of theirs is a reason to plan an experiment. */
export const EXPLORATORY_CLAIMS: readonly Claim[] = [...DIFFERING_CLAIMS, ...LATENT_CLAIMS];

/** With a correction of their own, so that they change no verdict of the plan; without those that no run was asked. */
export function testExploratory(runs: readonly Results[]): ClaimResult[] {
  const asked = [DIFFERING_CLAIMS, LATENT_CLAIMS].filter((group) =>
    group.some((claim) => runs.some((run) => claim.valueOf(run) !== null)),
  );
  return testClaims(asked.flat(), runs);
}
