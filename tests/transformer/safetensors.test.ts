import { describe, expect, test } from 'vitest';
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  SEAL_PLACEHOLDER,
  seal,
} from '../../src/transformer/index.ts';
import { safetensorsFile as file, headerText, withHeader } from './files.ts';

const tensors = new Map([
  ['b', { shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 1e-45) }],
  ['a', { shape: [], data: Float64Array.of(Math.PI) }],
  ['empty', { shape: [0, 3], data: new Float32Array(0) }],
]);

describe('our safetensors', () => {
  test('decode of encode is the identity, bit for bit, at any alignment, and is sealed', () => {
    const bytes = encodeSafetensors(tensors, { note: 'x"sha256":"' });
    for (let offset = 0; offset < 9; offset++) {
      const shifted = new Uint8Array(bytes.length + 9).subarray(offset, offset + bytes.length);
      shifted.set(bytes);
      const decoded = decodeSafetensors(shifted, 'a');
      for (const [name, tensor] of tensors) expect(decoded.tensors.get(name)).toEqual(tensor);
      expect(decoded.metadata).toEqual({ format: 'pt', note: 'x"sha256":"' });
      expect(decoded.sealed).toBe(true);
    }
  });

  test('the order of the tensors does not change the bytes', () => {
    expect(encodeSafetensors(new Map([...tensors].reverse()))).toEqual(encodeSafetensors(tensors));
  });

  test('the header is padded so that the numbers start at a multiple of 8 bytes', () => {
    for (const note of ['', 'a', 'ab', 'abc', 'é']) {
      const bytes = encodeSafetensors(tensors, { note });
      expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
      expect(() => decodeSafetensors(bytes, 'a')).not.toThrow();
    }
  });

  test('any altered bit is refused, or at least breaks the seal visibly', () => {
    const bytes = encodeSafetensors(tensors);
    let unsealed = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(decodeSafetensors(changed, 'a').sealed, `bit ${bit}`).toBe(false);
        unsealed++;
      } catch (error) {
        expect(error, `bit ${bit}`).toBeInstanceOf(CheckpointError);
      }
    }
    expect(unsealed).toBeLessThan(8 * 'sha256'.length); // those that make it another word
  });
});

