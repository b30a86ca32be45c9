/**
 * @file Every reader of files, on a few thousand mutated ones: always a value or a typed error. FUZZ=1000000 asks for more. Models, dialects
 * and manifests have tests of their own beside them.
 */
import { describe, expect, test } from 'vitest';
import { formatWorld, parseWorld, randomWorld, WorldError } from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';
import { encodeText, MemoryStore, parseJson, StoreError } from '../src/store/index.ts';
import { CorpusReader } from '../src/study/corpus-reader.ts';
import { StudyError } from '../src/study/errors.ts';
import { readJournal } from '../src/study/journal.ts';
import { metricsText, parseMetrics } from '../src/study/metrics.ts';
import { Run } from '../src/study/run.ts';
import { memoryRun, runWithCorpus } from './study/memory-runs.ts';
import { mutated } from './transformer/mutate.ts';

const CASES = Number(process.env['FUZZ'] ?? 2_000);

/** Reads so many mutations of `bytes`; gives how many were values. */
function fuzz(
  name: string,
  bytes: Uint8Array,
  errors: readonly (new (...args: never[]) => Error)[],
  read: (bytes: Uint8Array) => void,
): number {
  const random = randomStream('fuzz', name);
  let values = 0;
  for (let at = 0; at < CASES; at++) {
    const wrong = mutated(name, bytes, random);
    try {
      read(wrong);
      values++;
    } catch (error) {
      if (!errors.some((one) => error instanceof one)) {
        throw new Error(`case ${at} of ${name}: ${JSON.stringify(new TextDecoder().decode(wrong.subarray(0, 300)))}`, {
          cause: error,
        });
      }
    }
  }
  return values;
}

function storeWith(name: string, bytes: Uint8Array): MemoryStore {
  const store = new MemoryStore();
  store.write(name, bytes);
  return store;
}

describe('mutated files are values or typed errors', () => {
  test('worlds', () => {
    const world = randomWorld(randomStream('fuzz', 'world'), { width: 5, height: 4, wallRatio: 0.2, markerRatio: 0.3 });
    const text = encodeText(formatWorld(world));
    const values = fuzz('world.txt', text, [WorldError], (bytes) => parseWorld(new TextDecoder().decode(bytes)));
    expect(values).toBeGreaterThan(0); // a marker more is another world
  });

  test('settings', () => {
    const store = new MemoryStore();
    memoryRun().store.list();
    Run.create(store, memoryRun().plan).keep('made up', [], {});
    const bytes = store.read('settings.json')!;
    fuzz('settings.json', bytes, [StudyError, StoreError], (wrong) => Run.open(storeWith('settings.json', wrong)));
  });

  test('metrics, the journal and JSON artefacts', () => {
    const line = { step: 1, epoch: 0, loss: 0.5, learningRate: 1e-3, gradientNorm: 2, tokens: 3 };
    const metrics = encodeText(metricsText([line, { ...line, step: 2 }]));
    fuzz('metrics.jsonl', metrics, [StudyError], (bytes) => parseMetrics(bytes, 'metrics.jsonl'));
    const journal = encodeText('{"stage":"train/2","seconds":1.5,"threads":2,"peakMemoryBytes":9,"runtime":"Node"}\n');
    expect(fuzz('journal.jsonl', journal, [], (bytes) => readJournal(storeWith('journal.jsonl', bytes)))).toBe(CASES);
    fuzz('results.json', encodeText('{"a":[1,2,{"b":"c"}],"d":null}'), [StoreError], (bytes) =>
      parseJson(bytes, 'results.json'),
    );
  });

  test('corpora, read whole', async () => {
    const run = await runWithCorpus({
      gridWidth: 2,
      gridHeight: 1,
      examples: 1,
      trainSamples: 20,
      validationSamples: 5,
      testSamples: 5,
    });
    const values = fuzz('test.karel', run.read('corpus/test.karel'), [StudyError, StoreError], (bytes) => {
      const reader = new CorpusReader(storeWith('test.karel', bytes).open('test.karel')!, 'test.karel');
      reader.verify();
      for (let index = 0; index < reader.count; index++) reader.record(index);
    });
    expect(values).toBeLessThan(CASES / 100); // a mutation may change nothing
  });
});
