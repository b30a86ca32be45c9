/** @file Programs that a model reads without having written them: what they are, what hides the goal, and a whole run with them. */
import { describe, expect, test } from 'vitest';
import { decodePrompt, promptLength, SPLITS, tokenOfWord, worldEqualsAsDrawn } from '../../src/karel/index.ts';
import type { Results } from '../../src/results/results.ts';
import { MemoryStore } from '../../src/store/index.ts';
import { loadModel } from '../../src/study/checkpoints.ts';
import { withCorpus } from '../../src/study/corpus-reader.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { Run, readJson } from '../../src/study/run.ts';
import { runStages } from '../../src/study/runner.ts';
import { checkSettings, withOverrides } from '../../src/study/settings.ts';
import { readTraces } from '../../src/study/stages/trace.ts';
import { checkpointTraces, storedTraces } from '../../src/study/stored-traces.ts';
import { contextWith, engine } from './memory-runs.ts';
import { LAST, tracedRun } from './traced-run.ts';

const LENGTH = 9;
const reading = await tracedRun({ readLength: LENGTH, lastState: 'kept' });
const writing = await tracedRun({ lastState: 'kept' });
const stored = storedTraces(reading, LAST);

describe('programs that are read', () => {
  test('have exactly so many moves and turns, each about a third of all, within 0.1, and other ones in each split', () => {
    const words = SPLITS.flatMap((split) => stored[split].programs.flatMap(({ actions }) => actions));
    for (const split of SPLITS) for (const { actions } of stored[split].programs) expect(actions).toHaveLength(LENGTH);
    const share = (word: string): number => words.filter((one) => one === word).length / words.length;
    for (const word of ['move', 'turnLeft', 'turnRight']) expect(Math.abs(share(word) - 1 / 3)).toBeLessThan(0.1);
    expect(share('move') + share('turnLeft') + share('turnRight')).toBe(1);
    expect(stored.train.programs[0]!.actions).not.toEqual(stored.test.programs[0]!.actions);
  });

  test('stand behind the inputs of their specification, each also in the place of its output; the states are those before each word', () => {
    const shape = corpusSettings(reading.plan.settings);
    const prompt = promptLength(shape);
    let hidden = 0;
    for (const split of SPLITS) {
      const { programs, sequences, positions } = stored[split];
      withCorpus(reading, split, (reader) => {
        programs.forEach(({ inputs, outputs, actions }, at) => {
          const read = decodePrompt(shape, Uint8Array.from(sequences[at]!.slice(0, prompt)));
          reader.record(at).inputs.forEach((world, example) => {
            for (const shown of [read.inputs, read.outputs, inputs, outputs])
              expect(worldEqualsAsDrawn(world, shown[example]!)).toBe(true);
          });
          const goals = decodePrompt(shape, reader.tokens(at).subarray(0, prompt)).outputs;
          if (goals.some((world, example) => !worldEqualsAsDrawn(world, read.outputs[example]!))) hidden++;
          expect(sequences[at]!.slice(prompt)).toEqual(actions.slice(0, -1).map(tokenOfWord));
          expect(positions[at]).toEqual(actions.map((_, place) => prompt - 1 + place));
        });
      });
    }
    expect(hidden).toBeGreaterThan(10); // so many goals are other worlds
  });

  test('are the same for every checkpoint, and of fewer the first; what a checkpoint writes is as it was', () => {
    const limited = storedTraces(reading, 0, { train: 5, validation: 3, test: 4 });
    for (const split of SPLITS) {
      const { programs, hidden } = limited[split];
      expect(programs).toEqual(stored[split].programs.slice(0, programs.length));
      expect(hidden.length).toBe(programs.length * LENGTH * reading.plan.settings.n_embd);
    }
    expect(limited.train.programs).toHaveLength(5);
    expect(readTraces(reading, LAST)).toEqual(readTraces(writing, LAST));
  });

  test('have the states of the checkpoint, and not those of another', () => {
    const own = checkpointTraces(reading, engine, loadModel(reading, LAST, engine), LAST);
    const other = checkpointTraces(reading, engine, loadModel(reading, 0, engine), LAST);
    for (const split of SPLITS) {
      expect(own[split].trained).toEqual(own[split].untrained);
      expect(other[split].trained).not.toEqual(other[split].untrained);
    }
  });

  test('are none of a model of branches and loops: it is refused', () => {
    const settings = { ...presetNamed('tiny-control').settings, readLength: 15 };
    expect(() => checkSettings(settings)).toThrow(
      'readLength: 15, but only models of straight lines read such programs',
    );
  });
});

test('the preset latent, in small: probes of 14 pairs a program, contrasts against both permutations, and all analyses', async () => {
  const small = {
    ...{ gridWidth: 3, gridHeight: 3, examples: 1, n_embd: 32, n_layer: 1, rotary_dim: 8, batchSize: 8 },
    ...{ steps: 20, checkpoints: 1, trainSamples: 400, validationSamples: 60, testSamples: 80, perplexitySamples: 20 },
    ...{ traceTrain: 25, traceValidation: 12, traceTest: 60, initializer_range: 0.9 },
    ...{ probeSamples: 256, probeSamplesTwoHidden: 64, probeBatch: 64, probeInterval: 256, probePatience: 1 },
  };
  const settings = checkSettings(withOverrides(presetNamed('latent').settings, small));
  const run = Run.create(new MemoryStore('latent'), { preset: 'latent', seed: '1', settings });
  await runStages(run, contextWith());
  const results = readJson<Results>(run, 'results.json');
  expect(results.settings['readLength']).toBe(15);
  const asked = results.probes.filter(({ offset, step }) => offset === -1 && step === 20);
  expect(asked.length).toBeGreaterThan(0);
  for (const { n, programs } of asked) expect([n, programs]).toEqual([14 * 60, 60]);
  const { contrasts, differing } = results.evidence!;
  for (const against of ['permutation2', 'permutation3']) {
    for (const over of [null, 'untrained', 'record']) {
      const here = (row: (typeof contrasts)[number]) => row.against === against && row.over === over;
      expect(contrasts.some(here)).toBe(true);
      expect(differing!.contrasts.some(here)).toBe(true);
    }
  }
  expect(results.permutations!.rows.length).toBeGreaterThan(0);
  expect(results.layers!.length).toBeGreaterThan(0);
  expect(results.causal).not.toBeNull();
});
