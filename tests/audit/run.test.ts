/** @file What the audit of a run finds where every digest is right: whatever is not what comes of the settings. */
import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { kindsOf } from '../../src/audit/run/audit.ts';
import { chainDifferences } from '../../src/audit/run/chain.ts';
import { exactEngineOf } from '../../src/audit/run/grounds.ts';
import type { Difference } from '../../src/audit/run/kind.ts';
import { spend } from '../../src/audit/run/loop.ts';
import { Training } from '../../src/audit/training.ts';
import { Crc32, decodeHeader, encodeTrailer, recordLength } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import type { Results } from '../../src/results/results.ts';
import { encodeText } from '../../src/store/index.ts';
import { metricsText, parseMetrics, type StepMetrics } from '../../src/study/metrics.ts';
import {
  checkpointFile,
  corpusFile,
  evaluationFile,
  hiddenStatesFile,
  metricsFile,
  probesFile,
  programsFile,
  RESULTS_FILE,
} from '../../src/study/names.ts';
import { silent } from '../../src/study/progress.ts';
import { type Run, readJson } from '../../src/study/run.ts';
import { runStages } from '../../src/study/runner.ts';
import type { Settings } from '../../src/study/settings.ts';
import type { ProbeFile } from '../../src/study/stages/probe.ts';
import { writeReport } from '../../src/study/study.ts';
import { verifyRun } from '../../src/study/verify-run.ts';
import { bitsOf, floatOf } from '../../src/tensor/exact/index.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import type { Engine } from '../../src/tensor/index.ts';
import { decodeSafetensors, encodeCheckpoint, encodeSafetensors } from '../../src/transformer/index.ts';
import { cloneOf, memoryRun } from '../study/memory-runs.ts';
import { forged, remade } from './forge.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const SETTINGS: Partial<Settings> = {
  ...{ trainSamples: 40, validationSamples: 10, testSamples: 15, perplexitySamples: 5 },
  ...{ traceTrain: 20, traceValidation: 10, traceTest: 15 },
  ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, steps: 6, checkpoints: 2, batchSize: 4, minLength: 2 },
  ...{ probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16, probePatience: 1, semantics: 'original' },
};
const LAST = 6;
const PAGE = '<script type="application/json" id="data"><!-- data --></script>';
const page = () => PAGE;

let fast: Engine;
let run: Run;

beforeAll(async () => {
  fast = await createEngine();
  run = memoryRun(SETTINGS);
  await runStages(run, { progress: silent, openEngine: () => createEngine() });
  writeReport(run, { page });
});

const SLOW = ['checkpoints probed', 'analyses', 'programs with hidden states'];

/** The differences of each kind that has any, all of it checked; by default but for the slowest kinds. */
async function audited(of: Run, left = SLOW): Promise<Record<string, string[]>> {
  expect(verifyRun(of.store).findings).toEqual([]);
  expect(chainDifferences(of)).toEqual([]);
  const kinds = kindsOf({ run: of, fast, exact: exactEngineOf(of), page }).filter(({ name }) => !left.includes(name));
  const checked = await spend(kinds, {
    seconds: Infinity,
    random: (name) => randomStream('1', name),
    progress: silent,
  });
  for (const { kind, checked: count } of checked) expect(count).toBe(kind.count);
  const found = checked.filter(({ differences }) => differences.length > 0);
  const text = ({ address, recorded, computed }: Difference) => `${address}: ${recorded}, ${computed}`;
  return Object.fromEntries(found.map(({ kind, differences }) => [kind.name, differences.map(text)]));
}

/** A JSON artefact with something changed in it. */
function edited<T>(of: Run, name: string, edit: (value: T) => void): Record<string, Uint8Array> {
  const value = readJson<T>(of, name);
  edit(value);
  return { [name]: encodeText(`${JSON.stringify(value, null, name.startsWith('traces/') ? 1 : 2)}\n`) };
}

test('nothing differs in a run that was left as it was, and all kinds of things are looked at', async () => {
  expect(await audited(run, [])).toEqual({});
  const counts = kindsOf({ run, fast, exact: exactEngineOf(run), page }).map(({ name, count }) => [name, count]);
  expect(Object.fromEntries(counts)).toMatchObject({
    ...{ 'corpus splits': 3, 'initial weights': 1, 'training intervals': 2, 'training steps': 6 },
    ...{ 'checkpoints traced and evaluated': 3, 'programs with hidden states': 135, 'files of the report': 4 },
    ...{ 'shares of solved specifications': 3, 'checkpoints probed': 3, analyses: 3, 'documents of results': 1 },
  });
});

