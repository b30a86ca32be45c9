/** @file Runs in memory, trained by the fast engine, and forgeries of them that no checksum notices. */
import { setFlagsFromString } from 'node:v8';
import { Crc32, decodeHeader, encodeTrailer, recordOffset } from '../../src/karel/index.ts';
import type { MemoryStore } from '../../src/store/index.ts';
import { loadTraining } from '../../src/study/checkpoints.ts';
import { checkpointFile, corpusFile } from '../../src/study/names.ts';
import { Run } from '../../src/study/run.ts';
import { runStages } from '../../src/study/runner.ts';
import type { Settings } from '../../src/study/settings.ts';
import type { StageKind } from '../../src/study/stage.ts';
import { trainerSettings } from '../../src/study/stages/train.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { type CodeGen, encodeCheckpoint, Trainer } from '../../src/transformer/index.ts';
import { contextWith, memoryRun } from '../study/memory-runs.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const SETTINGS: Partial<Settings> = {
  ...{ trainSamples: 60, validationSamples: 20, testSamples: 20, n_embd: 16, rotary_dim: 2 },
  ...{ batchSize: 5, steps: 6, checkpoints: 2, warmupSteps: 0 },
};

/** Corpus and training: checkpoints at 0, 3 and 6. `between` may change the corpus. */
export async function trainedRun(
  changes: Partial<Settings> = {},
  {
    place = 'run',
    arithmetic,
    between = () => {},
  }: {
    place?: string;
    arithmetic?: 'simd' | 'relaxed-simd';
    between?: (run: Run) => void;
  } = {},
): Promise<Run> {
  const run = memoryRun({ ...SETTINGS, ...changes }, '1', place);
  const context = contextWith({ openEngine: () => createEngine({ arithmetic }) });
  const stage = (kind: StageKind) => runStages(run, context, [kind]);
  await stage('corpus');
  between(run);
  await stage('train');
  return run;
}

export const copyAs = (run: Run, place: string): Run => Run.open((run.store as MemoryStore).copy(place));

/** Makes a token of a sample another one; all checksums fit. */
export function changeToken(run: Run, sample: number, token: number, to: (before: number) => number): void {
  const name = corpusFile('train');
  const bytes = run.read(name).slice();
  const { header, length } = decodeHeader(bytes);
  const at = recordOffset(header, length, sample) + token;
  bytes[at] = to(bytes[at]!);
  bytes.set(encodeTrailer(new Crc32().update(bytes.subarray(length, -4)).value), bytes.length - 4);
  run.keep('corpus', [], { [name]: bytes });
}

/** Makes a checkpoint another one; all checksums fit. */
export async function changeCheckpoint(run: Run, step: number, change: (model: CodeGen) => void): Promise<void> {
  const engine = await createEngine();
  const { model, state } = loadTraining(run, step, engine);
  const trainer = new Trainer(engine, model, trainerSettings(run.plan.settings));
  trainer.restore(state);
  change(model);
  const files = Object.entries(encodeCheckpoint(trainer, state.extra));
  const made = Object.fromEntries(files.map(([file, bytes]) => [checkpointFile(step, file), bytes]));
  run.keep(`train/${step}`, [corpusFile('train')], made);
}
