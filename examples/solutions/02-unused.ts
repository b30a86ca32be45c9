// Chapter 2, exercise 3: tokens that the training set of `tiny` never shows.
import { VOCABULARY } from '../../src/karel/index.ts';
import { presetNamed } from '../../src/study/index.ts';
import { drawSamples } from '../../src/study/stages/corpus.ts';

const counts = new Uint32Array(VOCABULARY.length);
for (const sample of drawSamples(presetNamed('tiny').settings, 20_000, '11'))
  for (const token of sample) counts[token]!++;
const never = VOCABULARY.filter(({ id }) => counts[id] === 0);
console.log(never.map(({ text }) => text).join(' ')); // => PAD 4 5 6 7 8 9
console.log(counts[8], counts[9], counts[10]); // => 108148 179 7
