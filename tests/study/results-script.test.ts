/** What `npm run results` copies: of a study, of a run, and of damaged ones nothing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../helpers/command.ts';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/results.mjs');

function results(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

/** A study of seeds 3 and 4 with two checkpoints each, and half of a third. */
function makeStudy(path: string): void {
  const files: Record<string, string> = {
    'study.json': '{"seeds":["3","4"]}',
    'claims.txt': 'text',
    'claims.md': 'table',
    'baselines.md': 'table',
  };
  for (const seed of ['3', '4']) {
    const run = `seed-${seed}`;
    files[`${run}/settings.json`] = '{}';
    files[`${run}/results.json`] = JSON.stringify({ seed, checkpoints: [] }, null, 2);
    for (const step of ['step-0000002', 'step-0000010', 'step-0000012.tmp']) {
      files[`${run}/checkpoints/${step}/config.json`] = step;
      files[`${run}/checkpoints/${step}/model.safetensors`] = step;
      files[`${run}/probes/${step}.safetensors`] = `probes of ${step}`;
    }
    files[`${run}/analysis/directions.safetensors`] = 'directions';
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
}

const inStudy = (body: (study: string, to: string) => void): Promise<void> =>
  inTemporaryDirectory(async (directory) => {
    makeStudy(join(directory, 'study'));
    body(join(directory, 'study'), join(directory, 'to'));
  });

test('of a study: its tables, the results of every seed, and of one the last checkpoint that a crash did not cut off', () =>
  inStudy((study, to) => {
    expect(results(study, to, '4')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(filesIn(to)).toEqual([
      'baselines.md',
      'checkpoint/config.json',
      'checkpoint/directions.safetensors',
      'checkpoint/model.safetensors',
      'checkpoint/probes.safetensors',
      'claims.md',
      'claims.txt',
      'seed-3.json.gz',
      'seed-4.json.gz',
      'study.json',
    ]);
    expect(gunzipSync(readFileSync(join(to, 'seed-4.json.gz'))).toString()).toBe('{"seed":"4","checkpoints":[]}');
    expect(readFileSync(join(to, 'checkpoint/model.safetensors'), 'utf8')).toBe('step-0000010');
  }));

test('of a run: its results', () =>
  inStudy((study, to) => {
    expect(results(join(study, 'seed-3'), to)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(filesIn(to)).toEqual(['seed-3.json.gz']);
  }));

test.each<[string, (study: string) => void, string[], RegExp]>([
  [
    'a seed without results.json',
    (study) => rmSync(join(study, 'seed-4/results.json')),
    [],
    /seed-4\/results\.json is missing: make it with karelscope report .*seed-4$/,
  ],
  [
    'a damaged results.json',
    (study) => writeFileSync(join(study, 'seed-4/results.json'), '{"seed":'),
    [],
    /seed-4\/results\.json: truncated or altered/,
  ],
  ['a study without claims.md', (study) => rmSync(join(study, 'claims.md')), [], /claims\.md is missing/],
  ['a seed to keep that is none of the study', () => {}, ['5'], /study has no seed 5$/],
  [
    'a seed to keep without a whole checkpoint',
    (study) =>
      ['02', '10'].forEach(
        (step) => void rmSync(join(study, `seed-4/checkpoints/step-00000${step}`), { recursive: true }),
      ),
    ['4'],
    /checkpoints holds no checkpoint$/,
  ],
])('%s is named in one line, and nothing is written', (_, spoil, keep, message) =>
  inStudy((study, to) => {
    spoil(study);
    const { status, stderr } = results(study, to, ...keep);
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(dirname(to))).toEqual(['study']);
  }),
);

test('what is neither a study nor a run is answered with the usage', () =>
  inStudy((study, to) => {
    expect(results(dirname(study), to)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^usage: /) });
  }));
