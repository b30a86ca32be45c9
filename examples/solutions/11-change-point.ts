// Where does what training adds to the information change, and where does the share of solved specifications?
import { committedResults } from '../../scripts/committed-results.mjs';
import { changePoint } from '../../src/probe/statistics/index.ts';
import { changePointsOf } from '../../src/results/phases.ts';

for (const { seed, probes, checkpoints } of committedResults()) {
  // At each step: the mean over the features of trained minus untrained; step 0, where both are the same, left out.
  const curve = checkpoints.slice(1).flatMap(({ step }) => {
    const asked = probes.filter(
      ({ semantics, offset, hiddenLayers, tooFew, informationShare, ...probe }) =>
        probe.step === step &&
        semantics === 'original' &&
        offset === -1 &&
        hiddenLayers === 1 &&
        !tooFew &&
        informationShare !== null,
    );
    if (asked.length < 3) return [];
    const gains = asked.map((probe) => probe.informationShare! - probe.untrainedInformationShare!);
    return [{ step, gain: gains.reduce((sum, gain) => sum + gain, 0) / gains.length }];
  });
  const found = changePoint(curve.map(({ gain }) => gain));
  const gained = found ? `${curve[found.index]!.step} (explained ${found.explained.toFixed(2)})` : 'nowhere';
  console.log(`seed ${seed}: solved ${changePointsOf(checkpoints).generativeAccuracy!.step}, information ${gained}`);
}
// =>
// seed 9: solved 1200, information 1500 (explained 0.76)
// seed 10: solved 1200, information 1500 (explained 0.85)
// seed 11: solved 1200, information 1800 (explained 0.78)
// seed 12: solved 1200, information 1200 (explained 0.78)
// seed 13: solved 1800, information 1800 (explained 0.77)
// seed 14: solved 1800, information 1500 (explained 0.85)
// seed 15: solved 1500, information 1500 (explained 0.64)
// seed 16: solved 900, information 900 (explained 0.71)
// seed 17: solved 1200, information 1500 (explained 0.75)
// seed 18: solved 1200, information 1200 (explained 0.84)
