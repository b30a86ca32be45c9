/** @file Made-up evidence and analyses beside `sampleResults`, in the shape of a real run. Not measured. */

import { comparisonOf } from '../../src/probe/index.ts';
import type {
  CausalResults,
  FeatureName,
  LayerResult,
  PermutationResults,
  Results,
} from '../../src/results/results.ts';

type Evidence = NonNullable<Results['evidence']>;
type ShareRow = Evidence['shares'][number];
type ContrastRow = Evidence['contrasts'][number];

const FEATURES: readonly FeatureName[] = ['direction', 'position', 'obstacle'];
const ABOUT = [...FEATURES, 'mean'] as const;
const LEFT = ['all', '1', '2', '3+'] as const;
const OFFSETS = [-1, 0] as const;
const SHARES = { trained: 0.5, untrained: 0.2, input: 0.55, grids: 0.6, record: 0.6, control: 0.4 } as const;
const LOSS: Readonly<Record<string, number>> = { original: 0, flip: 0.05, adversarial: 0.12 };

const measured = (estimate: number, half: number) => ({
  estimate,
  interval: half > 0 ? { low: estimate - half, high: estimate + half } : null,
  n: 600,
});

/** `shift` is added to all that is about the trained model. */
export function sampleEvidence(shift = 0): Evidence {
  const shares: ShareRow[] = [];
  const contrasts: ContrastRow[] = [];
  for (const hiddenLayers of [0, 1] as const) {
    for (const feature of ABOUT) {
      for (const [offset, actionsLeft] of OFFSETS.flatMap((at) => LEFT.map((left) => [at, left] as const))) {
        if (offset === 0 && actionsLeft !== 'all') continue;
        const about = { offset, feature, hiddenLayers, actionsLeft };
        for (const semantics of Object.keys(LOSS)) {
          for (const source of Object.keys(SHARES) as (keyof typeof SHARES)[]) {
            if (source === 'control' && (semantics !== 'original' || offset === 0)) continue;
            const estimate =
              SHARES[source] - LOSS[semantics]! + (source === 'trained' ? shift : 0) - 0.1 * hiddenLayers;
            const converged = source !== 'grids';
            shares.push({ ...about, semantics, source, share: measured(estimate, 0.03), converged });
          }
        }
        const p = actionsLeft === 'all' ? 0.004 : null;
        for (const over of ['untrained', 'input', 'grids', 'record', 'control'] as const) {
          if (over === 'control' && offset === 0) continue;
          const comparison = comparisonOf('trained', over, offset)!;
          const difference = measured(SHARES.trained - SHARES[over] + shift, 0.02);
          contrasts.push({ ...about, over, against: null, comparison, difference, p });
        }
        for (const against of ['flip', 'adversarial']) {
          const read = { null: LOSS[against]!, untrained: 0.01, input: 0.03, grids: -0.04, record: -0.04 } as const;
          for (const over of [null, 'untrained', 'input', 'grids', 'record'] as const) {
            const comparison = over ? comparisonOf('trained', over, offset)! : 'fair';
            contrasts.push({
              ...about,
              over,
              against,
              comparison,
              difference: measured(read[`${over}`] + shift, 0.02),
              p,
            });
          }
        }
      }
    }
  }
  const lookAhead = ([0, 1, 2] as const).flatMap((hiddenLayers) =>
    FEATURES.flatMap((feature) =>
      [1, 2].flatMap((offset) =>
        (['trained', 'untrained'] as const).map((source) => ({
          source,
          feature,
          hiddenLayers,
          offset,
          pairs: 300 / offset,
          accuracy: measured(0.7 - 0.1 * offset + (source === 'trained' ? shift : -0.1), 0.04),
          best: measured(0.62 - 0.1 * offset, 0.04),
          difference: measured(source === 'trained' ? 0.08 + shift : -0.02, 0.05),
        })),
      ),
    ),
  );
  return { shares, contrasts, lookAhead };
}

/** Rows where labels differ, in the shape of those of all pairs, with `shift` added to each number. */
export function withDiffering(evidence: Evidence, shift: number): Evidence {
  const unlike = ['flip', 'adversarial'];
  const sources = ['trained', 'untrained', 'record', null];
  const moved = (one: ShareRow['share']) => ({ ...one, estimate: one.estimate + shift });
  const counts = OFFSETS.flatMap((offset) =>
    unlike.flatMap((differsFrom) =>
      FEATURES.map((feature, at) => ({ differsFrom, offset, feature, pairs: 100 + at, of: 1000, programs: 60 + at })),
    ),
  );
  const shares = evidence.shares.filter((row) => row.actionsLeft === 'all' && sources.includes(row.source));
  const contrasts = evidence.contrasts.filter((row) => row.actionsLeft === 'all' && sources.includes(row.over));
  const differing = {
    counts,
    shares: unlike.flatMap((differsFrom) =>
      shares.flatMap((row) =>
        row.semantics === 'original' || row.semantics === differsFrom
          ? [{ differsFrom, ...row, share: moved(row.share) }]
          : [],
      ),
    ),
    contrasts: unlike.flatMap((differsFrom) =>
      contrasts.flatMap((row) =>
        row.against === null || row.against === differsFrom
          ? [{ differsFrom, ...row, difference: moved(row.difference) }]
          : [],
      ),
    ),
  };
  return { ...evidence, differing };
}

const OTHERS = ['original', 'flip', 'move=turnLeft,turnLeft=move', 'move=pickMarker,pickMarker=move', 'adversarial'];

