/** @file The one way to files: bytes under names, wherever they lie. Appendix B. */
import { StoreError } from './errors.ts';

/** Names are paths with `/`, such as `checkpoints/step-0000400/model.safetensors`. All calls end before they return. */
export interface Store {
  /** As a person finds it: `runs/tiny`. */
  readonly place: string;
  /** The whole content, the caller's own; undefined where there is none. */
  read(name: string): Uint8Array | undefined;
  /** For reading parts of it; undefined where there is none. */
  open(name: string): StoredFile | undefined;
  /** Puts this content, all of it or none, in the place of what was there, for good. */
  write(name: string, content: Content): void;
  /** Adds to the end, for good. */
  append(name: string, bytes: Uint8Array): void;
  /** Does nothing where there is none. */
  remove(name: string): void;
  /** Names in order, of those that begin with `prefix`. */
  list(prefix?: string): string[];
  /** SHA-256 in hexadecimal and length of the content; undefined where there is none. */
  digest(name: string): Digest | undefined;
}

/** Bytes, or pieces of them one after the other, for what would not fit into memory. */
export type Content = Uint8Array | Iterable<Uint8Array>;

export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

export interface StoredFile {
  readonly size: number;
  /** Fills `target` with the bytes from `position` on. Throws {@link StoreError} where there are not so many. */
  read(target: Uint8Array, position: number): void;
  close(): void;
}

/** The part of a store whose names begin with `folder/`, as a store of its own. */
export function within(store: Store, folder: string): Store {
  const prefix = `${folder}/`;
  return {
    place: `${store.place}/${folder}`,
    read: (name) => store.read(prefix + name),
    open: (name) => store.open(prefix + name),
    write: (name, content) => store.write(prefix + name, content),
    append: (name, bytes) => store.append(prefix + name, bytes),
    remove: (name) => store.remove(prefix + name),
    list: (begin = '') => store.list(prefix + begin).map((name) => name.slice(prefix.length)),
    digest: (name) => store.digest(prefix + name),
  };
}

export const piecesOf = (content: Content): Iterable<Uint8Array> =>
  content instanceof Uint8Array ? [content] : content;

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file's text of this value. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Throws {@link StoreError} where the bytes are no JSON. */
export function parseJson<T>(bytes: Uint8Array, file: string): T {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as T;
  } catch (error) {
    throw new StoreError(file, `truncated or altered (${(error as Error).message})`);
  }
}
