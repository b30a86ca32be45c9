/** @file Runs in memory: the same stages, without a disk. */

import { MemoryStore } from '../../src/store/index.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { silent } from '../../src/study/progress.ts';
import { Run, type RunPlan } from '../../src/study/run.ts';
import { type Context, runStages } from '../../src/study/runner.ts';
import { checkSettings, type Settings, withOverrides } from '../../src/study/settings.ts';
import type { StageKind } from '../../src/study/stage.ts';
import { stagesOf } from '../../src/study/stages.ts';
import { createEngine, type Engine } from '../../src/tensor/index.ts';

export const engine: Engine = await createEngine({ arithmetic: 'simd' });

/** The settings of smoke with some replaced. */
export const settingsWith = (changes: Partial<Settings>): Settings =>
  checkSettings(withOverrides(presetNamed('smoke').settings, changes));

export function memoryRun(changes: Partial<Settings> = {}, seed = '1', place = 'memory'): Run {
  return Run.create(new MemoryStore(place), { preset: 'smoke', seed, settings: settingsWith(changes) });
}

/** A run that has its corpus and nothing else. */
export async function runWithCorpus(changes: Partial<Settings> = {}, seed = '1'): Promise<Run> {
  const run = memoryRun(changes, seed);
  await linesOf(run, 'corpus');
  return run;
}

/** Does stages of these kinds, all by default, and gives the lines that were said. */
export async function linesOf(run: Run, ...kinds: StageKind[]): Promise<string[]> {
  const lines: string[] = [];
  await runStages(run, contextWith({ lines }), ...(kinds.length > 0 ? [kinds] : []));
  return lines;
}

export function contextWith({ lines = [], ...more }: Partial<Context> & { lines?: string[] } = {}): Context {
  const progress = { ...silent, line: (text: string) => void lines.push(text) };
  const page = () => '<!-- data -->';
  return { progress, openEngine: async () => createEngine({ arithmetic: 'simd' }), page, ...more };
}

/** Does one stage, whether it is done or not. */
export async function doStage(run: Run, name: string): Promise<void> {
  const stage = stagesOf(run.plan, { arithmetic: () => engine.arithmetic }).find((one) => one.name === name)!;
  const workplace = {
    engine: async () => engine,
    progress: silent,
    scratch: new MemoryStore(),
    kept: () => {},
    stopping: () => false,
  };
  run.keep(name, stage.needs.filter(run.has), await stage.make(run, workplace));
}

/** The same artefacts under another seed or other settings, as if they had been made with them. */
export function copyOf(
  run: Run,
  { seed = run.plan.seed, ...changes }: Partial<Settings> & { seed?: string } = {},
): Run {
  const plan: RunPlan = { ...run.plan, seed, settings: { ...run.plan.settings, ...changes } };
  const copy = Run.create(new MemoryStore(run.store.place), plan);
  copy.computesWith(run.arithmetic ?? engine.arithmetic);
  for (const { name, stage } of run.artefacts) {
    if (name !== 'settings.json') copy.keep(stage, [], { [name]: run.read(name) });
  }
  return copy;
}

/** The same run in a store of its own. */
export function cloneOf(run: Run, place = 'clone'): Run {
  return Run.open((run.store as MemoryStore).copy(place));
}
