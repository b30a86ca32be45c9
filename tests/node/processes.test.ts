/** @file A run as a process: signals, a second writer, a pipe that is closed, a full disk. By the built command line. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Finished, karelscope, MAIN, sharedDirectory, start } from '../helpers/command.ts';
import { manifestOf } from '../study/run-files.ts';

const directory = sharedDirectory();
const RUN = (
  'reproduce smoke --seed test --steps 150 --checkpoints 1 --threads 1 --train-samples 2000 --perplexity-samples 20 ' +
  '--trace-train 60 --trace-validation 20 --trace-test 20 --probe-samples 64 --probe-samples-two-hidden 64 ' +
  '--probe-patience 1 --semantics original'
).split(' ');
const until = async (isTime: () => boolean): Promise<void> => {
  while (!isTime()) await new Promise((wait) => setTimeout(wait, 10));
};

describe('a run that is told to stop', () => {
  const whole = join(directory, 'whole');
  let pid: number | undefined;
  let first: Finished;
  let second: Finished; // begun while the first is at work

  beforeAll(async () => {
    const { child, finished } = start([...RUN, '--out', whole]);
    pid = child.pid;
    await until(() => existsSync(join(whole, 'lock')));
    second = await karelscope(...RUN, '--out', whole);
    first = await finished;
  });

  test('a second process is refused before it writes, and the first is not disturbed', () => {
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toMatch(new RegExp(`^karelscope: ${whole}: process ${pid} on \\S+ works on it`));
    expect(first.code).toBe(0);
    expect(readdirSync(whole)).not.toContain('lock');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s: ends within a second and a half with code %i, says what is kept and how to go on, and does',
    async (signal, code) => {
      const out = join(directory, signal);
      const { child, finished } = start([...RUN, '--out', out]);
      await until(() => existsSync(join(out, 'checkpoints/step-0000000')));
      await new Promise((wait) => setTimeout(wait, 500)); // some steps later
      const asked = Date.now();
      child.kill(signal);
      const ended = await finished;
      expect(Date.now() - asked).toBeLessThan(1_500);
      expect(ended.code).toBe(code);
      expect(ended.stderr).toMatch(
        /^karelscope: (training is kept at step \d+ of 150|stopped in \S+; .*); in \S+ is all that was finished: go on with karelscope reproduce smoke --seed test .*\n$/,
      );
      expect(existsSync(join(out, 'lock'))).toBe(false);
      expect((await karelscope(...RUN, '--out', out)).code).toBe(0);
      expect(manifestOf(out)).toBe(manifestOf(whole));
    },
  );

  test('reading commands need no lock', async () => {
    const holding = start([...RUN, '--seed', 'other', '--out', join(directory, 'reading')]);
    await until(() => existsSync(join(directory, 'reading/checkpoints/step-0000000')));
    const shown = await karelscope('data', 'show', join(directory, 'reading'), '--count', '1');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    holding.child.kill('SIGKILL');
    await holding.finished;
  });
});

test('a closed pipe ends a command silently', () => {
  const command = `${process.execPath} ${MAIN} karel run 'repeat(2000){turnLeft}' --world '###|#>#|###' --trace`;
  const piped = spawnSync('bash', ['-c', `${command} | head -2; exit \${PIPESTATUS[0]}`], { encoding: 'utf8' });
  expect([piped.status, piped.stderr]).toEqual([141, '']);
  expect(piped.stdout.split('\n')).toHaveLength(3);
});

test('where nothing can be written, one line names the file', () => {
  const out = spawnSync(process.execPath, [MAIN, 'reproduce', 'smoke', '--out', '/dev/null/run'], { encoding: 'utf8' });
  expect(out.status).toBe(1);
  expect(out.stderr.trim().split('\n')).toHaveLength(1);
  expect(out.stderr).toMatch(/^karelscope: .*\/dev\/null\/run/);
});

test('the version of the program is that of the package', () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const shown = spawnSync(process.execPath, [MAIN, '--version'], { encoding: 'utf8' });
  expect(shown.stdout.trim()).toBe(version);
});
