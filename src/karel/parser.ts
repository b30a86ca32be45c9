/** @file Karel's grammar with braces, by recursive descent. Chapter 1. */
import { type Position, type Program, STATEMENT_WORDS, type Statement } from './ast.ts';
import { Reader } from './reader.ts';

/**
 * The program that `text` spells:
 *
 *     program   = "def" "run" "(" ")" block | statements
 *     block     = "{" statements "}"
 *     statement = action [ "(" ")" ]
 *               | "repeat" "(" number ")" block
 *               | "while"  "(" condition ")" block
 *               | ( "if" | "ifelse" ) "(" condition ")" block [ "else" block ]
 *     condition = ( "not" | "!" ) condition | "(" condition ")" | name [ "(" ")" ]
 *
 * One ";" may follow any statement. Names of actions and conditions may be spelt `turnLeft` or `turn_left`, markers may be called
 * beepers, and there are comments: `//`, `#`, and between slash-star and star-slash. An `ifelse` must have its `else`.
 * @throws KarelSyntaxError with line, column, what was found and what was expected.
 */
export function parseProgram(text: string): Program {
  return new BracesReader(text).program();
}

class BracesReader extends Reader {
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
    return this.many(() => this.statement());
  }

  private block(): Statement[] {
    return this.nested(() => {
      this.expect('{');
      const body = this.statements();
      if (!this.accept('}')) this.fail(`${A_STATEMENT} or '}'`);
      return body;
    });
  }

  private statement(): Statement | null {
    const { kind, text, position } = this.next;
    if (kind !== 'word') return null;
    const action = this.action();
    if (action) return { kind: 'action', action, position };
    switch (text) {
      case 'repeat':
        this.take();
        return { kind: 'repeat', times: this.inParentheses(() => this.count()), body: this.block(), position };
      case 'while':
        this.take();
        return { kind: text, condition: this.inParentheses(() => this.condition()), body: this.block(), position };
      case 'if':
      case 'ifelse':
        this.take();
        return this.branch(text, position);
      default:
        return null;
    }
  }

  private branch(word: 'if' | 'ifelse', position: Position): Statement {
    const condition = this.inParentheses(() => this.condition());
    const body = this.block();
    if (word === 'ifelse') this.expect('else');
    else if (!this.accept('else')) return { kind: 'if', condition, body, position };
    return { kind: 'ifelse', condition, body, otherwise: this.block(), position };
  }
}

const A_STATEMENT = `a statement (${STATEMENT_WORDS.join(', ')})`;
