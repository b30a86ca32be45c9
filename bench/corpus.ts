/** @file Samples drawn, executed and encoded, on one thread. */
import { generateSplit, SpecificationSet } from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { repeat } from './measure.ts';
import { MEASURED_PRESETS } from './presets.ts';
import type { Corpus } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number } from './table.ts';

const SAMPLES = 10_000;

export const corpusSuite: Suite<readonly Corpus[]> = {
  async measure(bench) {
    return bench.select('corpus', MEASURED_PRESETS).map(({ name: preset, settings }) => {
      bench.note(`corpus, ${preset}`);
      const corpus = corpusSettings(settings);
      const taken = repeat(() => {
        const random = randomStream('1', 'corpus/train');
        for (const _ of generateSplit(corpus, {
          split: 'train',
          count: SAMPLES,
          random,
          taken: new SpecificationSet(),
        }));
      }, 0.5);
      return { preset, threads: 1, samplesPerSecond: SAMPLES / Math.min(...taken) };
    });
  },
  describe: (corpora) =>
    formatTable(
      ['corpus, 1 thread', 'samples/s'],
      corpora.map(({ preset, samplesPerSecond }) => [preset, number(samplesPerSecond)]),
    ),
};
