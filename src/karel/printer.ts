/** @file A program back to text, in the styles in which people write it. Chapter 1. */

import { snakeCase } from './actions.ts';
import type { Condition, Program, Statement } from './ast.ts';

export interface PrintStyle {
  /** `camel`: `turnLeft`; `snake`: `turn_left()`. */
  readonly spelling: 'camel' | 'snake';
  /** A `;` between the statements of a block. */
  readonly semicolons: boolean;
  /** The whole program inside `def run() { ... }`. */
  readonly wrapper: boolean;
  /** Everything on one line, or one statement a line, indented by two spaces a block. */
  readonly oneLine: boolean;
}

/** One statement a line, as a person would write it. */
export const READABLE: PrintStyle = { spelling: 'camel', semicolons: true, wrapper: false, oneLine: false };

/** As the released code of Jin & Rinard 2024 prints programs, to the character. */
export const RELEASED: PrintStyle = { spelling: 'snake', semicolons: true, wrapper: true, oneLine: true };

/** The text of `program`; parsing it gives the same program in every style. */
export function printProgram(program: Program, style: Partial<PrintStyle> = {}): string {
  const full = { ...READABLE, ...style };
  if (full.wrapper) return `def run() ${printBlock(program.body, full, '')}`;
  return printStatements(program.body, full, '');
}

function printStatements(statements: readonly Statement[], style: PrintStyle, indent: string): string {
  const separator = (style.semicolons ? ';' : '') + (style.oneLine ? ' ' : `\n${indent}`);
  return statements.map((statement) => printStatement(statement, style, indent)).join(separator);
}

function printStatement(statement: Statement, style: PrintStyle, indent: string): string {
  const block = (body: readonly Statement[]) => printBlock(body, style, indent);
  const head = (argument: string) => (style.spelling === 'snake' ? `( ${argument} )` : `(${argument})`);
  switch (statement.kind) {
    case 'action':
      return printName(statement.action, style);
    case 'repeat':
      return `repeat ${head(String(statement.times))} ${block(statement.body)}`;
    case 'while':
    case 'if':
      return `${statement.kind} ${head(printCondition(statement.condition, style))} ${block(statement.body)}`;
    case 'ifelse': {
      const condition = head(printCondition(statement.condition, style));
      return `ifelse ${condition} ${block(statement.body)} else ${block(statement.otherwise)}`;
    }
  }
}

function printBlock(body: readonly Statement[], style: PrintStyle, indent: string): string {
  if (body.length === 0) return '{ }';
  if (style.oneLine) return `{ ${printStatements(body, style, '')} }`;
  const inner = `${indent}  `;
  return `{\n${inner}${printStatements(body, style, inner)}\n${indent}}`;
}

function printCondition(condition: Condition, style: PrintStyle): string {
  return (condition.negated ? 'not ' : '') + printName(condition.name, style);
}

function printName(name: string, style: PrintStyle): string {
  return style.spelling === 'snake' ? `${snakeCase(name)}()` : name;
}
