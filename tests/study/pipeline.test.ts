/** The whole study at the size of `smoke`, run as a user runs it: by the built command line. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { readMetrics } from '../../src/study/metrics.ts';
import { type Finished, inTemporaryDirectory, karelscope, start } from '../helpers/command.ts';

const SMOKE = ['reproduce', 'smoke', '--seed', 'test'];
/** With what the progress of each piece of work begins its lines. */
const STAGE_LINES = 'corpus train trace probe permutations layers edits patches'.split(' ');
const resultsOf = (out: string): Results => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
/** All that the seed decides, evidence and analyses included: without times and what the run was made with. */
function bitsOf(results: Results): Partial<Results> {
  const { threads: _, seconds: _1, stageSeconds: _2, trainTokensPerSecond: _3, peakMemoryBytes: _4, ...bits } = results;
  return bits;
}
const checkpointsOf = (out: string): string[] =>
  existsSync(join(out, 'checkpoints'))
    ? readdirSync(join(out, 'checkpoints')).filter((name) => !name.endsWith('.tmp'))
    : [];

describe('reproduce smoke', () => {
  let directory = '';
  let finished: Finished;
  let release = (): void => {};
  let results: Results;

  beforeAll(async () => {
    await new Promise<void>((ready) => {
      void inTemporaryDirectory(async (path) => {
        directory = path;
        finished = await karelscope(...SMOKE, '--threads', '2', '--out', join(path, 'whole'));
        ready();
        await new Promise<void>((end) => (release = end));
      });
    });
    results = resultsOf(join(directory, 'whole'));
  });
  afterAll(() => release());

  test('ends with code 0, a line for each checkpoint, and nothing on standard error', () => {
    expect(finished.stderr).toBe('');
    expect(finished.code).toBe(0);
    expect(finished.stdout.match(/^step +\d+ +[\d.]+% solved/gm)).toHaveLength(6);
    expect(finished.stdout).toMatch(/report: .*index\.html/);
  });

  test('writes results.json with the documented keys, at least 5 checkpoints, and a report', () => {
    expect(results).toMatchObject({ preset: 'smoke', seed: 'test', threads: 2 });
    expect(results.modelSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(results.checkpoints.length).toBeGreaterThanOrEqual(5);
    for (const checkpoint of results.checkpoints) {
      for (const key of [
        'step',
        'generativeAccuracy',
        'distinctPrograms',
        'meanLength',
        'programPerplexity',
        'gridPerplexity',
      ] as const) {
        expect(Number.isFinite(checkpoint[key]), key).toBe(true);
      }
    }
    for (const { programs, ...checkpoint } of results.checkpoints) {
      const { generated, reference, generativeAccuracy } = programs!;
      expect(generativeAccuracy.estimate).toBe(checkpoint.generativeAccuracy);
      expect(generativeAccuracy.interval!.low).toBeLessThanOrEqual(checkpoint.generativeAccuracy);
      expect(generativeAccuracy.interval!.high).toBeGreaterThanOrEqual(checkpoint.generativeAccuracy);
      expect([generated!.length.estimate, generated!.distinct]).toEqual([
        checkpoint.meanLength,
        checkpoint.distinctPrograms,
      ]);
      expect(reference).toEqual(results.checkpoints[0]!.programs!.reference);
    }
    expect(results.probes.length).toBeGreaterThan(0);
    for (const probe of results.probes) {
      for (const key of [
        'step',
        'offset',
        'hiddenLayers',
        'accuracy',
        'majority',
        'information',
        'untrained',
        'n',
      ] as const) {
        expect(Number.isFinite(probe[key]), key).toBe(true);
      }
      expect(probe.tooFew).toBe(probe.n < 500);
    }
    expect(readFileSync(join(directory, 'whole/report/index.html'), 'utf8')).toContain('<svg');
  });

  test('the loss falls, and program perplexity ends below that of the untrained model', () => {
    const [first, last] = [results.checkpoints[0]!, results.checkpoints.at(-1)!];
    expect(last.programPerplexity).toBeLessThan(first.programPerplexity / 2);
    expect(last.trainLoss!).toBeLessThan(results.checkpoints[1]!.trainLoss!);
  });

  test('metrics.jsonl holds every step once', () => {
    const steps = readMetrics(join(directory, 'whole/metrics.jsonl')).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1));
    expect(steps).toHaveLength(results.checkpoints.at(-1)!.step);
  });

  test.each([1, 3])(
    'with %i threads the results have the same bits as with 2: model, checkpoints, probes, evidence, all analyses',
    async (threads) => {
      const out = join(directory, `threads-${threads}`);
      expect((await karelscope(...SMOKE, '--threads', String(threads), '--out', out)).code).toBe(0);
      const other = resultsOf(out);
      expect(other).toMatchObject({ threads, modelSha256: results.modelSha256 });
      for (const part of [other.evidence, other.permutations, other.layers, other.causal]) expect(part).not.toBeNull();
      expect(bitsOf(other)).toEqual(bitsOf(results));
    },
  );

  test('killed after its first checkpoint, and again among its probes, it resumes above step 0 and ends with the same bits', async () => {
    const out = join(directory, 'killed');
    const killedOnce = async (isTime: () => boolean): Promise<string> => {
      const { child, finished } = start([...SMOKE, '--out', out]);
      while (!isTime() && child.exitCode === null) await new Promise((wait) => setTimeout(wait, 20));
      child.kill('SIGKILL');
      const { stdout } = await finished;
      expect(existsSync(join(out, 'results.json'))).toBe(false);
      return stdout;
    };
    await killedOnce(() => checkpointsOf(out).length > 0);
    const second = await killedOnce(() => existsSync(join(out, 'probes/step-0000200.json')));
    expect(Number(/resuming at step (\d+)/.exec(second)?.[1])).toBeGreaterThan(0);
    expect(existsSync(join(out, 'probes/step-0001000.json'))).toBe(false);
    const again = await karelscope(...SMOKE, '--out', out);
    expect(again.code).toBe(0);
    expect(again.stdout).not.toMatch(/^train /m);
    expect(bitsOf(resultsOf(out))).toEqual(bitsOf(results));
    const steps = readMetrics(join(out, 'metrics.jsonl')).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: results.checkpoints.at(-1)!.step }, (_, index) => index + 1));
  });

  test('a finished run is not done again', async () => {
    const again = await karelscope(...SMOKE, '--out', join(directory, 'whole'));
    expect(again.code).toBe(0);
    for (const stage of STAGE_LINES) {
      // It was done once; fewer than a second between two checkpoints leaves no line of training.
      if (stage !== 'train') expect(finished.stdout).toMatch(new RegExp(`^${stage} `, 'm'));
      expect(again.stdout).not.toMatch(new RegExp(`^${stage} `, 'm'));
    }
    expect(resultsOf(join(directory, 'whole'))).toEqual(results);
  });

  test('other settings are refused for the directory, naming the setting, and change nothing', async () => {
    const out = join(directory, 'whole');
    const before = readFileSync(join(out, 'settings.json'), 'utf8');
    const refused = await karelscope(...SMOKE, '--batch-size', '16', '--out', out);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/was made with batchSize 32, not 16/);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(join(out, 'settings.json'), 'utf8')).toBe(before);
  });

  test('data show, generate, trace, probe and report work on the finished run', async () => {
    const out = join(directory, 'whole');
    const shown = await karelscope('data', 'show', out, '--count', '1', '--tokens');
    expect(shown.stdout).toMatch(/test split.*\n\nsample 0\nin /);
    expect(shown.stdout).toMatch(/tokens +BOS IN/);
    const world = '#####|#>..#|#...#|#...#|#####';
    const written = await karelscope('generate', out, '--world-in', world, '--world-out', world.replace('>.', '.>'));
    expect(written.stdout).toMatch(/step 1000 writes: /);
    rmSync(join(out, 'probes'), { recursive: true });
    rmSync(join(out, 'traces'), { recursive: true });
    for (const stage of ['trace', 'probe', 'report']) expect((await karelscope(stage, out)).code).toBe(0);
    expect(resultsOf(out).probes).toEqual(results.probes);
    expect(resultsOf(out).checkpoints).toEqual(results.checkpoints);
  });

  test('an altered checkpoint is refused with the name of the file and the reason', async () => {
    const out = join(directory, 'killed');
    const [last] = checkpointsOf(out).sort().reverse();
    const file = join(out, 'checkpoints', last!, 'model.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(file, bytes);
    rmSync(join(out, 'traces', last!), { recursive: true });
    const refused = await karelscope('trace', out);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^karelscope: .*model\.safetensors.*altered/);
  });
});

