/** @file Whether a store holds what its manifest says, no more and no less. Appendix B. */
import { StoreError } from './errors.ts';
import { type Artefact, encodeManifest, MANIFEST, type Manifest, readManifest, salvageManifest } from './manifest.ts';
import type { Store } from './store.ts';

/** `foreign`: no manifest knows of it. `orphaned`: something that it was made from is no longer as it was. */
export type Fault = 'damaged' | 'missing' | 'foreign' | 'orphaned';

export interface Finding {
  readonly name: string;
  readonly fault: Fault;
  readonly reason: string;
}

/**
 * Reads every file of the store once. `known` says which names may lie there without being an artefact. A store without a
 * manifest has none but foreign files. Findings come in the order of their names.
 */
export function verify(store: Store, known: (name: string) => boolean): Finding[] {
  const names = store.list();
  const found: Finding[] = [];
  const { manifest, reason } = manifestOf(store);
  const artefacts = manifest?.artefacts ?? [];
  if (!manifest && reason === undefined && names.length > 0) {
    found.push({ name: MANIFEST, fault: 'missing', reason: 'nothing says what the files are' });
  }
  if (reason !== undefined) found.push({ name: MANIFEST, fault: 'damaged', reason });
  const digests = new Map(artefacts.map(({ name, sha256 }) => [name, sha256]));
  for (const artefact of artefacts) {
    const now = store.digest(artefact.name);
    if (!now) found.push({ name: artefact.name, fault: 'missing', reason: 'is in the manifest and not there' });
    else if (now.sha256 !== artefact.sha256) {
      found.push({ name: artefact.name, fault: 'damaged', reason: damage(artefact, now) });
    }
    const lost = Object.entries(artefact.from).find(([name, sha256]) => digests.get(name) !== sha256);
    if (lost) found.push({ name: artefact.name, fault: 'orphaned', reason: `was made from another ${lost[0]}` });
  }
  for (const name of names) {
    if (name === MANIFEST || digests.has(name) || known(name)) continue;
    found.push({ name, fault: 'foreign', reason: 'is not in the manifest' });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Of a damaged one what can still be read, with the reason. */
function manifestOf(store: Store): { manifest?: Manifest | undefined; reason?: string } {
  try {
    return { manifest: readManifest(store) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const reason = error.message.slice(error.file.length + 2);
    return { manifest: salvageManifest(store.read(MANIFEST)!), reason };
  }
}

/** How a content differs from what the manifest says of it. */
export function damage(artefact: Artefact, now: { bytes: number; sha256: string }): string {
  return now.bytes === artefact.bytes
    ? `its SHA-256 is ${now.sha256.slice(0, 12)}..., not ${artefact.sha256.slice(0, 12)}...`
    : `it has ${now.bytes} bytes, not ${artefact.bytes}`;
}

/**
 * Removes what `findings` name, and all that was made from it, from the store and its manifest; gives the names. What is left
 * is whole: what was removed can be made again from it, with the same bits.
 */
export function repair(store: Store, findings: readonly Finding[]): string[] {
  const { manifest } = manifestOf(store);
  const gone = new Set(findings.map(({ name }) => name));
  const kept = manifest ? withoutDescendants(manifest, gone) : [];
  for (const name of gone) store.remove(name);
  if (manifest) store.write(MANIFEST, encodeManifest({ ...manifest, artefacts: kept }));
  return [...gone].sort();
}

/** Adds to `gone` what was made from anything in it; gives the artefacts that stay. */
function withoutDescendants({ artefacts }: Manifest, gone: Set<string>): readonly Artefact[] {
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const { name, from } of artefacts) if (Object.keys(from).some((one) => gone.has(one))) gone.add(name);
  }
  return artefacts.filter(({ name }) => !gone.has(name));
}
