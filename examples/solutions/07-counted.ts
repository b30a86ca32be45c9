// Which of a sample's targets the loss counts, and what a step of tiny costs.
import { presetNamed } from '../../src/study/index.ts';
import { corpusSettings, modelConfig } from '../../src/study/model-config.ts';
import { drawSamples } from '../../src/study/stages/corpus.ts';
import { countedTokens, trainingBatch } from '../../src/study/stages/train.ts';
import { productWeights, stepFlops } from '../../src/transformer/index.ts';

const { settings } = presetNamed('tiny');
const samples = drawSamples(settings, 64, '11');
for (const lossOn of ['all', 'outputs', 'program'] as const) {
  const { targets = [] } = trainingBatch(samples, countedTokens(lossOn, corpusSettings(settings)));
  const counted = targets.map((each) => Array.from(each).filter((target) => target >= 0).length);
  console.log(
    lossOn,
    counted.reduce((sum, count) => sum + count, 0),
  );
}
// =>
// all 4634
// outputs 2586
// program 218
const config = modelConfig(settings);
console.log(productWeights(config)); // => 198272
console.log(
  (
    stepFlops(
      config,
      samples.map(({ length }) => length - 1),
    ) / 1e9
  ).toFixed(2),
); // => 6.03
