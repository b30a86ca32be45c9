/** @file A store in memory: for tests, and where there is no disk. Appendix B. */
import { sha256 } from '../transformer/sha256.ts';
import { StoreError } from './errors.ts';
import { type Content, type Digest, piecesOf, type Store, type StoredFile } from './store.ts';

export class MemoryStore implements Store {
  readonly place: string;
  readonly #files = new Map<string, Uint8Array>();

  constructor(place = 'memory') {
    this.place = place;
  }

  read(name: string): Uint8Array | undefined {
    const bytes = this.#files.get(name);
    return bytes && new Uint8Array(bytes);
  }

  open(name: string): StoredFile | undefined {
    const bytes = this.#files.get(name);
    if (!bytes) return undefined;
    return {
      size: bytes.length,
      read: (target, position) => {
        if (position + target.length > bytes.length) throw new StoreError(`${this.place}/${name}`, 'truncated');
        target.set(bytes.subarray(position, position + target.length));
      },
      close() {},
    };
  }

  write(name: string, content: Content): void {
    this.#files.set(name, joined(piecesOf(content)));
  }

  append(name: string, bytes: Uint8Array): void {
    this.#files.set(name, joined([this.#files.get(name) ?? new Uint8Array(), bytes]));
  }

  remove(name: string): void {
    this.#files.delete(name);
  }

  list(prefix = ''): string[] {
    return [...this.#files.keys()].filter((name) => name.startsWith(prefix)).sort();
  }

  digest(name: string): Digest | undefined {
    const bytes = this.#files.get(name);
    return bytes && { bytes: bytes.length, sha256: sha256(bytes) };
  }

  /** The same files in a store of their own. */
  copy(place = this.place): MemoryStore {
    const other = new MemoryStore(place);
    for (const [name, bytes] of this.#files) other.#files.set(name, bytes); // never changed in place
    return other;
  }
}

function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = Array.from(pieces, (piece) => new Uint8Array(piece)); // a piece may be overwritten by the next
  const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
