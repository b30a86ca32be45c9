/** @file Questions that were asked after the data had been seen, kept apart from the analysis plan. Chapter 13. */
import type { ContrastRow } from '../probe/index.ts';
import { testClaims } from './claim-tests.ts';
import type { Claim } from './claims.ts';
import { contrastOf } from './find.ts';
import type { Results } from './results.ts';
import type { ClaimResult } from './study-results.ts';

/** Each row: over which source, and the ends of the claim's name, of its text and of its number. */
const OVER = [
  [null, '/trained', 'the original is easier to read', 'information'],
  ['untrained', '', 'training adds more to what is read of the original', 'information, (trained - untrained)'],
  ['record', '-record', 'beyond the record, the original is easier to read', 'information, (trained - record)'],
] as const;

type Rows = readonly ContrastRow[] | undefined;

/** For each of these semantics the claims that the original leads it: means over the features, by probes with one hidden layer, at offset -1. */
const leads = (
  kind: string,
  semantics: readonly string[],
  about: (against: string) => { readonly begin: string; readonly pairs: string; readonly rows: (of: Results) => Rows },
): readonly Claim[] =>
  semantics.flatMap((against) => {
    const { begin, pairs, rows } = about(against);
    return OVER.map(
      ([over, id, claim, number]): Claim => ({
        id: `${kind}-${against}${id}`,
        claim: `${begin}, ${claim}.`,
        paper: false,
        number: `${number}, original - ${against}${pairs}`,
        valueOf: (of) => contrastOf(rows(of), { over, against, offset: -1, hiddenLayers: 1, feature: 'mean' }),
        test: 'Student',
      }),
    );
  });

/** What is read of the original where another semantics gives another label. */
export const DIFFERING_CLAIMS = leads('differ', ['flip', 'adversarial'], (against) => ({
  begin: `Where ${against} gives another label`,
  pairs: '; pairs at which labels differ',
  rows: ({ evidence }) => evidence?.differing?.contrasts.filter(({ differsFrom }) => differsFrom === against),
}));

/** What is read of the original beyond what labels that the model cannot have learnt teach a probe: Latent Causal Probing, Jin 2024. */
export const LATENT_CLAIMS = leads('latent', ['permutation2', 'permutation3'], (against) => ({
  begin: `Beyond what a probe learns from labels of ${against}`,
  pairs: '',
  rows: ({ evidence }) => evidence?.contrasts,
}));

/** No plan names these: a verdict of theirs is a reason to plan an experiment. */
export const EXPLORATORY_CLAIMS: readonly Claim[] = [...DIFFERING_CLAIMS, ...LATENT_CLAIMS];

/** With a correction of their own, so that they change no verdict of the plan; without those that no run was asked. */
export function testExploratory(runs: readonly Results[]): ClaimResult[] {
  const asked = [DIFFERING_CLAIMS, LATENT_CLAIMS].filter((group) =>
    group.some((claim) => runs.some((run) => claim.valueOf(run) !== null)),
  );
  return testClaims(asked.flat(), runs);
}
