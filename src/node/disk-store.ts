/** @file A store on the disk: a crash never leaves half of a file. Appendix B. */
import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type Content, type Digest, piecesOf, type Store, type StoredFile, StoreError } from '../store/index.ts';

/** A name with this ending is half of a file that a crash has left; it is no file of the store. */
const UNFINISHED = '.tmp';
/** Lies in the folder and belongs to whoever works in it. */
export const LOCK = 'lock';

export class DiskStore implements Store {
  readonly place: string;

  /** The folder is made when something is written. */
  constructor(place: string) {
    this.place = place;
  }

  read(name: string): Uint8Array | undefined {
    const file = this.open(name);
    if (!file) return undefined;
    try {
      const bytes = new Uint8Array(file.size);
      file.read(bytes, 0);
      return bytes;
    } finally {
      file.close();
    }
  }

  open(name: string): StoredFile | undefined {
    return this.#naming(name, () => {
      if (!this.#isFile(name)) return undefined;
      const file = openSync(this.path(name), 'r');
      return {
        size: fstatSync(file).size,
        read: (target: Uint8Array, position: number) =>
          this.#naming(name, () => {
            for (let done = 0; done < target.length; ) {
              const read = readSync(file, target, done, atOnce(target.length - done), position + done);
              if (read === 0) throw new StoreError(this.path(name), 'truncated');
              done += read;
            }
          }),
        close: () => closeSync(file),
      };
    });
  }

  /** To a temporary file beside it, flushed to the disk, then renamed into place. */
  write(name: string, content: Content): void {
    this.#naming(name, () => {
      const path = this.path(name);
      const temporary = path + UNFINISHED;
      mkdirSync(dirname(path), { recursive: true });
      try {
        fill(temporary, 'w', content);
        renameSync(temporary, path);
      } catch (error) {
        this.#clear(name + UNFINISHED);
        throw error;
      }
      flushDirectory(dirname(path));
    });
  }

  append(name: string, bytes: Uint8Array): void {
    this.#naming(name, () => {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      fill(this.path(name), 'a', bytes);
    });
  }

  /** With the folders that hold nothing any more. */
  remove(name: string): void {
    this.#naming(name, () => this.#clear(name));
  }

  #clear(name: string): void {
    rmSync(this.path(name), { force: true });
    for (let folder = dirname(name); folder !== '.'; folder = dirname(folder)) {
      const path = this.path(folder);
      if (!existsSync(path) || readdirSync(path).length > 0) return;
      rmdirSync(path);
    }
  }

  list(prefix = ''): string[] {
    if (!existsSync(this.place)) return [];
    return readdirSync(this.place, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.place, sep).length).split(sep).join('/'))
      .filter((name) => name.startsWith(prefix) && !name.endsWith(UNFINISHED) && name.split('/').at(-1) !== LOCK)
      .sort();
  }

  digest(name: string): Digest | undefined {
    const file = this.open(name);
    if (!file) return undefined;
    const hash: Hash = createHash('sha256');
    const piece = new Uint8Array(Math.min(file.size, 1 << 20));
    try {
      for (let at = 0; at < file.size; at += piece.length) {
        const part = piece.subarray(0, Math.min(piece.length, file.size - at));
        file.read(part, at);
        hash.update(part);
      }
    } finally {
      file.close();
    }
    return { bytes: file.size, sha256: hash.digest('hex') };
  }

  path(name: string): string {
    return join(this.place, name);
  }

  #isFile(name: string): boolean {
    return statSync(this.path(name), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** What the system refuses, in words, with the file's name. */
  #naming<T>(name: string, body: () => T): T {
    try {
      return body();
    } catch (error) {
      const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
      if (reason === undefined) throw error;
      throw new StoreError(this.path(name), reason);
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'no more space is granted on the disk',
  EROFS: 'the disk is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'part of its path is a file, not a directory',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
};

/** Of so many bytes those of one call: Node takes none of 2 GiB or more, and a large model's files are longer. */
const atOnce = (length: number): number => Math.min(length, 2 ** 30);

function fill(path: string, flags: 'w' | 'a', content: Content): void {
  const file = openSync(path, flags);
  try {
    for (const bytes of piecesOf(content)) {
      for (let written = 0; written < bytes.length; )
        written += writeSync(file, bytes, written, atOnce(bytes.length - written));
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename durable. Windows cannot open directories, and there the rename itself has to do. */
function flushDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
