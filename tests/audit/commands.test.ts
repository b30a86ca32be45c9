/** @file `audit gradient` and `audit run`, as a user gives them: by the built command line. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { karelscope, sharedDirectory } from '../helpers/command.ts';

const SMALLEST = [
  ...['--steps', '8', '--warmup-steps', '1', '--checkpoints', '1', '--train-samples', '300', '--trace-train', '30'],
  ...['--trace-validation', '20', '--trace-test', '30', '--perplexity-samples', '20', '--semantics', 'original'],
  ...['--probe-samples', '64', '--probe-samples-two-hidden', '64', '--probe-patience', '1', '--threads', '1'],
];
const directory = sharedDirectory();
const run = join(directory, 'run');

beforeAll(async () => {
  expect((await karelscope('reproduce', 'smoke', ...SMALLEST, '--out', run)).code).toBe(0);
});

test('audit run says how much of each kind was checked, and ends with 0 where all is right', async () => {
  const { code, stdout } = await karelscope('audit', 'run', run, '--minutes', '0.05', '--seed', 'a', '--threads', '1');
  expect(stdout).toMatch(
    /artefacts, each with the digest of the manifest; a sample is computed again, that of --seed a/,
  );
  expect(stdout).toMatch(/^corpus splits +one number at a time +3 of 3 +0 +100%/m);
  expect(stdout).toMatch(/^training steps +one number at a time +\d of 8 +0 +[\d.]+%/m);
  expect(stdout).toMatch(/^files of the report +made again +\d of 3 /m);
  expect(stdout).toMatch(/what was checked is what comes of its settings|every bit is what comes of its settings/);
  expect(code).toBe(0);
});

test('audit run names a stale figure of the report and a damaged file, and ends with 1', async () => {
  const copy = join(directory, 'copy');
  cpSync(run, copy, { recursive: true });
  const page = join(copy, 'report/index.html');
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace('"preset":"smoke"', '"preset":"smoky"'));
  const stale = await karelscope('audit', 'run', copy, '--minutes', '0.05', '--threads', '1');
  expect(stale.stdout).toContain('differs  report/index.html: preset: recorded "smoky", computed "smoke"');
  expect(stale.stdout).toContain('not what comes of its settings: files of the report');
  expect(stale.code).toBe(1);
  writeFileSync(join(copy, 'results.json'), '{}');
  const damaged = await karelscope('audit', 'run', copy);
  expect(damaged.stdout).toMatch(/^damaged +results.json: it has 2 bytes/);
  expect(damaged.code).toBe(1);
});

test('audit gradient gives a row for each parameter, or one element', async () => {
  const all = await karelscope('audit', 'gradient', run, '--samples', '1', '--batch-samples', '1', '--step', '5');
  expect(all.stdout).toMatch(
    /the model after 5 steps, samples 160 of the training corpus: 1 of the 32 of the batch of step 6/,
  );
  expect(all.stdout).toMatch(/^lm_head\.bias +1 of 26 +\d\.\de-\d+ +\[\d+\] /m);
  expect(all.code).toBe(0);
  const one = await karelscope('audit', 'gradient', run, 'lm_head.weight[3,9]');
  expect(one.stdout).toMatch(/^lm_head\.weight\[3,9\]\nvalue /m);
  expect(one.code).toBe(0);
});

test.each([
  [2, ['gradient', run, 'lm_head'], /expected such as lm_head\.weight\[3,9\]/],
  [1, ['gradient', run, 'lm_head.weight[99,0]'], /there is no lm_head\.weight\[99,0\], lm_head\.weight is \[26,32\]/],
  [1, ['gradient', run, '--step', '9'], /there is no step 9 in a training of 8/],
  [2, ['gradient', run, '--samples', '0'], /expected a whole number from 1 up/],
  [2, ['run', run, '--minutes', 'no'], /expected a number above 0/],
  [1, ['run', directory], /holds no run/],
])('exit code %i and one line for audit %j', async (expected, args, message) => {
  const { code, stderr } = await karelscope('audit', ...args);
  expect(stderr.trim()).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(expected);
});
