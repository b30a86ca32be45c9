/** What the built command line says to wrong input, and to --help. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inTemporaryDirectory, karelscope, MAIN } from '../helpers/command.ts';
import { checkpointsOf, stepsOf } from './run-files.ts';

describe('wrong input', () => {
  test.concurrent.each([
    [['reproduce', 'paper'], /parameters.*one WebAssembly memory holds at most 4\.3 GB/],
    [['reproduce', 'tinny'], /unknown preset tinny \(did you mean tiny\?\)/],
    [['reproduce', 'smoke', '--stepz', '3'], /^karelscope: unknown option '--stepz' \(nearest: --steps\)$/m],
    [['reproduce', 'smoke', '--steps', 'many'], /steps/],
    [['reproduce', 'smoke', '--threads', '0'], /threads/],
    [['reproduce', 'smoke', '--arithmetic', 'exact'], /arithmetic: "exact" is none of relaxed-simd, simd/],
    [['reproduce', 'smoke', '--n-head', '6'], /n_head: 6 is no multiple of 4/],
    [['report', 'nowhere'], /nowhere holds no run/],
    [['karel', 'run', 'move(', '--world', '###|#>#|###'], /line 1/],
    [['karel', 'run', 'move', '--world', '###|#.#|###'], /robot/],
    [['karel', 'run', 'while(noMarkersPresent){turnLeft}', '--world', '###|#>#|###'], /line 1/],
    [['generate', 'nowhere', '--world-in', 'x', '--world-out', 'y'], /nowhere holds no run/],
    [['reproduce', 'smoke', '--batch', '3'], /^karelscope: unknown option '--batch' \(nearest: --batch-size\)$/m],
    [['reproduce', 'smoke', '--grid-width', '1', '--grid-height', '1'], /found only \d+ of 300 new validation spec/],
    [['reproduce', 'smoke', '--semantics', 'backwards'], /semantics: .*backwards/],
    [['reproduce', 'smoke', '--threads', '100000'], /threads.*at most 64/],
    [['import', 'tests', 'smoke'], /tests: no model there \(no config\.json\)/],
    [['handmade', 'tracker', 'tiny-control'], /^karelscope: handmade: programs is control, expected straight$/m],
    [['handmade', 'oracle'], /oracle.*Allowed choices are tracker, table/],
    [['verify', 'nowhere'], /nowhere holds no run/],
    [['karel', 'run', 'no/such.karel', '--world', '###|#>#|###'], /no\/such\.karel: no such file/],
    [['karel', 'run', 'move', '--world', 'world.txt'], /world\.txt: no such file/],
    [['karel', 'run', 'move', '--world', 'src'], /src: is a directory/],
    [['karel', 'run', 'move'], /needs a --world/],
    [['karel', 'run', 'repeat(30){move}', '--to', 'tokens'], /line 1, column 1: found a repetition of 30 times/],
    [['audit', 'replay', 'nowhere', '--step', '1'], /nowhere holds no run/],
    [['audit', 'replay', 'nowhere', '--step', 'x'], /expected a whole number from 0 up/],
    [['audit', 'compare', 'nowhere', 'elsewhere'], /nowhere holds no run/],
    [['frobnicate'], /unknown command 'frobnicate' \(nearest: /],
  ])('%j ends with a code above 0, says why, shows no stack and writes nothing', (args, message) =>
    inTemporaryDirectory(async (path) => {
      const refused = await karelscope(...args, ...(args[0] === 'reproduce' ? ['--out', join(path, 'run')] : []));
      expect(refused.code).toBeGreaterThan(0);
      expect(refused.stderr).toMatch(message);
      expect(refused.stderr).not.toMatch(/^ +at /m);
      expect(readdirSync(path)).toEqual([]);
    }),
  );

  test('a model that is too large to train here has a corpus, for whoever trains it elsewhere', () =>
    inTemporaryDirectory(async (path) => {
      const few = '--train-samples 5 --validation-samples 5 --test-samples 5 --out'.split(' ');
      const refused = await karelscope('train', 'paper', ...few, path);
      expect([refused.code, readdirSync(path)]).toEqual([1, []]);
      expect((await karelscope('data', 'make', 'paper', ...few, path)).code).toBe(0);
      expect(readdirSync(join(path, 'corpus'))).toEqual(['test.karel', 'train.karel', 'validation.karel']);
    }));

  test('a machine without fused multiply-add is told of --arithmetic simd before anything is written; there, a model still writes', () =>
    inTemporaryDirectory(async (path) => {
      const without = (...args: string[]) =>
        spawnSync(process.execPath, ['--no-enable-fma3', MAIN, ...args], { encoding: 'utf8' });
      const refused = without('reproduce', 'smoke', '--out', join(path, 'run'));
      expect([refused.status, refused.stderr]).toEqual([
        1,
        expect.stringMatching(
          /^karelscope: .*relaxed-simd arithmetic needs a fused multiply-add.*--arithmetic simd.*\n$/,
        ),
      ]);
      expect(readdirSync(path)).toEqual([]);
      expect(without('generate').stdout).toMatch(/it does/);
    }));

  test('a loss that is not finite stops the run with step and batch, and keeps the last good weights and metrics', () =>
    inTemporaryDirectory(async (path) => {
      const out = join(path, 'run');
      const stopped = await karelscope(
        ...'train smoke --learning-rate 1e30 --clip-norm 0 --steps 20 --checkpoints 20 --out'.split(' '),
        out,
      );
      expect(stopped.code).toBe(1);
      expect(stopped.stderr).toMatch(
        /^karelscope: training: the loss of step 2 is NaN, in the batch that begins with sample 32 /,
      );
      expect(existsSync(join(out, 'checkpoints/step-0000000/model.safetensors'))).toBe(true);
      expect(checkpointsOf(out)).toEqual(['step-0000001']);
      expect(stepsOf(out)).toEqual([1]);
    }));
});

const COMMANDS = [
  ...['', 'reproduce', 'train', 'data', 'data show', 'trace', 'probe', 'analyse', 'report', 'estimate', 'bench'],
  ...['generate', 'karel', 'karel run', 'presets', 'import', 'handmade', 'verify', 'baselines'],
  ...['audit', 'audit replay', 'audit compare'],
];

test.concurrent.each(COMMANDS)('karelscope %s --help ends with code 0 and begins with its usage', async (command) => {
  const help = await karelscope(...command.split(' ').filter(Boolean), '--help');
  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(new RegExp(`^Usage: ${`karelscope ${command}`.trim()} `));
});

test('karel run --trace shows each state under the semantics asked for', async () => {
  const world = '####|#>.#|#..#|####';
  const shown = await karelscope('karel', 'run', 'turnLeft move', '--world', world, '--semantics', 'flip', '--trace');
  expect(shown.stdout).toMatch(/1\. turnRight.*facing down/);
  expect(shown.stdout).toMatch(/2\. move.*row 2/);
});

test('a program and a world may come from files with a byte-order mark and CRLF, or from standard input', () =>
  inTemporaryDirectory(async (path) => {
    writeFileSync(join(path, 'world'), '\uFEFF####\r\n#>.#\r\n####\r\n');
    writeFileSync(join(path, 'program.py'), '\uFEFFdef run():\r\n    move()\r\n');
    const run = (program: string, input: string) =>
      spawnSync(process.execPath, [MAIN, 'karel', 'run', program, '--world', join(path, 'world')], {
        input,
        encoding: 'utf8',
      });
    for (const done of [run(join(path, 'program.py'), ''), run('-', 'DEF run m( move m)')]) {
      expect([done.stdout.trim(), done.stderr]).toEqual(['####\n#.>#\n####', '']);
    }
    const printed = await karelscope('karel', 'run', join(path, 'program.py'), '--to', 'tokens');
    expect(printed.stdout).toBe('DEF run m( move m)\n');
  }));
