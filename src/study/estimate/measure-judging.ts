/** @file How long it takes to judge what a checkpoint writes for the test specifications. Chapter 8. */
import { decodeRecord, effectBattery, generateSplit, recordLength, SpecificationSet } from '../../karel/index.ts';
import { randomStream } from '../../random.ts';
import { corpusSettings } from '../model-config.ts';
import { comparePrograms } from '../program-comparison.ts';
import { effectsOn } from '../program-traits.ts';
import type { Settings } from '../settings.ts';
import { describeSpecification, type TestSpecification } from '../test-specifications.ts';
import { medianSeconds, secondsOf } from './stopwatch.ts';

export interface JudgingRates {
  /** Seconds to find out about one test specification what no checkpoint changes: mostly its shortest program. */
  readonly specification: number;
  /** Seconds to judge one program that was written, resampling included. */
  readonly judgement: number;
}

const MOST_SPECIFICATIONS = 400;
/** Some searches for a shortest program take a thousand times as long as others: this ends them. */
const SECONDS = 2;

export function measureJudging(settings: Settings, seed: string): JudgingRates {
  const corpus = corpusSettings(settings);
  const length = recordLength(corpus, 'test');
  const random = randomStream(seed, 'corpus/test');
  const count = Math.min(MOST_SPECIFICATIONS, settings.traceTest);
  const [records] = generateSplit(corpus, { split: 'test', count, random, taken: new SpecificationSet() });
  const specifications: TestSpecification[] = [];
  let seconds = 0;
  for (let at = 0; at < records!.length && seconds < SECONDS; at += length) {
    const record = decodeRecord(corpus, records!.subarray(at, at + length));
    seconds += secondsOf(() => void specifications.push(describeSpecification(record, true, settings.programs)));
  }
  const programs = specifications.map(({ record }) => record.program);
  const effectOf = effectsOn(effectBattery(randomStream(seed, 'effects'), corpus));
  const judging = medianSeconds(() => {
    comparePrograms(specifications, programs, {
      effectOf,
      random: randomStream(seed, 'intervals'),
      minLength: settings.minLength,
      kind: settings.programs,
    });
  }, 0.5);
  return { specification: seconds / specifications.length, judgement: judging / specifications.length };
}