describe('wrong input', () => {
  test.each([
    [['reproduce', 'paper'], /parameters.*one WebAssembly memory holds at most 4\.3 GB/],
    [['reproduce', 'tinny'], /unknown preset tinny \(did you mean tiny\?\)/],
    [['reproduce', 'smoke', '--stepz', '3'], /^karelscope: unknown option '--stepz' \(nearest: --steps\)$/m],
    [['reproduce', 'smoke', '--steps', 'many'], /steps/],
    [['reproduce', 'smoke', '--threads', '0'], /threads/],
    [['reproduce', 'smoke', '--n-head', '6'], /n_head: 6 is no multiple of 4/],
    [['report', 'nowhere'], /nowhere holds no run/],
    [['karel', 'run', 'move(', '--world', '###|#>#|###'], /line 1/],
    [['karel', 'run', 'move', '--world', '###|#.#|###'], /robot/],
    [['karel', 'run', 'while(noMarkersPresent){turnLeft}', '--world', '###|#>#|###'], /line 1/],
    [['generate', 'nowhere', '--world-in', 'x', '--world-out', 'y'], /nowhere holds no run/],
    [['reproduce', 'smoke', '--batch', '3'], /^karelscope: unknown option '--batch' \(nearest: --batch-size\)$/m],
    [['reproduce', 'smoke', '--grid-width', '1', '--grid-height', '1'], /found only \d+ of 300 new validation spec/],
    [['reproduce', 'smoke', '--semantics', 'backwards'], /semantics: .*backwards/],
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
      expect(existsSync(join(out, 'initial/model.safetensors'))).toBe(true);
      expect(checkpointsOf(out)).toEqual(['step-0000001']);
      expect(readMetrics(join(out, 'metrics.jsonl')).map(({ step }) => step)).toEqual([1]);
    }));

  test('--help works everywhere', async () => {
    for (const command of [
      [],
      ['reproduce'],
      ['train'],
      ['data'],
      ['data', 'show'],
      ['trace'],
      ['probe'],
      ['analyse'],
      ['report'],
      ['estimate'],
      ['bench'],
      ['generate'],
      ['karel'],
      ['karel', 'run'],
      ['presets'],
    ]) {
      const help = await karelscope(...command, '--help');
      expect({ command, code: help.code }).toEqual({ command, code: 0 });
      expect(help.stdout).toMatch(/^Usage: karelscope/);
    }
  });

  test('karel run --trace shows each state under the semantics asked for', async () => {
    const shown = await karelscope(
      'karel',
      'run',
      'turnLeft move',
      '--world',
      '####|#>.#|#..#|####',
      '--semantics',
      'flip',
      '--trace',
    );
    expect(shown.stdout).toMatch(/1\. turnRight.*facing down/);
    expect(shown.stdout).toMatch(/2\. move.*row 2/);
  });
});
