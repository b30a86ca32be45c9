/** @file Draws, runs and encodes samples into a stream of fixed-size records. Chapter 2. */

import { ControlDrawer } from './control-drawer.ts';
import {
  CorpusError,
  type CorpusSettings,
  checkCorpusSettings,
  heldOutExamples,
  recordLength,
  type Split,
} from './corpus-settings.ts';
import type { Random } from './random-world.ts';
import { SampleDrawer } from './sample-drawer.ts';
import type { Sample } from './specification.ts';
import type { SpecificationSet } from './specification-set.ts';
import { decodeSample, decodeWorld, promptLength, TokenError } from './tokenizer.ts';
import type { World } from './world.ts';

export interface SplitRequest {
  readonly split: Split;
  /** How many records. */
  readonly count: number;
  /** The split's own stream; the same numbers give the same bytes. */
  readonly random: Random;
  /** The specifications of validation and test. These splits add theirs; train avoids them. */
  readonly taken: SpecificationSet;
  /** Records in a chunk; 1024 if absent. The last chunk may be smaller. */
  readonly recordsPerChunk?: number;
}

/** A sample is redrawn this often before we conclude that hardly any other specification exists. */
const MAX_REDRAWS = 10_000;

/**
 * One split as chunks of whole records: [records * recordLength] bytes each, a chunk its own array.
 *
 * Generate validation and test before train, with one `taken` for all three: then no specification of the three
 * occurs in another split, and none twice in validation or test. What does recur are *programs*: there are only 780
 * programs of one to four actions, so nearly all test programs occur in train too, with other grids. A model that has
 * memorised programs is not helped by that until it can tell which of them a specification asks for.
 *
 * @returns (as the generator's value) how many samples were drawn again because their specification was taken.
 * @throws CorpusError if a setting cannot be, or if there are not enough different specifications.
 */
export function* generateSplit(
  settings: CorpusSettings,
  request: SplitRequest,
): Generator<Uint8Array<ArrayBuffer>, number, undefined> {
  checkCorpusSettings(settings);
  const { split, count, random, taken, recordsPerChunk = 1024 } = request;
  if (!Number.isInteger(count) || count < 0)
    throw new CorpusError(`corpus count is ${count}, expected an integer from 0`);
  const drawer =
    settings.programs === 'control' ? new ControlDrawer(settings, random) : new SampleDrawer(settings, random);
  const length = recordLength(settings, split);
  const prompt = promptLength(settings);
  const unseen = heldOutExamples(settings, split);
  let redrawn = 0;
  for (let done = 0; done < count; ) {
    const records = Math.min(recordsPerChunk, count - done);
    const chunk = new Uint8Array(records * length);
    // #region keep-apart
    for (let at = 0; at < chunk.length; at += length) {
      drawer.sample(chunk, at);
      for (let redraws = 0; taken.has(chunk, at, at + prompt); redraws++) {
        if (redraws === MAX_REDRAWS) throw tooFew(settings, split, done + at / length, count);
        drawer.sample(chunk, at);
        redrawn++;
      }
      if (split !== 'train') taken.add(chunk, at, at + prompt);
      drawer.unseen(chunk, at, unseen);
    }
    // #endregion
    yield chunk;
    done += records;
  }
  return redrawn;
}

/** Puts the specifications of `records`, of one validation or test split, into `taken`. */
export function takeSpecifications(
  settings: CorpusSettings,
  split: Split,
  records: Uint8Array,
  taken: SpecificationSet,
): void {
  const length = recordLength(settings, split);
  const prompt = promptLength(settings);
  for (let at = 0; at + length <= records.length; at += length) taken.add(records, at, at + prompt);
}

function tooFew(settings: CorpusSettings, split: Split, found: number, count: number): CorpusError {
  const { width, height, examples } = settings;
  const kind = `${width}x${height} interiors and examples ${examples}`;
  return new CorpusError(`corpus: found only ${found} of ${count} new ${split} specifications with ${kind}`);
}

/** A sample as drawn, and the unseen input worlds that its record carries (none in train). */
export interface CorpusRecord extends Sample {
  readonly unseen: readonly World[];
}

/**
 * The record of any split that `bytes` hold.
 * @throws TokenError if they are not exactly one record, or not the tokens of one.
 */
export function decodeRecord(settings: CorpusSettings, bytes: Uint8Array): CorpusRecord {
  const withUnseen = recordLength(settings, 'test');
  const withoutUnseen = recordLength(settings, 'train');
  if (bytes.length !== withUnseen && bytes.length !== withoutUnseen) {
    throw new TokenError(`record has ${bytes.length} bytes, expected ${withoutUnseen} (train) or ${withUnseen}`);
  }
  const { width, height } = settings;
  const unseen: World[] = [];
  for (let at = withoutUnseen; at < bytes.length; at += width * height)
    unseen.push(decodeWorld(bytes, width, height, at));
  return { ...decodeSample(settings, bytes.subarray(0, withoutUnseen)), unseen };
}
