// Three semantics, read from the hidden states of ten committed models: probes with one hidden layer, offset -1, last step.
import { committedResults } from '../scripts/committed-results.mjs';
import { FEATURES } from '../src/probe/index.ts';
import { mean } from '../src/probe/statistics/sample.ts';

const runs = committedResults();

for (const semantics of ['original', 'flip', 'adversarial']) {
  const probes = runs.flatMap((run) =>
    FEATURES.map(
      (feature) =>
        run.probes.find(
          (probe) =>
            probe.step === 3600 &&
            probe.offset === -1 &&
            probe.hiddenLayers === 1 &&
            probe.semantics === semantics &&
            probe.feature === feature,
        )!,
    ),
  );
  const of = (name: 'accuracy' | 'majority' | 'informationShare' | 'untrainedInformationShare') =>
    mean(probes.map((probe) => probe[name]!)).toFixed(3);
  console.log(`${semantics}: accuracy ${of('accuracy')} (majority ${of('majority')})`);
  console.log(`  information: trained ${of('informationShare')}, untrained ${of('untrainedInformationShare')}`);
}
// =>
// original: accuracy 0.730 (majority 0.476)
//   information: trained 0.406, untrained 0.247
// flip: accuracy 0.726 (majority 0.473)
//   information: trained 0.391, untrained 0.217
// adversarial: accuracy 0.730 (majority 0.561)
//   information: trained 0.316, untrained 0.182

// The place of the original among the six permutations, seed by seed: by the trained model, by the untrained, by the difference.
for (const source of ['trained', 'untrained', 'gained']) {
  const ranks = runs.map((run) => {
    const all = run.permutations!.ranks.filter((rank) => rank.among === 'markersKept' && rank.hiddenLayers === 1);
    return all.find((rank) => rank.feature === 'mean' && rank.source === source)!.rank;
  });
  console.log(`${source}: ${ranks.join(' ')}`);
}
// =>
// trained: 1 1 1 1 2 2 1 1 2 6
// untrained: 1 2 1 4 1 2 1 1 3 6
// gained: 2 2 1 2 6 3 2 3 2 1
