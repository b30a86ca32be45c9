/** @file Semantics from and to text. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTIONS,
  ADVERSARIAL,
  FLIP,
  ORIGINAL,
  SEMANTICS,
  SemanticsError,
  semanticsFromText,
  semanticsToText,
} from '../../src/karel/index.ts';

const images = (map: (typeof ORIGINAL)['map']) => new Set(ACTIONS.map((action) => map[action])).size;

test('every named semantics but the adversarial is a permutation; that one has three images', () => {
  const counts = Object.fromEntries(Object.entries(SEMANTICS).map(([name, { map }]) => [name, images(map)]));
  expect(counts).toEqual({
    original: 5,
    flip: 5,
    adversarial: 3,
    permutation1: 5,
    permutation2: 5,
    permutation3: 5,
  });
});

test('flip is its own inverse', () => {
  expect(ACTIONS.map((action) => FLIP.map[FLIP.map[action]])).toEqual([...ACTIONS]);
});

test('any map comes back from its text', () => {
  const meaning = fc.constantFrom(...ACTIONS);
  const map = fc.record({
    move: meaning,
    turnLeft: meaning,
    turnRight: meaning,
    pickMarker: meaning,
    putMarker: meaning,
  });
  fc.assert(
    fc.property(map, (map) => {
      const semantics = { name: 'any', map };
      expect(semanticsFromText(semanticsToText(semantics)).map).toEqual(map);
    }),
  );
});

test('a known name, both spellings, and a known map by its changes', () => {
  expect(semanticsFromText('flip')).toBe(FLIP);
  expect(semanticsToText({ name: 'mine', map: ADVERSARIAL.map })).toBe('adversarial');
  expect(semanticsFromText(' turn_left = move ').map).toEqual({ ...ORIGINAL.map, turnLeft: 'move' });
});

test.each([
  ['', "semantics: '' is not 'action=action', nor one of original, flip, adversarial, permutation1"],
  ['flop', "semantics: 'flop' is not 'action=action', nor one of"],
  ['constructor', "semantics: 'constructor' is not 'action=action'"],
  ['move=turnLeft=move', "semantics: 'move=turnLeft=move' is not 'action=action'"],
  ['jump=move', "semantics: 'jump' in 'jump=move' is not an action (move, turnLeft"],
  ['move=jump', "semantics: 'jump' in 'move=jump' is not an action"],
  ['move=move,move=turnLeft', "semantics: 'move' is given twice"],
])('%j is refused: %s', (text, message) => {
  expect(() => semanticsFromText(text)).toThrow(SemanticsError);
  expect(() => semanticsFromText(text)).toThrow(message);
});
