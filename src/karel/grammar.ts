/** @file Which token may come next in a straight-line program. Chapter 2. */

import { ACTIONS } from './actions.ts';
import { TOKEN, tokenOfAction, VOCABULARY_SIZE } from './vocabulary.ts';

const FIRST = maskOf(ACTIONS.map(tokenOfAction));
const MIDDLE = maskOf([...ACTIONS.map(tokenOfAction), TOKEN.END]);
const LAST = maskOf([TOKEN.END]);
const AFTER_END = maskOf([TOKEN.PAD]);

/**
 * 1 for each token that may follow `soFar`, the tokens generated after CODE, else 0: [VOCABULARY_SIZE]. A program is
 * one to `maxLength` actions and END, so all that matters is how many actions there are and whether END has come;
 * after it there is only PAD. The mask is shared between calls: read it, do not write it.
 */
export function allowedNextTokens(soFar: ArrayLike<number>, maxLength: number): Uint8Array {
  if (maxLength < 1) throw new RangeError(`maxLength is ${maxLength}, expected 1 or more`);
  if (Array.prototype.includes.call(soFar, TOKEN.END)) return AFTER_END;
  if (soFar.length >= maxLength) return LAST;
  return soFar.length === 0 ? FIRST : MIDDLE;
}

function maskOf(tokens: readonly number[]): Uint8Array {
  const mask = new Uint8Array(VOCABULARY_SIZE);
  for (const token of tokens) mask[token] = 1;
  return mask;
}