describe('with a manifest in which every digest is right, the audit names', () => {
  test('an accuracy that was edited wherever it stands', async () => {
    const { outcomes } = readJson<ProbeFile>(run, probesFile(LAST));
    const at = outcomes.findIndex(({ hiddenLayers, offset }) => hiddenLayers === 0 && offset === 0);
    const { feature, semantics, accuracy } = outcomes[at]!;
    const better = ({ outcomes }: ProbeFile): void => void Object.assign(outcomes[at]!, { accuracy: 0.999 });
    const inResults = ({ probes }: Results): void => {
      const first = probes.findIndex(({ step }) => step === LAST);
      Object.assign(probes[first + at]!, { accuracy: 0.999 });
    };
    const tampered = forged(run, {
      ...edited(run, probesFile(LAST), better),
      ...edited(run, RESULTS_FILE, inResults),
    });
    writeReport(tampered, { page });
    const found = await audited(tampered, ['analyses', 'programs with hidden states']);
    expect(Object.keys(found)).toEqual(['kept linear probes', 'checkpoints probed']);
    const name = `${probesFile(LAST)}: trained/0/${semantics}/${feature}`;
    expect(found['kept linear probes']).toEqual([`${name}: accuracy: 0.999, ${accuracy}`]);
    expect(found['checkpoints probed']).toEqual([`${probesFile(LAST)}: outcomes[${at}].accuracy: 0.999, ${accuracy}`]);
  });

  test('a figure that only results.json has otherwise', async () => {
    const { generativeAccuracy } = readJson<Results>(run, RESULTS_FILE).checkpoints[2]!;
    const better = ({ checkpoints }: Results): void =>
      void Object.assign(checkpoints[2]!, { generativeAccuracy: generativeAccuracy + 0.1 });
    const tampered = forged(run, edited(run, RESULTS_FILE, better));
    writeReport(tampered, { page });
    expect(await audited(tampered)).toEqual({
      'documents of results': [
        `${RESULTS_FILE}: checkpoints[2].generativeAccuracy: ${generativeAccuracy + 0.1}, ${generativeAccuracy}`,
      ],
    });
  });

  test('a word of a program', async () => {
    const name = programsFile(LAST);
    const before = readJson<{ test: string[] }>(run, name).test[7]!;
    const words = before.split(' ');
    words[0] = words[0] === 'move' ? 'turnLeft' : 'move';
    const after = words.join(' ');
    const swap = ({ test }: { test: string[] }): void => void (test[7] = after);
    const found = await audited(forged(run, edited(run, name, swap)), SLOW.slice(0, 2));
    expect(found['programs with hidden states']).toEqual([`${name}: test[7]: "${after}", "${before}"`]);
    expect(found['checkpoints traced and evaluated']).toEqual([`${name}: test[7]: "${after}", "${before}"`]);
  });

  test('the last bit of a hidden state', async () => {
    const name = hiddenStatesFile(LAST);
    const { tensors } = decodeSafetensors(run.read(name), name);
    const { data } = tensors.get('validation')!;
    const before = data[13]!;
    data[13] = floatOf(bitsOf(before) ^ 1);
    const found = await audited(forged(run, { [name]: encodeSafetensors(tensors) }), SLOW.slice(0, 2));
    expect(found['checkpoints traced and evaluated']).toEqual([
      expect.stringMatching(`${name}: validation\\[1,5\\]: ${data[13]} .*, ${before} `),
    ]);
    expect(found['programs with hidden states']).toEqual([
      expect.stringMatching(`${name}: validation, from row \\d: states\\[\\d,5\\]: ${data[13]} .*, ${before} `),
    ]);
  });

  test('a sample of another seed, though all was made from it', async () => {
    const name = corpusFile('train');
    const other = memoryRun(SETTINGS, '2');
    await runStages(other, { progress: silent, openEngine: () => createEngine() }, ['corpus']);
    const [bytes, foreign] = [run.read(name), other.read(name)];
    const { header, length } = decodeHeader(bytes);
    const size = recordLength(header.settings, 'train');
    const [begin, end] = [length + 11 * size, length + 12 * size];
    bytes.set(foreign.subarray(begin, end), begin);
    bytes.set(encodeTrailer(new Crc32().update(bytes.subarray(length, -4)).value), bytes.length - 4);
    const found = await audited(await remade(run, { [name]: bytes }, page));
    expect(Object.keys(found)).toEqual(['corpus splits']);
    expect(found['corpus splits']).toHaveLength(2);
    expect(found['corpus splits']![0]).toContain(`${name}: sample 11: `);
    expect(found['corpus splits']![1]).toContain(`${name}: checksum`);
  });

  test('a step of training that was skipped, though all was made from what came of it', async () => {
    const training = new Training(run, fast);
    const trainer = training.checkpoint(3);
    const lines: StepMetrics[] = [];
    for (let step = 3; step < LAST; step++) {
      if (step === 4) trainer.restore({ ...trainer.state(), step: 5 });
      else {
        const { loss, learningRate, gradientNorm, tokens } = trainer.step(training.batch(step).batch);
        lines.push({ step: step + 1, epoch: 0, loss, learningRate, gradientNorm, tokens });
      }
    }
    const recorded = parseMetrics(run.read(metricsFile(LAST)), '')[1]!;
    const files = Object.entries(encodeCheckpoint(trainer)).map(([file, bytes]) => [checkpointFile(LAST, file), bytes]);
    const tampered = await remade(
      run,
      {
        ...Object.fromEntries(files),
        [metricsFile(LAST)]: encodeText(metricsText([lines[0]!, recorded, lines[1]!])),
      },
      page,
    );
    const found = await audited(tampered);
    expect(Object.keys(found)).toEqual(['training intervals', 'training steps']);
    expect(found['training intervals']![0]).toContain(`${metricsFile(LAST)}: line 3.loss: ${lines[1]!.loss}, `);
    expect(found['training steps']![0]).toContain(`${metricsFile(LAST)}: step 6: loss: ${lines[1]!.loss}, `);
    const weights = checkpointFile(LAST, 'model.safetensors');
    expect(found['training steps']!.join()).toContain(`${weights}: `);
  });

  test('the last bit of one weight, though all was made from it', async () => {
    const trainer = new Training(run, fast).checkpoint(LAST);
    const { value } = trainer.model.parameter('transformer.h.0.mlp.fc_in.weight');
    const before = value.data[19]!;
    const after = floatOf(bitsOf(before) ^ 1);
    value.data[19] = after;
    const files = Object.entries(encodeCheckpoint(trainer)).map(([file, bytes]) => [checkpointFile(LAST, file), bytes]);
    const found = await audited(await remade(run, Object.fromEntries(files), page));
    expect(Object.keys(found)).toEqual(['training intervals', 'training steps']);
    const hex = (number: number) => `${number} (0x${(bitsOf(number) >>> 0).toString(16).padStart(8, '0')})`;
    const named = `${checkpointFile(LAST, 'model.safetensors')}: transformer.h.0.mlp.fc_in.weight[2,3]: ${hex(after)}, ${hex(before)}`;
    expect(found['training intervals']).toContain(named);
    expect(found['training steps']).toContain(named);
  });

  test('a loss of the metrics', async () => {
    const lines = parseMetrics(run.read(metricsFile(3)), '');
    const after = lines.map((line) => (line.step === 2 ? { ...line, loss: 0.125 } : line));
    const found = await audited(forged(run, { [metricsFile(3)]: encodeText(metricsText(after)) }));
    expect(found['training steps']).toEqual([`${metricsFile(3)}: step 2: loss: 0.125, ${lines[1]!.loss}`]);
    expect(found['training intervals']).toEqual([`${metricsFile(3)}: line 2.loss: 0.125, ${lines[1]!.loss}`]);
    expect(found['documents of results']).toEqual([expect.stringContaining('checkpoints[1].trainLoss')]);
  });

  test('a figure of the report that results.json has no longer', async () => {
    const tampered = cloneOf(run);
    const name = 'report/index.html';
    const [, data] = /data">(.*)<\/script>/.exec(new TextDecoder().decode(run.store.read(name)))!;
    const page = JSON.parse(data!);
    const before = page.claims[0].values[0];
    page.claims[0].values[0] = 0.875;
    tampered.store.write(name, encodeText(PAGE.replace('<!-- data -->', JSON.stringify(page))));
    expect(await audited(tampered)).toEqual({
      'files of the report': [`${name}: claims[0].values[0]: 0.875, ${before}`],
    });
  });
});

test('an artefact that no stage of the plan makes, or one made from less than its stage reads, breaks the chain', () => {
  const tampered = cloneOf(run);
  tampered.keep('trace/3', [], {
    [evaluationFile(3)]: run.read(evaluationFile(3)),
    'traces/more.json': encodeText('1'),
  });
  expect(chainDifferences(tampered).map(({ address }) => address)).toEqual(['traces/more.json', programsFile(3)]);
});

test('of a run that has not ended, what there is so far is checked', async () => {
  const begun = memoryRun(SETTINGS);
  await runStages(begun, { progress: silent, openEngine: () => createEngine() }, ['corpus', 'train', 'trace']);
  expect(await audited(begun)).toEqual({});
  const names = kindsOf({ run: begun, fast, exact: exactEngineOf(begun), page }).map(({ name }) => name);
  expect(names).toContain('shares of solved specifications');
  for (const name of ['checkpoints probed', 'documents of results', 'files of the report']) {
    expect(names).not.toContain(name);
  }
  expect(() => exactEngineOf(memoryRun(SETTINGS))).toThrow('nothing was computed yet that could be audited');
});
