/** @file Samples drawn, executed and encoded, on one core. */
import { generateSplit, SpecificationSet } from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { presetNamed } from '../src/study/presets.ts';
import { measure } from './suite.ts';

const COUNT = 20_000;
const cases = ['tiny', 'medium'].map((preset) => {
  const settings = corpusSettings(presetNamed(preset).settings);
  const run = () => {
    const random = randomStream('bench', preset);
    const taken = new SpecificationSet();
    for (const _ of generateSplit(settings, { split: 'train', count: COUNT, random, taken }));
  };
  return { name: preset, work: COUNT, run };
});
await measure('corpus', 'samples/s', cases);
