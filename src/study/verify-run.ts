/** @file Whether every byte of a run is as it was made. Chapter 8. */
import { type Finding, repair, type Store, verify } from '../store/index.ts';
import { isNoArtefact } from './names.ts';

/**
 * What is wrong in the store of a run, a line each; with `repair`, what is damaged or foreign is removed, with all that came of
 * it, so that the same command makes it again. A store with neither settings nor manifest is one foreign heap, and left alone.
 */
export function verifyRun(
  store: Store,
  { repair: repairing = false } = {},
): { findings: Finding[]; removed: string[] } {
  const findings = verify(store, isNoArtefact);
  return { findings, removed: repairing && findings.length > 0 ? repair(store, findings) : [] };
}
