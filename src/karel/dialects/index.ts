/** @file The ways in which people write Karel, as one table. Chapter 1. */
import type { Program } from '../ast.ts';
import { parseProgram } from '../parser.ts';
import { printProgram } from '../printer.ts';
import { parsePython, printPython } from './python.ts';
import { parseTokens, printTokens } from './tokens.ts';

export interface Dialect {
  /** Throws `KarelSyntaxError` with line and column. */
  readonly parse: (text: string) => Program;
  /** Inverse of `parse` but for layout. Throws `KarelSyntaxError`, at the place in the text that was read, for what it cannot say. */
  readonly print: (program: Program) => string;
  /** Whether a text looks like this; of those before none does. */
  readonly begins: RegExp;
}

export const DIALECTS = {
  tokens: { parse: parseTokens, print: printTokens, begins: /\bDEF\s+run\b/ },
  python: { parse: parsePython, print: printPython, begins: /:/ },
  braces: { parse: parseProgram, print: printProgram, begins: /(?:)/ },
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof DIALECTS;
export const DIALECT_NAMES = Object.keys(DIALECTS) as DialectName[];

const COMMENTS = /\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//g;

/** The dialect in which a text seems to be written. */
export function detectDialect(text: string): DialectName {
  const said = text.replace(COMMENTS, ' ');
  return DIALECT_NAMES.find((name) => DIALECTS[name].begins.test(said))!;
}

/** Throws `KarelSyntaxError`. */
export function readProgram(text: string, dialect: DialectName = detectDialect(text)): Program {
  return DIALECTS[dialect].parse(text);
}