export function samplePermutations(): PermutationResults {
  const depths = [0, 1] as const;
  return {
    rows: depths.flatMap((hiddenLayers) =>
      OTHERS.flatMap((semantics, index) =>
        FEATURES.map((feature) => ({
          source: 'trained' as const,
          semantics,
          feature,
          hiddenLayers,
          accuracy: 0.6,
          majority: 0.3,
          information: 1 - 0.2 * index,
          informationShare: semantics.includes('pick') && feature === 'position' ? -395 : 0.5 - 0.1 * index,
          isPermutation: semantics !== 'adversarial',
        })),
      ),
    ),
    ranks: depths.flatMap((hiddenLayers) =>
      ABOUT.flatMap((feature) => [
        ...(['trained', 'untrained', 'gained'] as const).map((source) => ({
          ...{ source, feature, hiddenLayers, rank: source === 'untrained' ? 2 : 1, worst: 2, of: 6 },
          among: 'markersKept' as const,
        })),
        { source: 'trained' as const, feature, hiddenLayers, rank: 2.5, worst: 3, of: 60, among: 'all' as const },
      ]),
    ),
  };
}

export function sampleLayers(): LayerResult[] {
  return [0, 1500, 3000].flatMap((step) =>
    ([0, 1, 2, 'mean'] as const).flatMap((layer) =>
      FEATURES.map((feature) => ({
        step,
        source: 'trained' as const,
        layer,
        feature,
        accuracy: 0.5,
        majority: 0.3,
        informationShare: step === 0 ? -5.85 : 0.07 * (layer === 'mean' ? 1.5 : layer),
        n: step === 0 ? 412 : 900,
        tooFew: step === 0,
      })),
    ),
  );
}

const COUNTS = { specifications: 1000, solved: 883, considered: 400, withoutRemainder: 30, unknown: 2, counted: 368 };

/** Edits along the probe's direction succeed by `gain` more often than others. */
export function sampleCausal(gain: number): CausalResults {
  const measure = (estimate: number, half = 0.03) => ({ ...measured(estimate, half), n: COUNTS.counted });
  const kinds = ['probe', 'flip', 'random'] as const;
  const outcome = (success: number) => ({
    success: measure(success),
    unchanged: measure(0.2),
    solvesUnturned: measure(0.3),
  });
  return {
    step: 3000,
    edits: {
      validation: COUNTS,
      test: COUNTS,
      distances: [1, 2, 3],
      probes: (['original', 'flip'] as const).flatMap((semantics) =>
        [0, 1, 2].map((layer) => ({
          semantics,
          layer,
          example: 0,
          accuracy: 0.3 + 0.1 * layer,
          majority: 0.25,
          information: 0.2 * layer,
          informationShare: 0.1 * layer,
          n: 900,
        })),
      ),
      none: outcome(0),
      sweep: kinds.flatMap((kind) =>
        [0, 1, 2].flatMap((layer) =>
          [0.5, 1, 2].map((size) => ({
            kind,
            layer,
            size,
            ...outcome(0.05 * size + (kind === 'probe' ? gain : 0)),
            validationSuccess: 0.04 * size,
            validationUnchanged: 1 - 0.3 * size,
            moved: 1.4 * size,
          })),
        ),
      ),
      readings: [0, 1, 2].flatMap((layer) =>
        [0.5, 1, 2].map((size) => ({ layer, size, before: measure(0.22), after: measure(0.22 + 0.35 * size) })),
      ),
      chosen: kinds.map((kind) => ({
        kind,
        layer: 1,
        size: 2,
        validationSuccess: 0.11,
        validationUnchanged: 0.2,
        moved: 2.8,
        ...outcome(0.1 + (kind === 'probe' ? gain : 0)),
      })),
      contrasts: (['random', 'flip', 'none'] as const).map((against) => ({
        kind: 'probe' as const,
        against,
        difference: measure(against === 'none' ? 0.1 + gain : gain, 0.04),
        p: 0.0004,
      })),
      matched: {
        layer: 1,
        size: 1,
        gentle: true,
        validationDifference: gain,
        validationUnchanged: 0.7,
        edits: kinds.map((kind) => ({
          kind,
          success: measure(0.05 + (kind === 'probe' ? gain : 0)),
          unchanged: measure(0.65),
          successAmongChanged: { ...measure((0.05 + (kind === 'probe' ? gain : 0)) / 0.35, 0.05), n: 129 },
        })),
        contrasts: (['random', 'flip'] as const).map((against) => ({
          kind: 'probe' as const,
          against,
          difference: measure(gain, 0.02),
          p: 0.0004,
        })),
      },
      flipDiffers: {
        cases: 150,
        chosen: { kind: 'probe', against: 'flip', difference: { ...measure(gain + 0.01, 0.05), n: 150 }, p: 0.012 },
        matched: { kind: 'probe', against: 'flip', difference: { ...measure(gain + 0.02, 0.05), n: 150 }, p: 0.013 },
      },
      wholeStates: {
        cases: 240,
        unpatched: measure(0, 0),
        ceiling: measure(0.8),
        layers: [0, 1, 2].map((layer) => ({
          layer,
          success: measure(0.4 * layer),
          solvesUnturned: measure(1 - 0.5 * layer),
        })),
      },
    },
    editsSkipped: null,
    patching: {
      test: COUNTS,
      unpatched: measure(0, 0),
      ceiling: measure(0.9),
      layers: [0, 1, 2].map((layer) => ({
        layer,
        success: measure(0.45 * layer),
        solvesUnturned: measure(1 - 0.5 * layer),
      })),
    },
    patchingSkipped: null,
  };
}

export function sampleAnalyses(): Required<Pick<Results, 'evidence' | 'permutations' | 'layers' | 'causal'>> {
  return {
    evidence: sampleEvidence(),
    permutations: samplePermutations(),
    layers: sampleLayers(),
    causal: sampleCausal(0.1),
  };
}
