/** The same bits however many threads compute, and however often a run is killed: by the built command line. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { evaluationFile, probesFile } from '../../src/study/names.ts';
import { karelscope, sharedDirectory, start } from '../helpers/command.ts';
import { checkpointsOf, everyStepTo, manifestOf, resultsOf, stepsOf } from './run-files.ts';

/**
 * Less of everything than `smoke`, with its batches and widths. Programs of one action would leave nothing to edit after so few
 * steps; semantics change nothing but labels.
 */
const QUICK = [
  ...'reproduce smoke --seed test --min-length 2 --steps 90 --checkpoints 3'.split(' '),
  ...'--trace-train 240 --trace-validation 80 --trace-test 160 --perplexity-samples 50'.split(' '),
  ...'--probe-samples 512 --probe-samples-two-hidden 128 --probe-interval 256 --probe-patience 2'.split(' '),
  ...['--semantics', 'original adversarial'],
];
const directory = sharedDirectory();
let results: Results;

beforeAll(async () => {
  const out = join(directory, 'one-thread');
  expect((await karelscope(...QUICK, '--threads', '1', '--out', out)).code).toBe(0);
  results = resultsOf(out);
});

test('every part of the results has something to compare: probes of each depth and offset, evidence, all analyses', () => {
  const { probes, evidence, permutations, layers, causal } = results;
  const asked = (hiddenLayers: number) =>
    new Set(probes.flatMap((probe) => (probe.hiddenLayers === hiddenLayers ? [probe.offset] : [])));
  for (const depth of [0, 1]) expect(asked(depth)).toEqual(new Set([-1, 0, 1]));
  expect(asked(2)).toEqual(new Set([-1, 0]));
  const rows = [
    ...[evidence!.shares, evidence!.contrasts, evidence!.lookAhead],
    ...[permutations!.rows, permutations!.ranks, layers!, causal!.edits!.sweep, causal!.edits!.wholeStates!.layers],
    causal!.patching!.layers,
  ];
  for (const part of rows) expect(part.length).toBeGreaterThan(0);
  expect(causal!.edits!.sweep.some(({ unchanged }) => unchanged.estimate > 0 && unchanged.estimate < 1)).toBe(true);
  expect(new Set(layers!.map(({ step }) => step))).toEqual(new Set([0, 60, 90])); // after 30 too few programs have two actions
});

test('with 3 threads the manifest is that of 1, byte for byte: corpus, checkpoints, traces, probes, analyses, results', async () => {
  const out = join(directory, 'three-threads');
  expect((await karelscope(...QUICK, '--threads', '3', '--out', out)).code).toBe(0);
  expect(manifestOf(out)).toBe(manifestOf(join(directory, 'one-thread')));
});

test('killed after its first checkpoint, and again among its probes, two threads resume above step 0 and end with the bits of one', async () => {
  const out = join(directory, 'killed');
  const killedOnce = async (isTime: () => boolean): Promise<string> => {
    const { child, finished } = start([...QUICK, '--threads', '2', '--out', out]);
    while (!isTime() && child.exitCode === null) await new Promise((wait) => setTimeout(wait, 20));
    child.kill('SIGKILL');
    const { stdout } = await finished;
    expect(existsSync(join(out, 'results.json'))).toBe(false);
    return stdout;
  };
  await killedOnce(() => existsSync(join(out, evaluationFile(30))));
  expect(checkpointsOf(out).length).toBeLessThan(3);
  const second = await killedOnce(() => existsSync(join(out, probesFile(30))));
  expect(Number(/resuming at step (\d+)/.exec(second)?.[1])).toBeGreaterThan(0);
  expect(existsSync(join(out, probesFile(90)))).toBe(false);
  const again = await karelscope(...QUICK, '--threads', '2', '--out', out);
  expect(again.code).toBe(0);
  expect(again.stdout).not.toMatch(/^train /m);
  expect(manifestOf(out)).toBe(manifestOf(join(directory, 'one-thread')));
  expect(stepsOf(out)).toEqual(everyStepTo(results.checkpoints.at(-1)!.step));
});
