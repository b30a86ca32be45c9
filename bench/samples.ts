/** @file Samples of a preset's corpus, drawn as its training corpus is. */
import { generateSplit, recordLength, SpecificationSet, TOKEN } from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import type { Settings } from '../src/study/settings.ts';

/** Tokens of the first `count` samples that a run with seed 1 draws, each from BOS to END. */
export function drawSamples(settings: Settings, count: number): Uint8Array[] {
  const corpus = corpusSettings(settings);
  const length = recordLength(corpus, 'train');
  const random = randomStream('1', 'corpus/train');
  const samples: Uint8Array[] = [];
  for (const chunk of generateSplit(corpus, { split: 'train', count, random, taken: new SpecificationSet() })) {
    for (let at = 0; at < chunk.length; at += length) {
      const record = chunk.subarray(at, at + length);
      samples.push(record.subarray(0, record.lastIndexOf(TOKEN.END) + 1));
    }
  }
  return samples;
}
