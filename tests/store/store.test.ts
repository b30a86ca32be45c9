/** @file Stores: the one in memory and the one on the disk do the same. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DiskStore } from '../../src/node/disk-store.ts';
import { encodeText, MemoryStore, type Store, StoreError, within } from '../../src/store/index.ts';
import { sharedDirectory } from '../helpers/command.ts';

const directory = sharedDirectory();
let count = 0;
const STORES: [string, () => Store][] = [
  ['in memory', () => new MemoryStore()],
  ['on the disk', () => new DiskStore(join(directory, `store-${count++}`))],
  ['in a folder of another', () => within(new DiskStore(join(directory, `store-${count++}`)), 'folder')],
];
const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

describe.each(STORES)('a store %s', (_, create) => {
  test('gives back what was written last, whole or in parts; nothing of what was not', () => {
    const store = create();
    expect([store.read('a/b'), store.open('a/b'), store.digest('a/b'), store.list()]).toEqual([
      undefined,
      undefined,
      undefined,
      [],
    ]);
    store.write('a/b', encodeText('first'));
    store.write('a/b', [encodeText('seco'), encodeText(''), encodeText('nd')]);
    expect(textOf(store.read('a/b'))).toBe('second');
    const file = store.open('a/b')!;
    const part = new Uint8Array(3);
    file.read(part, 2);
    expect([file.size, textOf(part)]).toEqual([6, 'con']);
    expect(() => file.read(part, 4)).toThrow(StoreError);
    file.close();
  });

  test('pieces may share one buffer, as blocks of a corpus do', () => {
    const store = create();
    const buffer = new Uint8Array(1);
    const pieces = (function* () {
      for (const byte of [1, 2, 3]) {
        buffer[0] = byte;
        yield buffer;
      }
    })();
    store.write('x', pieces);
    expect([...store.read('x')!]).toEqual([1, 2, 3]);
  });

  test('what is read is the reader’s own', () => {
    const store = create();
    store.write('x', Uint8Array.of(1, 2));
    store.read('x')!.fill(9);
    expect([...store.read('x')!]).toEqual([1, 2]);
  });

  test('appends, removes, and lists names in order, by prefix', () => {
    const store = create();
    for (const text of ['one\n', 'two\n']) store.append('log', encodeText(text));
    for (const name of ['b/2', 'b/10', 'a']) store.write(name, new Uint8Array());
    expect(textOf(store.read('log'))).toBe('one\ntwo\n');
    expect(store.list()).toEqual(['a', 'b/10', 'b/2', 'log']);
    expect(store.list('b/')).toEqual(['b/10', 'b/2']);
    store.remove('b/2');
    store.remove('b/2');
    expect(store.list()).toEqual(['a', 'b/10', 'log']);
  });

  test('the digest is SHA-256: that of FIPS 180-2 for "abc"', () => {
    const store = create();
    store.write('x', encodeText('abc'));
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(store.digest('x')).toEqual({ bytes: 3, sha256 });
  });

  test('a write that fails half way leaves what was there', () => {
    const store = create();
    store.write('x', encodeText('whole'));
    const broken = (function* () {
      yield encodeText('half');
      throw new Error('stop');
    })();
    expect(() => store.write('x', broken)).toThrow('stop');
    expect(textOf(store.read('x'))).toBe('whole');
    expect(() => store.write('new/y', broken)).not.toThrow(); // an ended generator gives nothing
  });
});

describe('on the disk', () => {
  test('half a file of a crash and a lock are no files of the store; empty folders go', () => {
    const path = join(directory, 'crashed');
    mkdirSync(join(path, 'a'), { recursive: true });
    writeFileSync(join(path, 'a', 'x.tmp'), 'half');
    writeFileSync(join(path, 'lock'), '');
    const store = new DiskStore(path);
    expect(store.list()).toEqual([]);
    store.write('b/c/d', new Uint8Array(1));
    store.remove('b/c/d');
    expect(readdirSync(path).sort()).toEqual(['a', 'lock']);
  });

  test('a folder in the place of a file is none, and writing there is refused by name', () => {
    const path = join(directory, 'folders');
    mkdirSync(join(path, 'x'), { recursive: true });
    const store = new DiskStore(path);
    expect(store.read('x')).toBeUndefined();
    expect(() => store.write('x', new Uint8Array(1))).toThrow(new StoreError(join(path, 'x'), 'is a directory'));
  });
});
