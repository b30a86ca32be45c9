/** @file The package as somebody installs it: from a tarball, in an empty folder. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { sharedDirectory } from './helpers/command.ts';

const ROOT = join(import.meta.dirname, '..');
const directory = sharedDirectory();

function inFolder(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: directory, encoding: 'utf8' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  writeFileSync(join(directory, 'package.json'), '{"type":"module","private":true}');
  const installed = inFolder('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`);
  expect(installed).toMatchObject({ status: 0 });
});

test('the program of the README writes a program and says what a probe reads', () => {
  const [, program = ''] = /## As a library.*?```js\n(.*?)```/s.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
  expect(program.trim().split('\n').length).toBeLessThanOrEqual(10);
  writeFileSync(join(directory, 'program.js'), program);
  const { status, stdout, stderr } = inFolder(process.execPath, 'program.js');
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trim().split('\n');
  expect(lines.at(-2)).toMatch(/^END [01]\.\d{3}$/);
  const [, facings = '', share] = /^(.*) \(right for (\d+) % of other actions\)$/.exec(lines.at(-1)!)!;
  expect(facings.split(', ')).toHaveLength(lines.length - 2);
  for (const facing of facings.split(', ')) expect(['up', 'right', 'down', 'left']).toContain(facing);
  expect(Number(share)).toBeGreaterThan(45); // one in four by chance
});

test('every path of the package can be imported, and has types', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const paths = Object.keys(exports).filter((path) => !path.endsWith('.json'));
  expect(paths).toHaveLength(10);
  const names = paths.map((path) => `karelscope${path.slice(1)}`);
  writeFileSync(
    join(directory, 'all.js'),
    names
      .map((name) => `if (Object.keys(await import('${name}')).length === 0) throw new Error('${name}');`)
      .join('\n'),
  );
  expect(inFolder(process.execPath, 'all.js')).toEqual({ status: 0, stdout: '', stderr: '' });
  for (const path of Object.values(exports)) {
    if (typeof path === 'object') {
      const { types } = path as { types: string };
      expect(readFileSync(join(directory, 'node_modules/karelscope', types), 'utf8')).toContain('export');
    }
  }
});

test('the command writes a program with the model that comes with the package', () => {
  const { status, stdout } = inFolder('npx', 'karelscope', 'generate');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^the model of the package \(tiny\), step 3600\n\n#{6} +#{6}\n/);
  expect(stdout).toMatch(/\nwrites: .*\n +\d+\.\d% {2}\w+\n/);
});
