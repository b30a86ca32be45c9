import { describe, expect, test } from 'vitest';
import { parseJson, shown } from '../../src/transformer/json.ts';

const parse = (text: string): unknown => parseJson(new TextEncoder().encode(text), 'a.json');

describe('parseJson', () => {
  test.each([
    '{"a":[{"b":1},{"b":2}],"c":{"a":{}}}',
    '{"{\\"a\\":1,":"}","a\\\\":"\\"","a":":"}',
    ' [ "a" , "a" ] ',
    '{"a" \n:\t1,"b":["a","b"]}',
    'null',
    `${'['.repeat(32)}${']'.repeat(32)}`,
  ])('reads what has no name twice in one object: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['{"a":1,"a":1}', 'names a twice'],
    ['{"a":1,"b":{},"\\u0061":2}', 'names a twice'],
    ['{"x":{"y":{"a":1},"z":{"a":1,"a" \r\n : 1}}}', 'names x.z.a twice'],
    ['[{"a":1},{"":1,"":1}]', 'twice'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'is nested more than 32 deep'],
    ['{"a":1', 'truncated or altered: it is not JSON'],
    [']{"a":1}', 'truncated or altered: it is not JSON'],
    ['"', 'truncated or altered: it is not JSON'],
    ['"\\', 'truncated or altered: it is not JSON'],
    ['{"\\u00":1}', 'truncated or altered: it is not JSON'],
    ['', 'truncated or altered: it is not JSON'],
  ])('refuses %s: %s', (text, message) => {
    expect(() => parse(text)).toThrow(`a.json: ${message.startsWith('twice') ? '' : message}`);
    expect(() => parse(text)).toThrow(message);
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 'a.json')).toThrow('a.json: truncated or altered');
  });
});

test('shown cuts what is longer than 100 characters', () => {
  expect(shown([1, 'a'])).toBe('[1,"a"]');
  expect(shown('a'.repeat(1000))).toBe(`"${'a'.repeat(99)}...`);
  expect(shown(undefined)).toBe('undefined');
});
