// How much of its attention a head puts on the robots of the outputs, by the word that the model is about to write.
import { encodePrompt, promptLength, VOCABULARY } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { drawTestRecords } from '../src/study/stages/corpus.ts';
import { createEngine } from '../src/tensor/index.ts';
import { attentionWeights, nextTokenProbabilities, readSequence } from '../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd', tileRows: 4 });
const { model, settings } = packagedModel(engine);
const shape = corpusSettings(settings);
const code = promptLength(shape) - 1;
const HEADS = [
  { block: 2, head: 2 },
  { block: 3, head: 3 },
  { block: 4, head: 3 },
] as const;

const shares = new Map<string, number[][]>();
for (const record of drawTestRecords({ settings, seed: '11' }, 120)) {
  const reading = readSequence(engine, model, encodePrompt(shape, record));
  const next = nextTokenProbabilities(reading, code);
  const word = VOCABULARY[next.indexOf(Math.max(...next))]!.text;
  const robots = record.outputs.map(
    ({ x, y, width, height }, at) => 2 + (2 * at + 1) * (1 + width * height) + y * width + x,
  );
  const ofHeads = HEADS.map(({ block, head }) => {
    const weights = attentionWeights(reading, model, block - 1, head - 1, code);
    return robots.reduce((sum, robot) => sum + weights[robot]!, 0);
  });
  shares.set(word, [...(shares.get(word) ?? []), ofHeads]);
}
for (const word of ['turnLeft', 'turnRight', 'move']) {
  const rows = shares.get(word)!;
  const means = HEADS.map(({ block, head }, at) => {
    const mean = rows.reduce((sum, row) => sum + row[at]!, 0) / rows.length;
    return `block ${block} head ${head} ${(100 * mean).toFixed(0)} %`;
  });
  console.log(`${word} (${rows.length}): ${means.join(', ')}`);
}
// =>
// turnLeft (29): block 2 head 2 99 %, block 3 head 3 9 %, block 4 head 3 10 %
// turnRight (27): block 2 head 2 14 %, block 3 head 3 88 %, block 4 head 3 64 %
// move (44): block 2 head 2 23 %, block 3 head 3 11 %, block 4 head 3 10 %
await engine.close();
