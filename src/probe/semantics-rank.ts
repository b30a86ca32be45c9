/** @file How easy one semantics is to read, among all others. Chapter 10. */
import { ProbeError } from './errors.ts';
import type { FeatureName } from './features.ts';
import type { HiddenLayers } from './probe.ts';
import { type Rank, rankOf } from './statistics/rank.ts';

/** What a probe of one feature and depth has found under one semantics. */
export interface SemanticsShare {
  readonly semantics: string;
  readonly feature: FeatureName;
  readonly hiddenLayers: HiddenLayers;
  readonly informationShare: number | null;
}

/** Rank by information share, 1 for the easiest to read; `mean` is the mean share over the features. */
export interface SemanticsRank extends Rank {
  readonly feature: FeatureName | 'mean';
  readonly hiddenLayers: HiddenLayers;
}

/**
 * The rank of `semantics` for each depth and feature, in the order in which `shares` first has them, then for the mean
 * over the features. Throws {@link ProbeError} for a share that is null or not finite, a share that is there twice, a
 * semantics that one feature has and another lacks, and when `semantics` is not among them.
 */
export function rankSemantics(shares: readonly SemanticsShare[], semantics: string): SemanticsRank[] {
  const names = [...new Set(shares.map((share) => share.semantics))];
  const at = names.indexOf(semantics);
  if (at === -1) throw new ProbeError(`rank: no information share under ${semantics} semantics`);
  const depths = [...new Set(shares.map(({ hiddenLayers }) => hiddenLayers))];
  return depths.flatMap((hiddenLayers) => {
    const ofDepth = shares.filter((share) => share.hiddenLayers === hiddenLayers);
    const features = [...new Set(ofDepth.map(({ feature }) => feature))];
    const byFeature = features.map((feature) => names.map((name) => shareOf(ofDepth, feature, name))); // [features, names]
    const means = names.map((_, name) => byFeature.reduce((sum, row) => sum + row[name]!, 0) / features.length);
    return [
      ...features.map((feature, row): SemanticsRank => ({ feature, hiddenLayers, ...rankOf(byFeature[row]!, at) })),
      { feature: 'mean', hiddenLayers, ...rankOf(means, at) },
    ];
  });
}

function shareOf(ofDepth: readonly SemanticsShare[], feature: FeatureName, semantics: string): number {
  const found = ofDepth.filter((share) => share.feature === feature && share.semantics === semantics);
  const about = `${feature} under ${semantics} semantics, ${ofDepth[0]!.hiddenLayers} hidden layers`;
  if (found.length !== 1) throw new ProbeError(`rank: ${found.length} information shares on ${about}, expected 1`);
  const { informationShare } = found[0]!;
  if (informationShare !== null && Number.isFinite(informationShare)) return informationShare;
  throw new ProbeError(`rank: the information share is ${informationShare} on ${about}`);
}
