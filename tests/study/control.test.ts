/** @file The whole study with branches and loops, at a size of seconds, as a user runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  actionsOf,
  isAction,
  isStraight,
  type ProgramWord,
  parseProgram,
  programText,
  promptLength,
  run as runProgram,
  StepBudgetError,
  TOKEN,
  tokenOfWord,
  wordOfToken,
  worldEqualsAsDrawn,
} from '../../src/karel/index.ts';
import { DiskStore } from '../../src/node/disk-store.ts';
import type { Results } from '../../src/results/results.ts';
import { measurementsOf } from '../../src/results/rows.ts';
import { loadModel } from '../../src/study/checkpoints.ts';
import { withCorpus } from '../../src/study/corpus-reader.ts';
import { Run } from '../../src/study/run.ts';
import { programOfTokens, readTraces } from '../../src/study/stages/trace.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { hiddenStates } from '../../src/transformer/index.ts';
import { type Finished, inTemporaryDirectory, karelscope } from '../helpers/command.ts';

const STEPS = 60;
const RUN = (
  'reproduce smoke --programs control --examples 2 --min-length 3 --max-length 9 --seed test --threads 2 ' +
  `--steps ${STEPS} --checkpoints 1 --train-samples 2000 --validation-samples 60 --test-samples 80 ` +
  '--perplexity-samples 40 --trace-train 150 --trace-validation 60 --trace-test 80 ' +
  '--probe-samples 200 --probe-samples-two-hidden 100 --probe-interval 100 --probe-patience 1'
).split(' ');

describe('reproduce with --programs control', () => {
  let directory = '';
  let finished: Finished;
  let release = (): void => {};
  let results: Results;
  let run: Run;

  beforeAll(async () => {
    await new Promise<void>((ready) => {
      void inTemporaryDirectory(async (path) => {
        directory = join(path, 'run');
        finished = await karelscope(...RUN, '--semantics', 'original flip', '--out', directory);
        ready();
        await new Promise<void>((end) => (release = end));
      });
    });
    results = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8'));
    run = Run.open(new DiskStore(directory));
  });
  afterAll(() => release());

  test('ends with code 0, and its measurements say how many programs branch or loop', () => {
    expect(finished.stderr).toBe('');
    expect(finished.code).toBe(0);
    expect(measurementsOf(results).some(({ measure }) => measure === 'withControl')).toBe(true);
  });

  test('every text that the models wrote is a program, among them some that branch or loop', () => {
    const written = [0, STEPS].flatMap((step) => Object.values(readTraces(run, step).programs).flat());
    for (const words of written) {
      parseProgram(programText(words));
      expect(words.length).toBeLessThanOrEqual(9);
    }
    expect(written.some((words) => !isStraight(words))).toBe(true);
  });

  test('accuracy is the share of programs that the interpreter brings from every input to its output', () => {
    const { programs } = readTraces(run, STEPS);
    const records = withCorpus(run, 'test', (reader) => programs.test.map((_, index) => reader.record(index)));
    const right = programs.test.filter((words, index) => {
      const { inputs, outputs } = records[index]!;
      return inputs.every((input, example) => {
        try {
          const { final } = runProgram(parseProgram(programText(words)), input, { maxSteps: 200 });
          return worldEqualsAsDrawn(final, outputs[example]!);
        } catch (error) {
          if (error instanceof StepBudgetError) return false;
          throw error;
        }
      });
    });
    expect(results.checkpoints.at(-1)!.generativeAccuracy).toBe(right.length / programs.test.length);
  });

  test('a hidden state of each action was stored: those of the model when it reads the program, within 1e-4', () => {
    const engine = createReferenceEngine('float32');
    const model = loadModel(run, STEPS, engine);
    const { programs, hiddenStates: stored } = readTraces(run, STEPS);
    const some = programs.test.slice(0, 20);
    const { prompt, sequences } = withCorpus(run, 'test', (reader) => {
      const prompt = promptLength(reader.header.settings);
      const promptOf = (index: number) => reader.tokens(index).subarray(0, prompt);
      return { prompt, sequences: some.map((words, index) => [...promptOf(index), ...words.map(tokenOfWord)]) };
    });
    const positions = sequences.map((tokens) =>
      tokens.flatMap((token, at) => (at >= prompt && isAction(wordOfToken(token)!) ? [at - 1] : [])),
    );
    const read = hiddenStates(engine, model, sequences, positions);
    expect(read.length).toBe(some.flatMap(actionsOf).length * 32);
    const furthest = Array.from(read).reduce(
      (most, value, at) => Math.max(most, Math.abs(value - stored.test[at]!)),
      0,
    );
    expect(furthest).toBeLessThan(1e-4);
    const all = programs.test.flatMap(actionsOf).length;
    expect(stored.test).toHaveLength(all * 32);
  });

  test('what is not known of branches and loops is null, what is known is measured', () => {
    const { reference, generated, shortest } = results.checkpoints.at(-1)!.programs!;
    expect(shortest).toBeNull();
    for (const side of [reference, generated!]) {
      expect([side.noOps, side.withNoOp, side.notMinimal]).toEqual([null, null, null]);
      expect(side.withControl!.estimate).toBeGreaterThanOrEqual(0);
      const shares = Object.values(side.actionShares).map(({ estimate }) => estimate);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
    expect(reference.withControl!.estimate).toBeGreaterThan(0.2);
    expect(reference.lengths.slice(0, 3)).toEqual([0, 0, 0]);
  });

  test('all probes of an offset have the same pairs under all semantics, and say how many were lost', () => {
    const probes = results.probes.filter(({ step, offset }) => step === STEPS && offset === 0);
    expect(probes.length).toBeGreaterThan(0);
    expect(new Set(probes.map(({ semantics }) => semantics)).size).toBe(2);
    expect(new Set(probes.map(({ n, lost }) => `${n} and ${lost}`)).size).toBe(1);
    expect(Number.isInteger(probes[0]!.lost)).toBe(true);
    expect(probes.some(({ records }) => records !== null)).toBe(true);
  });

  test('evidence and layers are computed; permutations and edits say that they are for straight lines only', () => {
    const { evidence, layers, permutations, causal } = results;
    expect(evidence!.shares.length).toBeGreaterThan(0);
    expect(new Set(layers!.map(({ step }) => step)).size).toBe(2);
    const mean = layers!.find(({ step, layer }) => step === STEPS && layer === 'mean')!;
    const probed = results.probes.find(({ step, offset }) => step === STEPS && offset === -1)!;
    expect(mean.n).toBe(probed.n + probed.lost!); // they need no other semantics
    expect(permutations).toMatchObject({ rows: [], ranks: [] });
    expect(causal).toMatchObject({ edits: null, patching: null });
    const reasons = [permutations!.skipped, causal!.editsSkipped, causal!.patchingSkipped];
    for (const reason of reasons) expect(reason).toContain('straight-line programs only');
    const report = readFileSync(join(directory, 'report/index.html'), 'utf8');
    for (const reason of reasons) expect(report).toContain(reason);
  });
});

test('a text that is no program is none: straight lines take no other words, control programs take whole ones', () => {
  const tokens = (text: string) => [...text.split(' ').map((word) => tokenOfWord(word as ProgramWord)), TOKEN.END];
  const loop = 'repeat 2 { move }';
  expect(programOfTokens(tokens(loop), 'control')).toEqual(loop.split(' '));
  expect(programOfTokens(tokens(loop), 'straight')).toBeUndefined();
  expect(programOfTokens(tokens('repeat 2 { move'), 'control')).toBeUndefined();
  expect(programOfTokens([TOKEN.MOVE, TOKEN.WALL, TOKEN.END], 'control')).toBeUndefined();
  expect(programOfTokens([TOKEN.MOVE], 'control')).toBeUndefined();
});
