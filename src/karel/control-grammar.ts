/** @file Which word may come next in a program with branches and loops, so that it can still be completed. Chapter 15. */

import { CONDITIONS } from './ast.ts';
import { isAction } from './program-words.ts';
import {
  PROGRAM_WORDS,
  type ProgramWord,
  REPEAT_COUNTS,
  TOKEN,
  tokenOfWord,
  vocabularySize,
  wordOfToken,
} from './vocabulary.ts';

/** What may come: a statement, since the block is still empty; a statement or the block's end; or one thing only. */
type Expected = 'first statement' | 'statement' | 'count' | 'condition' | 'name' | '{' | 'else';

/** T: a block of an `ifelse` behind which the other must come. L: any other block. */
type Block = 'T' | 'L';

/** Where a text stands that may become a program. */
interface Place {
  readonly expected: Expected;
  /** The blocks that are open, outermost first. */
  readonly open: string;
  /** The block that the next `{` opens, where a statement waits for one. */
  readonly coming: Block;
}

const START: Place = { expected: 'first statement', open: '', coming: 'L' };

/** The words, closing braces of open blocks apart, without which nothing that comes now can end. */
const FEWEST: Record<Expected, number> = {
  'first statement': 1,
  statement: 0,
  count: 4, // a count, a brace, an action, a brace
  condition: 4,
  name: 4,
  '{': 3,
  else: 4,
};

/** `else`, a brace, an action, a brace. */
const ELSE_BLOCK = 4;

/** The fewest words that make a program of what has come to this place. */
function wordsToEnd({ expected, open, coming }: Place): number {
  const awaitsBlock = expected !== 'first statement' && expected !== 'statement' && expected !== 'else';
  let words = FEWEST[expected] + (awaitsBlock && coming === 'T' ? ELSE_BLOCK : 0);
  for (const block of open) words += block === 'T' ? 1 + ELSE_BLOCK : 1;
  return words;
}

/** The place behind `word`, or undefined where the grammar has none. */
function after(place: Place, word: ProgramWord): Place | undefined {
  const { expected, open } = place;
  switch (expected) {
    case 'count':
      return REPEAT_COUNTS.some((count) => count === word) ? { ...place, expected: '{' } : undefined;
    case 'condition':
      if (word === 'not') return { ...place, expected: 'name' };
      return CONDITIONS.some((name) => name === word) ? { ...place, expected: '{' } : undefined;
    case 'name':
      return CONDITIONS.some((name) => name === word) ? { ...place, expected: '{' } : undefined;
    case '{':
      return word === '{' ? { expected: 'first statement', open: open + place.coming, coming: 'L' } : undefined;
    case 'else':
      return word === 'else' ? { expected: '{', open, coming: 'L' } : undefined;
    case 'first statement':
    case 'statement':
      return afterStatementWord(place, word);
  }
}

function afterStatementWord({ expected, open }: Place, word: ProgramWord): Place | undefined {
  if (isAction(word)) return { expected: 'statement', open, coming: 'L' };
  switch (word) {
    case 'repeat':
      return { expected: 'count', open, coming: 'L' };
    case 'while':
    case 'if':
      return { expected: 'condition', open, coming: 'L' };
    case 'ifelse':
      return { expected: 'condition', open, coming: 'T' };
    case '}':
      if (expected === 'first statement' || open === '') return undefined;
      return { expected: open.endsWith('T') ? 'else' : 'statement', open: open.slice(0, -1), coming: 'L' };
    default:
      return undefined;
  }
}

const SIZE = vocabularySize('control');
const AFTER_END = new Uint8Array(SIZE);
AFTER_END[TOKEN.PAD] = 1;

/** Masks by place and words left. */
const masks = new Map<string, Uint8Array>();

/**
 * 1 for each token that may follow `soFar`, the tokens generated after CODE, else 0: [vocabularySize('control')]. What it
 * allows always leaves words enough, of `maxLength` in all, to close every block, each with a statement in it; END may
 * come where no block is open, after it only PAD. Any program of at most `maxLength` words can be written.
 * The mask is shared between calls: read it, do not write it.
 * @throws RangeError if `maxLength` is below 1, or if `soFar` is no beginning of such a program.
 */
export function allowedNextWords(soFar: ArrayLike<number>, maxLength: number): Uint8Array {
  if (maxLength < 1) throw new RangeError(`maxLength is ${maxLength}, expected 1 or more`);
  let place = START;
  for (let at = 0; at < soFar.length; at++) {
    if (soFar[at] === TOKEN.END) return AFTER_END;
    const word = wordOfToken(soFar[at]!);
    const next = word && after(place, word);
    if (!next) throw new RangeError(`token ${at}, ${word ?? soFar[at]}, cannot come there in a program`);
    place = next;
  }
  const left = maxLength - soFar.length;
  const key = `${place.expected}/${place.open}/${place.coming}/${left}`;
  const mask = masks.get(key) ?? maskAt(place, left);
  masks.set(key, mask);
  return mask;
}

function maskAt(place: Place, left: number): Uint8Array {
  const mask = new Uint8Array(SIZE);
  for (const word of PROGRAM_WORDS) {
    const next = after(place, word);
    if (next && 1 + wordsToEnd(next) <= left) mask[tokenOfWord(word)] = 1;
  }
  if (wordsToEnd(place) === 0) mask[TOKEN.END] = 1;
  return mask;
}
