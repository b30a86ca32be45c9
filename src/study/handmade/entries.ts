/** @file What a table of programs holds: the specifications for which a run's model writes, each with its reference program. Appendix J. */
import { promptLength, SpecificationSet, type Split, sampleLength, TOKEN } from '../../karel/index.ts';
import { corpusSettings } from '../model-config.ts';
import type { RunPlan } from '../run.ts';
import { drawRecords } from '../stages/corpus.ts';

/** Tokens of a prompt, and of the program that follows, END included. */
export interface Entry {
  readonly prompt: Uint8Array;
  readonly program: Uint8Array;
}

/**
 * The specifications of all splits that are traced in a run with these settings and this seed, drawn anew; of equal ones the first.
 */
export function entriesOf(plan: Pick<RunPlan, 'settings' | 'seed'>): Entry[] {
  const { settings } = plan;
  const corpus = corpusSettings(settings);
  const taken = new SpecificationSet();
  const prompt = promptLength(corpus);
  const entries = new Map<string, Entry>();
  const draw = (split: Split, drawn: number, wanted: number): void => {
    let index = 0;
    for (const record of drawRecords(plan, split, drawn, taken)) {
      if (index++ >= wanted) continue;
      const sample = record.subarray(0, sampleLength(corpus));
      const key = sample.slice(0, prompt);
      if (entries.has(key.join(' '))) continue;
      entries.set(key.join(' '), { prompt: key, program: sample.slice(prompt, sample.lastIndexOf(TOKEN.END) + 1) });
    }
  };
  draw('validation', settings.validationSamples, settings.traceValidation);
  draw('test', settings.testSamples, settings.traceTest);
  draw('train', settings.traceTrain, settings.traceTrain);
  return [...entries.values()];
}
