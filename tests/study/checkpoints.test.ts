/** @file What a run reads back is what a run wrote: files without our seal are refused. Chapter 8. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadModel } from '../../src/study/checkpoints.ts';
import { StudyError } from '../../src/study/errors.ts';
import { readTraces } from '../../src/study/trace-stage.ts';
import { sharedDirectory } from '../helpers/command.ts';
import { withHeader } from '../transformer/files.ts';
import { engine, madeUpRun } from './analysis/made-up-run.ts';

const path = sharedDirectory();

/** As a library that knows nothing of seals would write the file. */
function unseal(file: string): void {
  writeFileSync(
    file,
    withHeader(new Uint8Array(readFileSync(file)), (text) => {
      const { __metadata__: _, ...tensors } = JSON.parse(text) as Record<string, unknown>;
      return JSON.stringify({ __metadata__: { format: 'pt' }, ...tensors });
    }),
  );
}

test('a model and traces that have no seal are refused by a run, each by its file', async () => {
  const run = await madeUpRun(path);
  const model = (): unknown => loadModel(run, 2, engine);
  const traces = (): unknown => readTraces(run, 2);
  expect(model).not.toThrow();
  expect(traces).not.toThrow();
  unseal(join(run.checkpoint(2), 'model.safetensors'));
  unseal(join(run.traces(2), 'hidden-states.safetensors'));
  for (const [read, file] of [
    [model, 'model.safetensors'],
    [traces, 'hidden-states.safetensors'],
  ] as const) {
    expect(read).toThrow(StudyError);
    expect(read).toThrow(`${file}: has no checksum, so this run did not write it`);
  }
});
