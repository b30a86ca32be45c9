/** @file The command `karelscope bench`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Bench } from '../../bench/suite.ts';
import { requireBenchmarks, SUITE_NAMES } from '../../src/node/bench-command.ts';
import { StudyError } from '../../src/study/index.ts';
import { inTemporaryDirectory, karelscope } from '../helpers/command.ts';

test('--json prints exactly one JSON document, with the machine and what was asked for', async () => {
  const { code, stdout, stderr } = await karelscope('bench', 'corpus', '--only', 'smoke', '--threads', '1', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'measuring: corpus, smoke\n' });
  const results = JSON.parse(stdout) as Record<string, unknown>;
  expect(Object.keys(results)).toEqual(['machine', 'corpus']);
  expect(results['machine']).toMatchObject({ node: process.version, threads: 1 });
  expect(results['corpus']).toEqual([{ preset: 'smoke', threads: 1, samplesPerSecond: expect.any(Number) }]);
});

test('an unknown suite is wrong usage, and the nearest is named', async () => {
  const { code, stdout, stderr } = await karelscope('bench', 'matmull');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^karelscope: .*unknown suite \(nearest: matmul\)\n$/);
});

test('the help lists every suite', async () => {
  const { stdout } = await karelscope('bench', '--help');
  for (const name of SUITE_NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
});

describe('where the benchmarks are not there', () => {
  test('an installed package is told from a clone', () =>
    inTemporaryDirectory(async (path) => {
      const root = pathToFileURL(`${path}/`);
      expect(() => requireBenchmarks(root)).toThrow(StudyError);
      expect(() => requireBenchmarks(root)).toThrow(/has no benchmarks; run it in a clone of karelscope's repository$/);
    }));

  test('a missing package is named, with the command that installs it', () =>
    inTemporaryDirectory(async (path) => {
      mkdirSync(join(path, 'bench'));
      writeFileSync(join(path, 'bench', 'bench.ts'), '');
      const root = pathToFileURL(`${path}/`);
      expect(() => requireBenchmarks(root)).toThrow(/^bench: the package benny is not installed; run `npm ci` in /);
    }));
});

test('--only selects cases by a part of their name; none is an error that lists them', () => {
  const bench = new Bench({ threads: 1, only: 'm', note: () => undefined });
  const cases = [{ name: 'smoke' }, { name: 'tiny' }, { name: 'medium' }];
  expect(bench.select('step', cases).map(({ name }) => name)).toEqual(['smoke', 'medium']);
  expect(() => bench.select('step', [{ name: 'tiny' }])).toThrow(
    new StudyError('bench: no case of step has m in its name: tiny'),
  );
});
