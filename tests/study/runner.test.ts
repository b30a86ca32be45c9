/** @file The runner: a run whose training has not ended, one that is stopped or damaged, and the same bits in the end. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Results } from '../../src/results/results.ts';
import { encodeText, jsonText, MemoryStore, repair, verify, within } from '../../src/store/index.ts';
import { StudyError } from '../../src/study/errors.ts';
import {
  analysisFile,
  evaluationFile,
  isNoArtefact,
  metricsFile,
  probesFile,
  probeWeightsFile,
  programsFile,
} from '../../src/study/names.ts';
import { checkpointSteps, Run, readJson } from '../../src/study/run.ts';
import { firstUndone, inputsOf, runStages, stateOf } from '../../src/study/runner.ts';
import { reportStudy } from '../../src/study/seeds.ts';
import type { Settings } from '../../src/study/settings.ts';
import { Stopped } from '../../src/study/stage.ts';
import type { ProbeFile } from '../../src/study/stages/probe.ts';
import { stagesOf } from '../../src/study/stages.ts';
import { runSome } from '../../src/study/study.ts';
import { ArithmeticError, createReferenceEngine } from '../../src/tensor/index.ts';
import { cloneOf, contextWith, linesOf, memoryRun } from './memory-runs.ts';

const SETTINGS: Partial<Settings> = {
  ...{ trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5 },
  ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, steps: 6, checkpoints: 3, batchSize: 4 },
  ...{ probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16, probePatience: 1, semantics: 'original' },
};

let whole: Run; // steps 0, 2, 4, 6
let manifest: string;

const manifestOf = (run: Run): string => new TextDecoder().decode(run.store.read('manifest.json'));

/** Removes files, and what came of them, as after a crash or a repair. */
function without(run: Run, ...prefixes: string[]): Run {
  for (const prefix of prefixes) for (const name of run.store.list(prefix)) run.store.remove(name);
  repair(run.store, verify(run.store, isNoArtefact));
  return Run.open(run.store);
}

/** As if training had been stopped after step 4. */
const unfinished = (...more: string[]): Run =>
  without(cloneOf(whole), 'checkpoints/step-0000006', 'metrics/step-0000006', ...more);

beforeAll(async () => {
  whole = memoryRun(SETTINGS);
  await linesOf(whole);
  manifest = manifestOf(whole);
});

