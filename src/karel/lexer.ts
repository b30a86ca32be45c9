/** @file Program text to words, numbers and symbols. Chapter 1. */

import type { Position } from './ast.ts';

/** A program that breaks the grammar. */
export class KarelSyntaxError extends Error {
  override readonly name = 'KarelSyntaxError';
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly expected: string;

  constructor(position: Position, found: string, expected: string) {
    super(`line ${position.line}, column ${position.column}: found ${found}, expected ${expected}`);
    this.line = position.line;
    this.column = position.column;
    this.found = found;
    this.expected = expected;
  }
}

export interface Lexeme {
  readonly kind: 'word' | 'number' | 'symbol' | 'end';
  /** The text itself; '' at the end. */
  readonly text: string;
  readonly position: Position;
}

// Comments count as space: from // or # to the end of the line, and between slash-star and star-slash.
const PATTERN =
  /(?<space>\s+|\/\/[^\n]*|#[^\n]*|\/\*[^*]*\*+(?:[^*/][^*]*\*+)*\/)|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?!\w))|(?<symbol>[(){};:!=,])/uy;

/**
 * The lexemes of `text` and one of kind `end`. Columns count characters as JavaScript does, a tab as one.
 * @throws KarelSyntaxError at the first character that begins no lexeme.
 */
export function lex(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  while (at < text.length) {
    const position = { line, column: at - lineStart + 1 };
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (!match)
      throw new KarelSyntaxError(position, unreadable(text, at), 'a word, a number or one of ( ) { } ; : ! = ,');
    const { space, word, number } = match.groups!;
    if (space === undefined) {
      const kind = word !== undefined ? 'word' : number !== undefined ? 'number' : 'symbol';
      lexemes.push({ kind, text: match[0], position });
    } else {
      for (let index = at; index < at + space.length; index++) {
        if (text[index] !== '\n') continue;
        line++;
        lineStart = index + 1;
      }
    }
    at = PATTERN.lastIndex;
  }
  lexemes.push({ kind: 'end', text: '', position: { line, column: at - lineStart + 1 } });
  return lexemes;
}

/** What stands where no lexeme begins: `'3x'` as a whole, any other character alone. */
function unreadable(text: string, at: number): string {
  const digits = /\w+/y;
  digits.lastIndex = at;
  return `'${digits.exec(text)?.[0] ?? String.fromCodePoint(text.codePointAt(at)!)}'`;
}
