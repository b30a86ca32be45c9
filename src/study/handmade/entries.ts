/** @file What a table of programs holds: the specifications for which a run's model writes, each with its reference program. Appendix J. */
import {
  generateSplit,
  promptLength,
  recordLength,
  SpecificationSet,
  type Split,
  sampleLength,
  TOKEN,
} from '../../karel/index.ts';
import { randomStream } from '../../random.ts';
import { corpusSettings } from '../model-config.ts';
import type { RunPlan } from '../run.ts';

/** Tokens of a prompt, and of the program that follows, END included. */
export interface Entry {
  readonly prompt: Uint8Array;
  readonly program: Uint8Array;
}

/**
 * The specifications of all splits that are traced in a run with these settings and this seed, drawn anew; of equal ones the first.
 */
export function entriesOf({ settings, seed }: Pick<RunPlan, 'settings' | 'seed'>): Entry[] {
  const corpus = corpusSettings(settings);
  const taken = new SpecificationSet();
  const prompt = promptLength(corpus);
  const entries = new Map<string, Entry>();
  const draw = (split: Split, drawn: number, wanted: number): void => {
    const length = recordLength(corpus, split);
    let index = 0;
    for (const chunk of generateSplit(corpus, {
      split,
      count: drawn,
      random: randomStream(seed, `corpus/${split}`),
      taken,
    })) {
      for (let at = 0; at < chunk.length && index < wanted; at += length, index++) {
        const sample = chunk.slice(at, at + sampleLength(corpus));
        const key = sample.slice(0, prompt);
        if (entries.has(key.join(' '))) continue;
        entries.set(key.join(' '), { prompt: key, program: sample.slice(prompt, sample.lastIndexOf(TOKEN.END) + 1) });
      }
    }
  };
  draw('validation', settings.validationSamples, settings.traceValidation);
  draw('test', settings.testSamples, settings.traceTest);
  draw('train', settings.traceTrain, settings.traceTrain);
  return [...entries.values()];
}
