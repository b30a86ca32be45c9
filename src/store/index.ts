/** @file Stores, and what a manifest knows of one. Appendix B. */

export { StoreError } from './errors.ts';
export {
  type Artefact,
  decodeManifest,
  encodeManifest,
  MANIFEST,
  type Manifest,
  readManifest,
} from './manifest.ts';
export { MemoryStore } from './memory.ts';
export {
  type Content,
  type Digest,
  encodeText,
  jsonText,
  parseJson,
  piecesOf,
  type Store,
  type StoredFile,
  within,
} from './store.ts';
export { damage, type Fault, type Finding, repair, verify } from './verify.ts';
