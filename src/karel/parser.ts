/** @file Karel's grammar, by recursive descent. Chapter 1. */

import { actionFromName } from './actions.ts';
import {
  CONDITIONS,
  type Condition,
  conditionFromName,
  type Position,
  type Program,
  STATEMENT_WORDS,
  type Statement,
} from './ast.ts';
import { KarelSyntaxError, type Lexeme, lex } from './lexer.ts';

/** How deep blocks may nest, so that no text can exhaust the stack of the parser or of the interpreter. */
export const MAX_NESTING = 200;

/**
 * The program that `text` spells:
 *
 *     program   = "def" "run" "(" ")" block | statements
 *     block     = "{" statements "}"
 *     statement = action [ "(" ")" ]
 *               | "repeat" "(" number ")" block
 *               | "while"  "(" condition ")" block
 *               | "if"     "(" condition ")" block
 *               | "ifelse" "(" condition ")" block "else" block
 *     condition = [ "not" ] name [ "(" ")" ]
 *
 * One ";" may follow any statement. Names of actions and conditions may be spelt `turnLeft` or `turn_left`.
 * @throws KarelSyntaxError with line, column, what was found and what was expected.
 */
export function parseProgram(text: string): Program {
  return new Parser(lex(text)).program();
}

class Parser {
  private readonly lexemes: readonly Lexeme[];
  private at = 0;
  private depth = 0;

  constructor(lexemes: readonly Lexeme[]) {
    this.lexemes = lexemes;
  }

  program(): Program {
    let body: Statement[];
    if (this.accept('def')) {
      this.expect('run');
      this.expect('(');
      this.expect(')');
      body = this.block();
    } else {
      body = this.statements();
      if (this.next.kind !== 'end') this.fail(`${A_STATEMENT} or the end of the program`);
    }
    if (this.next.kind !== 'end') this.fail('the end of the program');
    return { body };
  }

  /** Statements up to whatever cannot continue them: "}", the end, or an error that the caller reports. */
  private statements(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const statement = this.statement();
      if (!statement) return statements;
      statements.push(statement);
      this.accept(';');
    }
  }

  private block(): Statement[] {
    if (++this.depth > MAX_NESTING) this.fail(`at most ${MAX_NESTING} nested blocks`);
    this.expect('{');
    const body = this.statements();
    if (!this.accept('}')) this.fail(`${A_STATEMENT} or '}'`);
    this.depth--;
    return body;
  }

  private statement(): Statement | null {
    const { kind, text, position } = this.next;
    if (kind !== 'word') return null;
    const action = actionFromName(text);
    if (action) {
      this.at++;
      this.optionalCall();
      return { kind: 'action', action, position };
    }
    switch (text) {
      case 'repeat':
        this.at++;
        return { kind: 'repeat', times: this.inParentheses(() => this.count()), body: this.block(), position };
      case 'while':
      case 'if':
        this.at++;
        return { kind: text, condition: this.inParentheses(() => this.condition()), body: this.block(), position };
      case 'ifelse':
        this.at++;
        return this.ifElse(position);
      default:
        return null;
    }
  }

  private ifElse(position: Position): Statement {
    const condition = this.inParentheses(() => this.condition());
    const body = this.block();
    this.expect('else');
    return { kind: 'ifelse', condition, body, otherwise: this.block(), position };
  }

  private condition(): Condition {
    const { position } = this.next;
    const negated = this.accept('not');
    const name = conditionFromName(this.next.text);
    if (!name) this.fail(`${negated ? '' : "'not' or "}a condition (${CONDITIONS.join(', ')})`);
    this.at++;
    this.optionalCall();
    return { name, negated, position };
  }

  private count(): number {
    const times = Number(this.next.text);
    if (this.next.kind !== 'number' || !Number.isSafeInteger(times)) {
      this.fail(`a number from 0 to ${Number.MAX_SAFE_INTEGER}`);
    }
    this.at++;
    return times;
  }

  private inParentheses<T>(inner: () => T): T {
    this.expect('(');
    const value = inner();
    this.expect(')');
    return value;
  }

  private optionalCall(): void {
    if (this.accept('(')) this.expect(')');
  }

  private get next(): Lexeme {
    return this.lexemes[this.at]!;
  }

  private accept(text: string): boolean {
    const found = this.next.text === text;
    if (found) this.at++;
    return found;
  }

  private expect(text: string): void {
    if (!this.accept(text)) this.fail(`'${text}'`);
  }

  private fail(expected: string): never {
    const { kind, text, position } = this.next;
    throw new KarelSyntaxError(position, kind === 'end' ? 'the end of the program' : `'${text}'`, expected);
  }
}

const A_STATEMENT = `a statement (${STATEMENT_WORDS.join(', ')})`;
