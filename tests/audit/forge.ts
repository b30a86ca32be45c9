/** @file Runs that were tampered with by somebody who knows the manifest: every digest is right. */
import {
  type Artefact,
  encodeManifest,
  type MemoryStore,
  readManifest,
  repair,
  verify,
} from '../../src/store/index.ts';
import { isNoArtefact } from '../../src/study/names.ts';
import { silent } from '../../src/study/progress.ts';
import { Run } from '../../src/study/run.ts';
import { runStages } from '../../src/study/runner.ts';
import { writeReport } from '../../src/study/study.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';

/** The run with these contents, and a manifest that says so: of them, and of what was made from them. */
export function forged(run: Run, contents: Readonly<Record<string, Uint8Array>>): Run {
  return sealed(run, contents, (store, { from }) =>
    Object.fromEntries(Object.keys(from).map((name) => [name, store.digest(name)!.sha256])),
  );
}

/** The same, but what comes of these contents is made anew from them, as an honest run would have. */
export async function remade(
  run: Run,
  contents: Readonly<Record<string, Uint8Array>>,
  page: () => string,
): Promise<Run> {
  const { store } = sealed(run, contents, (_, { from }) => from);
  repair(store, verify(store, isNoArtefact));
  const copy = Run.open(store);
  await runStages(copy, { progress: silent, openEngine: () => createEngine() });
  writeReport(copy, { page });
  return copy;
}

function sealed(
  run: Run,
  contents: Readonly<Record<string, Uint8Array>>,
  fromOf: (store: MemoryStore, artefact: Artefact) => Readonly<Record<string, string>>,
): Run {
  const store = (run.store as MemoryStore).copy('forged');
  for (const [name, bytes] of Object.entries(contents)) store.write(name, bytes);
  const manifest = readManifest(store)!;
  const artefacts = manifest.artefacts.map((artefact) => ({
    ...artefact,
    ...store.digest(artefact.name)!,
    from: fromOf(store, artefact),
  }));
  store.write('manifest.json', encodeManifest({ ...manifest, artefacts }));
  return Run.open(store);
}
