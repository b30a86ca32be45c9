/** @file What a corpus is made of, and how long its records are. Chapter 2. */

import { ACTION_WEIGHTS, type ActionWeights } from './random-program.ts';
import { type SampleShape, sampleLength } from './tokenizer.ts';
import { PROGRAM_KINDS } from './vocabulary.ts';

export const SPLITS = ['train', 'validation', 'test'] as const;

export type Split = (typeof SPLITS)[number];

export interface CorpusSettings extends SampleShape {
  /** The fewest words in a program, at least 1; lengths are uniform in minLength..maxLength. */
  readonly minLength: number;
  /** The probability that a cell is a wall, and that a cell without one (or the robot) holds a marker. */
  readonly wallRatio: number;
  readonly markerRatio: number;
  /** How often each action is drawn. */
  readonly actionWeights: ActionWeights;
  /**
   * Unseen input worlds that each validation and test record carries, to check a program beyond its specification;
   * 5 if absent, as in the released code of Jin & Rinard 2024.
   */
  readonly heldOutExamples?: number;
}

export const DEFAULT_HELD_OUT_EXAMPLES = 5;

/** Settings, or a demand, that no corpus can meet; the message names the setting and its value. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}

/** The unseen worlds in each record of `split`; none in train. */
export function heldOutExamples(settings: CorpusSettings, split: Split): number {
  return split === 'train' ? 0 : (settings.heldOutExamples ?? DEFAULT_HELD_OUT_EXAMPLES);
}

/** Bytes of each record of `split`: a sample filled up with PAD, then the unseen worlds, a byte a token. */
export function recordLength(settings: CorpusSettings, split: Split): number {
  return sampleLength(settings) + heldOutExamples(settings, split) * settings.width * settings.height;
}

/** The integers among the settings, and the least that each can be. */
const LEAST = { width: 1, height: 1, examples: 1, minLength: 1, maxLength: 1, heldOutExamples: 0 } as const;

/** @throws CorpusError at the first setting whose value cannot be. */
export function checkCorpusSettings(settings: CorpusSettings): void {
  for (const [key, least] of Object.entries(LEAST)) {
    const value = settings[key as keyof typeof LEAST];
    if (value === undefined && key === 'heldOutExamples') continue;
    if (!Number.isInteger(value) || value! < least) {
      throw new CorpusError(`corpus setting ${key} is ${value}, expected an integer from ${least}`);
    }
  }
  if (settings.minLength > settings.maxLength) {
    throw new CorpusError(`corpus setting minLength is ${settings.minLength}, above maxLength ${settings.maxLength}`);
  }
  for (const key of ['wallRatio', 'markerRatio'] as const) {
    const value = settings[key];
    if (!(value >= 0 && value <= 1)) throw new CorpusError(`corpus setting ${key} is ${value}, expected 0 to 1`);
  }
  if (settings.programs !== undefined && !PROGRAM_KINDS.includes(settings.programs)) {
    throw new CorpusError(`corpus setting programs is '${settings.programs}', expected ${PROGRAM_KINDS.join(' or ')}`);
  }
  if (!Object.hasOwn(ACTION_WEIGHTS, settings.actionWeights)) {
    const known = Object.keys(ACTION_WEIGHTS).join(' or ');
    throw new CorpusError(`corpus setting actionWeights is '${settings.actionWeights}', expected ${known}`);
  }
}
