/** @file A file that carries its own SHA-256, so that any altered byte is noticed. Appendix B. */
import { CheckpointError } from './errors.ts';
import { sha256 } from './sha256.ts';

/** What stands in a file for its digest while the digest is computed. */
export const SEAL_PLACEHOLDER = '0'.repeat(64);

/** The field comes early: before any tensor of a `.safetensors`, at the start of a `.json`. */
const SEARCHED_BYTES = 65_536;

/** Puts the digest of the whole file in the place of {@link SEAL_PLACEHOLDER}, in its JSON field `sha256`. In place. */
export function seal(bytes: Uint8Array): Uint8Array {
  const at = findSeal(bytes);
  if (at === undefined) throw new Error('seal: no field "sha256" of 64 characters');
  bytes.set(new TextEncoder().encode(sha256(bytes)), at);
  return bytes;
}

/** Throws {@link CheckpointError} naming `file` when the bytes are not those that {@link seal} wrote. */
export function verifySeal(bytes: Uint8Array, file: string): void {
  const at = findSeal(bytes);
  if (at === undefined) throw new CheckpointError(file, 'has no checksum (field "sha256")');
  const written = new TextDecoder().decode(bytes.subarray(at, at + SEAL_PLACEHOLDER.length));
  const zeros = new TextEncoder().encode(SEAL_PLACEHOLDER);
  const found = sha256(bytes.subarray(0, at), zeros, bytes.subarray(at + zeros.length));
  if (found !== written) throw new CheckpointError(file, `altered: its checksum is ${found}, not ${written}`);
}

/** Where the digest starts; undefined when the field, or room for a digest, is not there. */
function findSeal(bytes: Uint8Array): number | undefined {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, SEARCHED_BYTES)); // one character a byte
  const match = /"sha256": ?"/.exec(text);
  if (!match) return undefined;
  const at = match.index + match[0].length;
  return at + SEAL_PLACEHOLDER.length <= bytes.length ? at : undefined;
}