describe('safetensors of others', () => {
  const decode = (bytes: Uint8Array) => decodeSafetensors(bytes, 'w.safetensors');
  const w = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  const one = new Uint8Array(Float32Array.of(1).buffer);

  test('have no seal, and say so', () => {
    const { tensors, metadata, sealed } = decode(file({ w }, one));
    expect(sealed).toBe(false);
    expect(metadata).toEqual({});
    expect([...tensors]).toEqual([['w', { shape: [1], data: Float32Array.of(1) }]]);
  });

  test.each([
    ['no __metadata__', { w }],
    ['null', { __metadata__: null, w }],
    ['empty', { __metadata__: {}, w }],
    ['format pt', { __metadata__: { format: 'pt' }, w }],
    ['last', { w, __metadata__: { format: 'pt' } }],
  ])('open with any __metadata__: %s', (_, header) => {
    expect(decode(file(header, one)).tensors.get('w')!.data).toEqual(Float32Array.of(1));
  });

  test('open with a header padded by any number of spaces, or none', () => {
    for (let spaces = 0; spaces < 9; spaces++) {
      const header = JSON.stringify({ w }) + ' '.repeat(spaces);
      expect(decode(file(header, one)).tensors.get('w')!.data).toEqual(Float32Array.of(1));
    }
  });

  test('open without a tensor, with tensors of no size, and with scalars', () => {
    expect(decode(file({})).tensors.size).toBe(0);
    const empty = { dtype: 'F16', shape: [3, 0, 2], data_offsets: [4, 4] };
    const scalar = { dtype: 'F32', shape: [], data_offsets: [0, 4] };
    const { tensors } = decode(file({ empty, scalar, first: { ...empty, data_offsets: [0, 0] } }, one));
    expect(tensors.get('empty')).toEqual({ shape: [3, 0, 2], data: new Float32Array(0) });
    expect(tensors.get('first')).toEqual({ shape: [3, 0, 2], data: new Float32Array(0) });
    expect(tensors.get('scalar')).toEqual({ shape: [], data: Float32Array.of(1) });
  });

  test('F32 and F64 are kept, F16 and BF16 become Float32', () => {
    const header = {
      single: { dtype: 'F32', shape: [1], data_offsets: [12, 16] },
      double: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
      half: { dtype: 'F16', shape: [1], data_offsets: [8, 10] },
      brain: { dtype: 'BF16', shape: [1], data_offsets: [10, 12] },
    };
    const data = Uint8Array.of(...new Uint8Array(Float64Array.of(1 / 3).buffer), 0x00, 0xc1, 0x20, 0xc0, ...one);
    const { tensors } = decode(file(header, data));
    expect(tensors.get('single')!.data).toEqual(Float32Array.of(1));
    expect(tensors.get('double')!.data).toEqual(Float64Array.of(1 / 3));
    expect(tensors.get('half')!.data).toEqual(Float32Array.of(-2.5));
    expect(tensors.get('brain')!.data).toEqual(Float32Array.of(-2.5));
  });

  test("what is read from Node's Buffer, at any offset, is a copy: nobody else's bytes can change it", () => {
    const bytes = encodeSafetensors(tensors);
    for (let offset = 0; offset < 9; offset++) {
      const buffer = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(8)]).subarray(offset, -8);
      const decoded = decode(buffer);
      buffer.fill(255);
      for (const [name, tensor] of tensors) {
        expect(decoded.tensors.get(name)).toEqual(tensor);
        expect(decoded.tensors.get(name)!.data.buffer.byteLength).toBe(tensor.data.byteLength);
      }
    }
  });

  test('what skip leaves out may have any type, and is named', () => {
    const mask = { dtype: 'BOOL', shape: [2, 2], data_offsets: [4, 8] };
    const bytes = file({ w, mask }, 8);
    expect(() => decode(bytes)).toThrow('w.safetensors: mask has the type BOOL, only F32, F64, F16, BF16 are read');
    const { tensors, skipped } = decodeSafetensors(bytes, 'a', (name) => name === 'mask');
    expect([...tensors.keys()]).toEqual(['w']);
    expect([...skipped]).toEqual(['mask']);
  });

  const seals = { __metadata__: { sha256: SEAL_PLACEHOLDER }, w };
  test('a checksum that is not the file’s is refused, wherever it stands', () => {
    expect(decode(seal(file(seals, 4))).sealed).toBe(true);
    const sealed = seal(file({ w, __metadata__: { sha256: SEAL_PLACEHOLDER } }, 4));
    expect(decode(sealed).sealed).toBe(true);
    sealed[sealed.length - 1]! ^= 1;
    expect(() => decode(sealed)).toThrow('w.safetensors: altered: its checksum is');
    expect(() => decode(file(seals, 4))).toThrow('w.safetensors: altered: its checksum is');
    expect(() => decode(file({ __metadata__: { sha256: '' }, w }, 4))).toThrow(CheckpointError);
  });

  const text = (header: string): string => JSON.stringify({ w }).replace(JSON.stringify(w), header);
  const entry = '"dtype":"F32","shape":[1],"data_offsets":[0,4]';
  test.each<[string, object | string, number, string]>([
    ['a type of no file', { w: { ...w, dtype: 'F31' } }, 4, 'w has the type "F31"'],
    ['no type', { w: { ...w, dtype: undefined } }, 4, 'w has the type undefined'],
    ['a type of integers', { w: { ...w, dtype: 'I32' } }, 4, 'w has the type I32, only F32, F64, F16, BF16 are read'],
    ['a negative size', { w: { ...w, shape: [-1] } }, 4, 'w has the shape [-1]'],
    ['a negative nothing', text(`{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}`), 0, 'w has the shape [0]'],
    ['a broken size', { w: { ...w, shape: [0.5, 2] } }, 4, 'w has the shape [0.5,2]'],
    ['a size that is text', { w: { ...w, shape: ['1'] } }, 4, 'w has the shape ["1"]'],
    ['no shape', { w: { ...w, shape: 1 } }, 4, 'w has the shape 1'],
    ['sizes that overflow', { w: { ...w, shape: Array(30).fill(2 ** 52) } }, 4, 'w has 4 bytes, expected Infinity'],
    ['overflow times zero', { w: { ...w, shape: [...Array(30).fill(2 ** 52), 0] } }, 4, 'w has 4 bytes, expected NaN'],
    ['more than an exabyte', { w: { ...w, shape: [2 ** 50] } }, 4, 'w has 4 bytes, expected 4503599627370496 for F32'],
    ['half a byte', { w: { ...w, dtype: 'F4', data_offsets: [0, 1] } }, 1, 'w has 1 bytes, expected 0.5'],
    ['a shape too small', { w: { ...w, shape: [] } }, 8, 'altered: 4 bytes after w belong to no tensor'],
    ['a shape too large', { w: { ...w, shape: [3] } }, 4, 'w has 4 bytes, expected 12 for F32 of the shape [3]'],
    ['an end before the beginning', { w: { ...w, data_offsets: [4, 0] } }, 4, 'w has the data_offsets [4,0]'],
    ['a negative offset', { w: { ...w, data_offsets: [-4, 0] } }, 4, 'w has the data_offsets [-4,0]'],
    ['one offset', { w: { ...w, data_offsets: [4] } }, 4, 'w has the data_offsets [4]'],
    ['no offsets', { w: { ...w, data_offsets: undefined } }, 4, 'w has the data_offsets undefined'],
    ['an end beyond the file', { w: { ...w, shape: [2], data_offsets: [0, 8] } }, 4, 'truncated: w ends at 8'],
    ['all beyond the file', { w: { ...w, data_offsets: [2 ** 40, 2 ** 40 + 4] } }, 4, 'truncated: w ends at'],
    ['an overlap', { w, v: { ...w, shape: [2], data_offsets: [0, 8] } }, 8, 'v overlaps w: it begins at 0, before 4'],
    ['the same place twice', { v: w, w }, 4, 'w overlaps v'],
    ['nothing within', { w, v: { ...w, shape: [0], data_offsets: [2, 2] } }, 4, 'v overlaps w'],
    ['a gap at first', { w: { ...w, data_offsets: [4, 8] } }, 8, 'has a gap before w: bytes 0 to 4'],
    ['a gap between', { v: w, w: { ...w, data_offsets: [8, 12] } }, 12, 'has a gap before w: bytes 4 to 8'],
    ['bytes behind', { w }, 5, 'altered: 1 bytes after w belong to no tensor'],
    ['bytes of nobody', {}, 1, 'altered: 1 bytes after the header belong to no tensor'],
    ['a tensor twice', `{"w":{${entry}},"w":{${entry}}}`, 4, 'names w twice'],
    ['a tensor twice, written differently', `{"w":{${entry}},"\\u0077" : {${entry}}}`, 4, 'names w twice'],
    ['a shape twice', text(`{"shape":[9],${entry}}`), 4, 'names w.shape twice'],
    ['__metadata__ twice', `{"__metadata__":{},"__metadata__":{},"w":{${entry}}}`, 4, 'names __metadata__ twice'],
    ['a key of __metadata__ twice', `{"__metadata__":{"a":"","a":""}}`, 0, 'names __metadata__.a twice'],
    ['no tensor', { w: 3 }, 4, 'w is not described as a tensor, but is 3'],
    ['null for a tensor', { w: null }, 4, 'w is not described as a tensor, but is null'],
    ['numbers in __metadata__', { __metadata__: { a: 1 } }, 0, 'a in __metadata__ is 1, expected a string'],
    ['a list for __metadata__', { __metadata__: [] }, 0, '__metadata__ is [], expected an object of strings'],
    ['a list', [], 0, 'its header does not begin with {'],
    ['a space at first', ' {}', 0, 'its header does not begin with {'],
    ['a byte order mark', '\ufeff{}', 0, 'its header does not begin with {'],
    ['half an object', '{"w":', 0, 'its header is not JSON'],
    ['two objects', '{}{}', 0, 'its header is not JSON'],
    ['a bad escape', '{"\\x":{}}', 0, 'its header is not JSON'],
    ['brackets without end', `{"w":${'['.repeat(1e6)}`, 0, 'is nested more than 32 deep'],
  ])('refused by name: %s', (_, header, size, message) => {
    const bytes = file(header, size);
    expect(() => decode(bytes)).toThrow(CheckpointError);
    expect(() => decode(bytes)).toThrow(`w.safetensors: ${message.startsWith('its') ? 'truncated or altered: ' : ''}`);
    expect(() => decode(bytes)).toThrow(message);
  });

  test('an absurd length of the header is refused before any memory is asked for', () => {
    for (const length of [0n, 1n, 100n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 64n - 1n]) {
      const bytes = file({ w }, 4);
      new DataView(bytes.buffer).setBigUint64(0, length, true);
      expect(() => decode(bytes), `${length}`).toThrow(CheckpointError);
    }
    for (let length = 0; length < 8; length++) {
      expect(() => decode(new Uint8Array(length))).toThrow(`truncated: ${length} bytes, expected at least 8`);
    }
    const long = new Uint8Array(100_000_100);
    new DataView(long.buffer).setBigUint64(0, 100_000_001n, true);
    expect(() => decode(long)).toThrow('has a header of 100000001 bytes, more than 100000000');
  });

  test('names that JavaScript knows are names like others', () => {
    const names = ['__proto__', 'constructor', 'toString', '', '0'];
    const header = names.map(
      (name, i) => `${JSON.stringify(name)}:${JSON.stringify({ ...w, data_offsets: [4 * i, 4 * i + 4] })}`,
    );
    const { tensors } = decode(file(`{${header.join()}}`, 4 * names.length));
    expect([...tensors.keys()].sort()).toEqual([...names].sort());
  });

  test('cut anywhere, a file is refused', () => {
    const bytes = withHeader(encodeSafetensors(tensors), (text) => text.replace('sha256', 'sha999'));
    expect(decode(bytes).sealed).toBe(false);
    expect(headerText(bytes)).toContain('sha999');
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.slice(0, length)), `${length} bytes`).toThrow(CheckpointError);
    }
  });
});