describe('the list of stages', () => {
  test('each needs only what those before it make, and no two make the same', () => {
    const made = new Set<string>();
    for (const { name, needs, makes } of stagesOf(whole.plan, { arithmetic: () => '' })) {
      for (const need of needs) expect(made.has(need), `${name} needs ${need}`).toBe(true);
      for (const one of makes) expect(made.has(one), `${name} makes ${one}`).toBe(false);
      for (const one of makes) made.add(one);
    }
    expect([...made, 'settings.json'].sort()).toEqual(whole.artefacts.map(({ name }) => name).sort());
  });

  test('all are done when all have run, and then nothing is done again', async () => {
    expect(firstUndone(whole)).toBeUndefined();
    const begun: string[] = [];
    const openEngine = () => Promise.reject(new Error('it computes'));
    await runStages(whole, contextWith({ openEngine, onStage: (stage) => void begun.push(stage) }));
    expect(begun).toEqual([]);
  });

  test.each(['simd', 'relaxed-simd'] as const)(
    'the engine is asked for with the arithmetic of the run, %s',
    async (arithmetic) => {
      const run = memoryRun({ ...SETTINGS, arithmetic });
      const asked: string[] = [];
      const openEngine = async (of: string) => {
        asked.push(of);
        return createReferenceEngine('float32');
      };
      await runStages(run, contextWith({ openEngine }), ['corpus', 'train']);
      expect(asked).toEqual([arithmetic]);
    },
  );

  test('where the arithmetic of the run is not to be had, nothing is written, and the message names the one that is', async () => {
    const run = memoryRun(SETTINGS);
    const openEngine = () => Promise.reject(new ArithmeticError());
    const refused = runStages(run, contextWith({ openEngine }));
    await expect(refused).rejects.toThrow(StudyError);
    await expect(refused).rejects.toThrow(
      /^memory: relaxed-simd .*: begin a run with --arithmetic simd, which every machine can$/,
    );
    expect(run.store.list()).toEqual([]);
  });

  test('results.json has the settings as settings.json has them', () => {
    const [{ settings }, written] = [
      readJson<Results>(whole, 'results.json'),
      readJson<Results>(whole, 'settings.json'),
    ];
    expect(JSON.stringify(settings)).toBe(JSON.stringify(written.settings));
  });

  test('a stage can read what it declares and nothing else', () => {
    const inputs = inputsOf(whole, { name: 'made up', needs: [programsFile(2), 'not/there'] });
    expect(inputs.read(programsFile(2))).toEqual(whole.read(programsFile(2)));
    expect([inputs.has(programsFile(2)), inputs.has(programsFile(4)), inputs.has('not/there')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(() => inputs.read(programsFile(4))).toThrow(/stage made up reads traces\/step-0000004.* does not declare/);
  });

  test('what was made from something else is stale: another corpus would train another model', () => {
    const run = cloneOf(whole);
    run.keep('corpus', [], { 'corpus/train.karel': encodeText('other') });
    const stages = stagesOf(run.plan, { arithmetic: () => '' });
    const undone = stages.filter((stage) => !stateOf(run, stage).done).map(({ name }) => name);
    expect(undone).toContain('train/2');
    expect(undone).toContain('probe/6');
    expect(undone).not.toContain('train/0');
  });
});

describe('training stopped after step 4 of 6', () => {
  test('the rest makes the manifest that a run without a pause has, byte for byte', async () => {
    const run = unfinished();
    expect(firstUndone(run)).toBe('train/6');
    expect(await linesOf(run)).toContain('resuming at step 4');
    expect(manifestOf(run)).toBe(manifest);
  });

  test('analyse is refused with what is missing and how to go on, and writes nothing', async () => {
    const run = unfinished();
    const before = run.store.list();
    await expect(linesOf(run, 'analysis')).rejects.toThrow(
      /analysis\/permutations, analysis\/layers, analysis\/causal: traces\/step-0000006.* has not been made yet; go on with karelscope reproduce smoke --seed 1 .*--steps 6 .*--out clone$/,
    );
    expect(run.store.list()).toEqual(before);
  });

  test('probe does the checkpoints that have traces, as those before the last, and names the others', async () => {
    const run = unfinished('traces/step-0000002', 'probes');
    const [said] = await linesOf(run, 'probe');
    expect(said).toMatch(/^left out: probe\/2, probe\/6: traces\/step-0000002/);
    expect(run.store.list('probes/')).toEqual([0, 4].flatMap((step) => [probesFile(step), probeWeightsFile(step)]));
    const last = readJson<ProbeFile>(run, probesFile(4));
    expect(last.evidence).toBeUndefined();
    const asked = [...last.outcomes, ...last.skipped];
    expect(new Set(asked.map(({ offset, hiddenLayers }) => `${offset}/${hiddenLayers}`))).toEqual(
      new Set(['-1/0', '-1/1', '0/0', '0/1']),
    );
  });

  test('report is of the last checkpoint with traces, and made anew when there are more', async () => {
    const run = unfinished('traces/step-0000004');
    await runSome(run, contextWith(), ['results']);
    const results = readJson<Results>(run, 'results.json');
    expect(results.checkpoints.map(({ step }) => step)).toEqual([0, 2]);
    expect(results.modelSha256).toBe(run.sha256('checkpoints/step-0000002/model.safetensors'));
    expect(results.epochs).toBeCloseTo((2 * 4) / 40, 9);
    expect(results).toMatchObject({ permutations: null, layers: null, causal: null });
    expect((await linesOf(run, 'trace')).at(0)).toMatch(/^step 4 .*solved/);
    const lines: string[] = [];
    await runSome(run, contextWith({ lines }), ['results']);
    expect(lines.at(-1)).toBe('page: clone/report/index.html');
    const after = readJson<Results>(run, 'results.json');
    const ended = readJson<Results>(whole, 'results.json');
    expect(after.checkpoints.map(({ generativeAccuracy }) => generativeAccuracy)).toEqual(
      ended.checkpoints.slice(0, 3).map(({ generativeAccuracy }) => generativeAccuracy),
    );
    expect(new TextDecoder().decode(run.store.read('report/index.html'))).toContain(run.manifestSha256());
  });

  test('without any traces there is no report', async () => {
    const run = without(cloneOf(whole), 'traces');
    await expect(linesOf(run, 'results')).rejects.toThrow(/there are no traces yet/);
  });
});

describe('training that is stopped between two checkpoints', () => {
  /** Keeps itself at every step, and is stopped once it has done so at `last`. */
  async function stopped(run: Run, last: number): Promise<void> {
    const step = () => Number(/step-(\d+)/.exec(run.store.list('unfinished/')[0] ?? '')?.[1] ?? 0);
    const context = contextWith({ keepSeconds: 0, stopping: () => step() >= last - 1 });
    await expect(runStages(run, context, ['corpus', 'train', 'trace'])).rejects.toThrow(Stopped);
    expect(step()).toBe(last);
  }

  test('goes on from the step at which it was kept, and ends with the same manifest', async () => {
    const run = memoryRun(SETTINGS);
    await stopped(run, 1);
    expect(run.store.list('unfinished/')).toHaveLength(4);
    expect(manifestOf(run)).not.toContain('unfinished');
    expect(await linesOf(run)).toContain('resuming at step 1');
    expect(run.store.list('unfinished/')).toEqual([]);
    expect(manifestOf(run)).toBe(manifest);
    expect(run.read(metricsFile(2))).toEqual(whole.read(metricsFile(2)));
  });

  test('a kept step that is damaged is done again: the same manifest', async () => {
    const run = memoryRun(SETTINGS);
    await stopped(run, 1);
    for (const name of run.store.list('unfinished/')) run.store.write(name, run.store.read(name)!.subarray(0, 100));
    expect(await linesOf(run)).not.toContain('resuming at step 1');
    expect(manifestOf(run)).toBe(manifest);
  });
});

describe('damage', () => {
  test('of any artefact is named before anything is computed; repaired, the run ends with the same manifest', async () => {
    for (const name of [metricsFile(6), analysisFile('layers'), 'results.json']) {
      const run = cloneOf(whole);
      run.store.write(name, run.store.read(name)!.subarray(1));
      await expect(linesOf(Run.open(run.store))).rejects.toThrow(`clone/${name}: damaged: `);
      const repaired = without(run);
      expect(repaired.has(name)).toBe(false);
      await linesOf(repaired);
      expect(manifestOf(repaired)).toBe(manifest);
    }
  });

  test('files that a crash has left before the manifest knew them are written anew', async () => {
    const run = unfinished();
    for (const name of ['checkpoints/step-0000006/config.json', evaluationFile(6)])
      run.store.write(name, encodeText('half'));
    await linesOf(run);
    expect(manifestOf(run)).toBe(manifest);
    expect(verify(run.store, isNoArtefact)).toEqual([]);
  });
});

describe('a study of several seeds', () => {
  function studyOf(...runs: [string, Run, Partial<Settings>?][]): MemoryStore {
    const study = new MemoryStore('study');
    for (const [seed, run, changes = {}] of runs) {
      const plan = { ...run.plan, seed, settings: { ...run.plan.settings, ...changes } };
      const store = within(study, `seed-${seed}`);
      const copy = Run.create(store, plan);
      copy.computesWith(whole.arithmetic!);
      for (const stage of stagesOf(run.plan, { arithmetic: () => '' })) {
        if (!stage.makes.every(run.has)) continue;
        const made = stage.makes.map((name) => [name, run.read(name)] as const);
        const results = { ...readJson<Results>(whole, 'results.json'), seed, settings: plan.settings };
        const contents = made.map(([name, bytes]) => [
          name,
          name === 'results.json' ? encodeText(jsonText(results)) : bytes,
        ]);
        copy.keep(stage.name, stage.needs.filter(copy.has), Object.fromEntries(contents));
      }
    }
    return study;
  }

  test('counts only runs of which all stages are done, and names the first that is not', async () => {
    const study = studyOf(['1', whole], ['2', unfinished()], ['3', without(cloneOf(whole), 'probes/step-0000004')]);
    const lines: string[] = [];
    const { seeds } = reportStudy(study, contextWith({ lines }));
    expect(seeds).toEqual(['1']);
    expect(lines.slice(0, 2)).toEqual([
      'seed 2 is left out: train/6 is not done',
      'seed 3 is left out: probe/4 is not done',
    ]);
    expect(study.list().filter((name) => !name.startsWith('seed-'))).toEqual([
      ...[
        'baselines.md',
        'claims.md',
        'claims.txt',
        ...[0, 2, 4, 6].map((step) => `report/checkpoints/step-000000${step}.js`),
        'report/index.html',
        'study.json',
      ],
    ]);
    expect(() => reportStudy(studyOf(['2', unfinished()]), contextWith())).toThrow(
      /study holds no run of a seed that has ended/,
    );
  });

  test('of runs that do not fit together nothing is written', async () => {
    const study = studyOf(['1', whole], ['2', whole, { probeSeeds: 2 }]);
    const before = study.list();
    expect(() => reportStudy(study, contextWith())).toThrow('seeds 1 and 2 differ in their settings');
    expect(study.list()).toEqual(before);
  });
});

test('checkpoints of a run are in its manifest with all that they were made from', () => {
  for (const step of checkpointSteps(whole.plan).slice(1)) {
    const { from } = whole.artefact(`checkpoints/step-000000${step}/model.safetensors`)!;
    expect(Object.keys(from)).toContain('corpus/train.karel');
    expect(Object.keys(from)).toContain('settings.json');
  }
});
