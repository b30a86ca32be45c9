/** @file Stored traces: the states behind a program are those of the model that wrote it, action for action. */
import { describe, expect, test } from 'vitest';
import { decodePrompt, SPLITS, worldEqualsAsDrawn } from '../../src/karel/index.ts';
import { loadModel } from '../../src/study/checkpoints.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { readTraces } from '../../src/study/stages/trace.ts';
import { checkpointTraces, storedTraces } from '../../src/study/stored-traces.ts';
import { expectClose } from '../helpers/close.ts';
import { copyOf, engine } from './memory-runs.ts';
import { LAST, tracedRun } from './traced-run.ts';

const kept = await tracedRun({ lastState: 'kept' });
const dropped = copyOf(kept, { lastState: 'dropped' });
const oneLayer = await tracedRun({ layer: 1, lastState: 'dropped' });
const control = await tracedRun({ programs: 'control', minLength: 3, maxLength: 9 });

test('the runs below hold one-action programs between longer ones, and control programs that branch or loop', () => {
  const { programs } = readTraces(dropped, LAST);
  for (const split of SPLITS) {
    expect(programs[split].map(({ length }) => Math.min(length, 2)).join('')).toMatch(/21+2+1*2/);
  }
  const { test: written } = readTraces(control, LAST).programs;
  expect(written.filter((words) => words.includes('{')).length).toBeGreaterThan(1);
  expect(new Set(written.map(({ length }) => length)).size).toBeGreaterThan(2);
});

describe.each([
  ['last state kept, mean of all layers', kept],
  ['last state dropped, mean of all layers', dropped],
  ['last state dropped, layer 1', oneLayer],
  ['programs that branch and loop', control],
])('%s', (_, run) => {
  test('the model that wrote the programs has the stored states when it reads them: within 1e-4', () => {
    const traces = checkpointTraces(run, engine, loadModel(run, LAST, engine), LAST);
    for (const split of SPLITS) {
      const { trained, untrained } = traces[split];
      expectClose(untrained, trained, { absolute: 1e-4 }, split);
    }
  });

  test('another model has other states', () => {
    const traces = checkpointTraces(run, engine, loadModel(run, 0, engine), LAST);
    for (const split of SPLITS) {
      const { trained, untrained } = traces[split];
      expect(untrained.length).toBe(trained.length);
      expect(() => expectClose(untrained, trained, { absolute: 0.1 })).toThrow(/elements differ/);
    }
  });

  test('each program comes with the worlds that its model read', () => {
    const stored = storedTraces(run, LAST);
    const shape = corpusSettings(run.plan.settings);
    for (const split of SPLITS) {
      const { programs, sequences } = stored[split];
      expect(programs.length).toBeGreaterThan(1);
      programs.forEach(({ inputs, outputs }, at) => {
        const read = decodePrompt(shape, Uint8Array.from(sequences[at]!));
        inputs.forEach((world, example) => {
          expect(worldEqualsAsDrawn(world, read.inputs[example]!)).toBe(true);
          expect(worldEqualsAsDrawn(outputs[example]!, read.outputs[example]!)).toBe(true);
        });
      });
    }
  });
});

test('with the last state dropped programs of one action are left out, all others stay in order', () => {
  const { programs } = readTraces(dropped, LAST);
  const stored = storedTraces(dropped, LAST);
  for (const split of SPLITS) {
    const longer = programs[split].filter(({ length }) => length > 1);
    expect(stored[split].programs.map(({ actions }) => actions)).toEqual(longer);
  }
});
