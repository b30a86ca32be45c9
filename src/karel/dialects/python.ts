/** @file Karel as Python writes it: blocks by indentation. Chapter 1. */
import type { Condition, Position, Program, Statement } from '../ast.ts';
import { Reader } from '../reader.ts';

const WORDS = ['an action', 'while', 'if', 'for', 'repeat', 'pass'];
const A_STATEMENT = `a statement (${WORDS.join(', ')})`;

/**
 *     program   = "def" "run" "(" ")" ":" block | statements
 *     block     = statements, each further to the right than what they belong to; or on the same line
 *     statement = action "(" ")" | "pass"
 *               | "for" name "in" "range" "(" number ")" ":" block | "repeat" "(" number ")" ":" block
 *               | "while" condition ":" block
 *               | "if" condition ":" block { "elif" condition ":" block } [ "else" ":" block ]
 *
 * @throws KarelSyntaxError with line, column, what was found and what was expected.
 */
export function parsePython(text: string): Program {
  return new PythonReader(text).program();
}

class PythonReader extends Reader {
  program(): Program {
    const { column } = this.next.position;
    let body: Statement[];
    if (this.accept('def')) {
      this.expect('run');
      this.expect('(');
      this.expect(')');
      body = this.block(column);
    } else body = this.lines(column);
    if (this.next.kind !== 'end') this.fail('the end of the program');
    return { body };
  }

  /** Statements that begin in this column, each on a line of its own or after a `;`. */
  private lines(column: number): Statement[] {
    const statements: Statement[] = [];
    while (this.next.kind !== 'end' && this.next.position.column >= column) {
      if (this.next.position.column > column) this.fail(`a line that begins in column ${column}`);
      statements.push(...this.line());
    }
    return statements;
  }

  /** The statements of one line, with the block that the last of them may have. */
  private line(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const statement = this.statement();
      if (statement) statements.push(statement);
      if (this.beginsLine()) return statements;
      this.expect(';');
      if (this.beginsLine()) return statements;
    }
  }

  /** Whether what comes next stands on another line than what came last, or nothing comes. */
  private beginsLine(): boolean {
    return this.next.kind === 'end' || this.next.position.line > this.last!.position.line;
  }

  /** After a `:`; of a statement that begins in `column`. */
  private block(column: number): Statement[] {
    return this.nested(() => {
      this.expect(':');
      if (this.next.kind === 'end') this.fail(A_STATEMENT);
      if (!this.beginsLine()) return this.line();
      const inner = this.next.position.column;
      if (inner <= column) this.fail(`a block that is indented further than column ${column}`);
      return this.lines(inner);
    });
  }

  /** Null for `pass`. */
  private statement(): Statement | null {
    const { text, position } = this.next;
    const action = this.action();
    if (action) return { kind: 'action', action, position };
    this.take();
    switch (text) {
      case 'pass':
        return null;
      case 'repeat':
        return this.repeat(position);
      case 'for':
        this.take();
        this.expect('in');
        this.expect('range');
        return this.repeat(position);
      case 'while':
        return { kind: 'while', condition: this.condition(), body: this.block(position.column), position };
      case 'if':
        return this.branch(position);
      default:
        this.back();
        return this.fail(A_STATEMENT);
    }
  }

  private repeat(position: Position): Statement {
    const times = this.inParentheses(() => this.count());
    return { kind: 'repeat', times, body: this.block(position.column), position };
  }

  private branch(position: Position): Statement {
    const condition: Condition = this.condition();
    const body = this.block(position.column);
    const here = this.next.position;
    if (here.column === position.column && this.accept('elif')) {
      return { kind: 'ifelse', condition, body, otherwise: [this.nested(() => this.branch(here))], position };
    }
    if (here.column === position.column && this.accept('else')) {
      return { kind: 'ifelse', condition, body, otherwise: this.block(position.column), position };
    }
    return { kind: 'if', condition, body, position };
  }
}

/** Within `def run():`, four spaces a block. */
export function printPython({ body }: Program): string {
  return `def run():\n${printBlock(body, '    ')}`;
}

function printBlock(statements: readonly Statement[], indent: string): string {
  if (statements.length === 0) return `${indent}pass`;
  return statements.map((statement) => printStatement(statement, indent)).join('\n');
}

function printStatement(statement: Statement, indent: string): string {
  if (statement.kind === 'action') return `${indent}${statement.action}()`;
  const block = (head: string, body: readonly Statement[]) => `${indent}${head}:\n${printBlock(body, `${indent}    `)}`;
  if (statement.kind === 'repeat') return block(`for _ in range(${statement.times})`, statement.body);
  const { name, negated } = statement.condition;
  const head = `${statement.kind === 'while' ? 'while' : 'if'} ${negated ? 'not ' : ''}${name}()`;
  const own = block(head, statement.body);
  return statement.kind === 'ifelse' ? `${own}\n${block('else', statement.otherwise)}` : own;
}
