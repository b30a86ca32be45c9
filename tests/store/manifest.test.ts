/** @file The manifest and what it finds: every altered, missing or foreign file. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  decodeManifest,
  encodeManifest,
  encodeText,
  type Manifest,
  MemoryStore,
  repair,
  StoreError,
  verify,
} from '../../src/store/index.ts';

let store: MemoryStore;
const none = (): boolean => false;

/** a <- b <- c, and d from nothing. */
function chain(): Manifest {
  const artefacts = [
    ['d', []],
    ['a', []],
    ['b', ['a']],
    ['c', ['b']],
  ] as const;
  const shas = new Map(artefacts.map(([name]) => [name as string, store.digest(name)!]));
  return {
    karelscope: '1.2.3',
    arithmetic: 'simd',
    artefacts: artefacts.map(([name, from]) => ({
      name,
      ...shas.get(name)!,
      stage: `make/${name}`,
      from: Object.fromEntries(from.map((one) => [one, shas.get(one)!.sha256])),
    })),
  };
}

beforeEach(() => {
  store = new MemoryStore('run');
  for (const name of 'abcd') store.write(name, encodeText(`content of ${name}`));
  store.write('manifest.json', encodeManifest(chain()));
});

describe('encodeManifest', () => {
  test('sorts by name, so that the order of making does not show; decodeManifest is its inverse', () => {
    const manifest = chain();
    const turned = { ...manifest, artefacts: [...manifest.artefacts].reverse() };
    expect(encodeManifest(turned)).toEqual(encodeManifest(manifest));
    const read = decodeManifest(encodeManifest(manifest), 'manifest.json');
    expect(read.artefacts.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    expect(read).toMatchObject({ karelscope: '1.2.3', arithmetic: 'simd' });
  });

  test('each flipped bit and each cut is refused: 3,000 random ones', () => {
    const bytes = encodeManifest(chain());
    const mutation = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7), cut: fc.boolean() });
    fc.assert(
      fc.property(mutation, ({ at, bit, cut }) => {
        const wrong = cut ? bytes.subarray(0, at) : Uint8Array.from(bytes, (b, i) => (i === at ? b ^ (1 << bit) : b));
        expect(() => decodeManifest(wrong, 'manifest.json')).toThrow(StoreError);
      }),
      { numRuns: 3_000, seed: 13 },
    );
  });

  test.each(['null', '1', '[]', '{}', '{"format":"karelscope-manifest","version":1}'])('%s is refused', (text) => {
    expect(() => decodeManifest(encodeText(text), 'manifest.json')).toThrow(/^manifest\.json: /);
  });
});

describe('verify', () => {
  test('finds nothing where nothing is wrong', () => expect(verify(store, none)).toEqual([]));

  test('names a file that is altered, missing or foreign, and what came of another', () => {
    store.write('b', encodeText('content of B'));
    store.remove('d');
    store.write('e', encodeText('new'));
    store.write('notes', encodeText('known'));
    const found = verify(store, (name) => name === 'notes').map(({ name, fault }) => `${fault} ${name}`);
    expect(found).toEqual(['damaged b', 'missing d', 'foreign e']);
  });

  test('an artefact of another chain is orphaned', () => {
    const manifest = chain();
    const artefacts = manifest.artefacts.map((one) =>
      one.name === 'c' ? { ...one, from: { b: 'f'.repeat(64) } } : one,
    );
    store.write('manifest.json', encodeManifest({ ...manifest, artefacts }));
    expect(verify(store, none)).toMatchObject([{ name: 'c', fault: 'orphaned' }]);
  });

  test('a damaged manifest is named, and what can be read of it still vouches for files', () => {
    const text = new TextDecoder().decode(store.read('manifest.json'));
    store.write('manifest.json', encodeText(text.replace('"stage":"make/d"', '"stage":"make/e"')));
    expect(verify(store, none).map(({ name, fault }) => [name, fault])).toEqual([['manifest.json', 'damaged']]);
  });
});

describe('repair', () => {
  const repaired = (): string[] => repair(store, verify(store, none));

  test('removes what is damaged and all that came of it, and nothing else', () => {
    store.write('a', encodeText('another'));
    expect(repaired()).toEqual(['a', 'b', 'c']);
    expect(store.list()).toEqual(['d', 'manifest.json']);
    expect(verify(store, none)).toEqual([]);
  });

  test('removes foreign files, and does nothing where nothing is wrong', () => {
    expect(repaired()).toEqual([]);
    store.write('e', encodeText('new'));
    expect(repaired()).toEqual(['e']);
    expect(store.list()).toEqual(['a', 'b', 'c', 'd', 'manifest.json']);
  });

  test('a manifest with a broken line keeps the other lines; one without a header keeps nothing', () => {
    const text = new TextDecoder().decode(store.read('manifest.json'));
    store.write('manifest.json', encodeText(text.replace('"name":"b"', '"name:"b"')));
    expect(repaired()).toEqual(['b', 'c', 'manifest.json']);
    expect(store.list()).toEqual(['a', 'd', 'manifest.json']);
    expect(verify(store, none)).toEqual([]);
    store.write('manifest.json', encodeText('x'));
    repaired();
    expect(store.list()).toEqual([]);
  });
});
