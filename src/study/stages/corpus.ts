/** @file Making a corpus, split by split. Appendix B. */
import {
  CorpusError,
  type CorpusHeader,
  type CorpusRecord,
  Crc32,
  decodeRecord,
  encodeHeader,
  encodeTrailer,
  generateSplit,
  recordLength,
  SpecificationSet,
  type Split,
  TOKEN,
} from '../../karel/index.ts';
import { randomStream } from '../../random.ts';
import { StudyError } from '../errors.ts';
import { corpusSettings } from '../model-config.ts';
import { corpusFile } from '../names.ts';
import type { RunPlan } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { Stage } from '../stage.ts';

/** Validation and test come first: train avoids their specifications. */
const ORDER: readonly Split[] = ['validation', 'test', 'train'];

/** What the files of a run's corpus begin with. */
export function corpusHeaders({ settings, seed }: RunPlan): CorpusHeader[] {
  const counts = { train: settings.trainSamples, validation: settings.validationSamples, test: settings.testSamples };
  return ORDER.map((split) => ({ split, count: counts[split], seed, settings: corpusSettings(settings) }));
}

/** All three splits: what is impossible for one is refused before any is kept. */
export function corpusStage(plan: RunPlan): Stage {
  const total = corpusHeaders(plan).reduce((sum, { count }) => sum + count, 0);
  return {
    name: 'corpus',
    kind: 'corpus',
    needs: [],
    makes: ORDER.map(corpusFile),
    work: total, // samples
    make: (_, { progress }) => {
      progress.start('corpus', total, 'samples');
      const taken = new SpecificationSet();
      let before = 0;
      const splits = corpusHeaders(plan).map((header) => {
        const done = before;
        before += header.count;
        return [corpusFile(header.split), makeSplit(header, taken, (made) => progress.update(done + made))] as const;
      });
      return Object.fromEntries(splits); // drawn when they are written, one after the other
    },
  };
}

/**
 * Header, records and trailer of a split, in pieces; adds what it draws to `taken`; `onMade` is told how many samples there are
 * so far. Throws {@link StudyError} when there are not enough different specifications for these settings.
 */
function* makeSplit(
  header: CorpusHeader,
  taken: SpecificationSet,
  onMade: (samples: number) => void,
): Generator<Uint8Array> {
  const { split, count, settings: corpus } = header;
  const seed = String(header.seed);
  yield encodeHeader(header);
  const checksum = new Crc32();
  const random = randomStream(seed, `corpus/${split}`);
  let bytes = 0;
  try {
    for (const chunk of generateSplit(corpus, { split, count, random, taken })) {
      checksum.update(chunk);
      yield chunk;
      bytes += chunk.length;
      onMade(bytes / recordLength(corpus, split));
    }
  } catch (error) {
    if (error instanceof CorpusError) throw new StudyError(error.message);
    throw error;
  }
  yield encodeTrailer(checksum.value);
}

/**
 * The first `count` records of a split, as a run with this seed draws them; adds their specifications to `taken`, which the splits
 * drawn before must have filled. No file is made.
 */
export function* drawRecords(
  { settings, seed }: Pick<RunPlan, 'settings' | 'seed'>,
  split: Split,
  count: number,
  taken = new SpecificationSet(),
): Generator<Uint8Array> {
  const corpus = corpusSettings(settings);
  const length = recordLength(corpus, split);
  for (const chunk of generateSplit(corpus, { split, count, random: randomStream(seed, `corpus/${split}`), taken })) {
    for (let at = 0; at < chunk.length; at += length) yield chunk.slice(at, at + length);
  }
}

/** The first `count` records of a run's test split, at most all of it, drawn anew; no file is made. */
export function drawTestRecords(plan: Pick<RunPlan, 'settings' | 'seed'>, count: number): CorpusRecord[] {
  const { settings } = plan;
  const corpus = corpusSettings(settings);
  const taken = new SpecificationSet();
  for (const _ of drawRecords(plan, 'validation', settings.validationSamples, taken)); // what it draws, test does not
  const records = drawRecords(plan, 'test', Math.min(count, settings.testSamples), taken);
  return Array.from(records, (record) => decodeRecord(corpus, record));
}

/** Tokens of the first `count` samples that a run with this seed trains on, each from BOS to END; no file is made. */
export function drawSamples(settings: Settings, count: number, seed: string): Uint8Array[] {
  return Array.from(drawRecords({ settings, seed }, 'train', count), (record) =>
    record.subarray(0, record.lastIndexOf(TOKEN.END) + 1),
  );
}
