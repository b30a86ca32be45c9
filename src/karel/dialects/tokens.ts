/** @file Karel as the token sequences of the program-synthesis data sets: `DEF run m( move m)`. Chapter 1. */
import { type Position, type Program, STATEMENT_WORDS, type Statement } from '../ast.ts';
import { KarelSyntaxError } from '../lexer.ts';
import { Reader } from '../reader.ts';

/** `R=0` to `R=19` are tokens; others are not. Source: Devlin et al. 2017, Bunel et al. 2018, whose data sets are in this form. */
const MOST_TIMES = 19;

/**
 *     program   = "DEF" "run" "m(" statements "m)"
 *     statement = action
 *               | "REPEAT" "R=" number "r(" statements "r)"
 *               | "WHILE" "c(" condition "c)" "w(" statements "w)"
 *               | "IF" "c(" condition "c)" "i(" statements "i)"
 *               | "IFELSE" "c(" condition "c)" "i(" statements "i)" "ELSE" "e(" statements "e)"
 *     condition = name | "not" "c(" condition "c)"
 *
 * @throws KarelSyntaxError with line, column, what was found and what was expected.
 */
export function parseTokens(text: string): Program {
  return new TokensReader(text).program();
}

class TokensReader extends Reader {
  program(): Program {
    this.expect('DEF');
    this.expect('run');
    const body = this.block('m');
    if (this.next.kind !== 'end') this.fail('the end of the program');
    return { body };
  }

  private block(letter: string): Statement[] {
    return this.enclosed(letter, () => this.many(() => this.statement()), `${A_STATEMENT} or '${letter})'`);
  }

  private enclosed<T>(letter: string, inner: () => T, expected = `'${letter})'`): T {
    return this.nested(() => {
      if (!this.accept(letter)) this.fail(`'${letter}('`);
      this.expect('(');
      const value = inner();
      if (!this.accept(letter)) this.fail(expected);
      this.expect(')');
      return value;
    });
  }

  private statement(): Statement | null {
    const { text, position } = this.next;
    const action = this.action();
    if (action) return { kind: 'action', action, position };
    const condition = () => this.enclosed('c', () => this.tokenCondition());
    switch (text) {
      case 'REPEAT':
        this.take();
        this.expect('R');
        this.expect('=');
        return { kind: 'repeat', times: this.count(MOST_TIMES), body: this.block('r'), position };
      case 'WHILE':
        this.take();
        return { kind: 'while', condition: condition(), body: this.block('w'), position };
      case 'IF':
        this.take();
        return { kind: 'if', condition: condition(), body: this.block('i'), position };
      case 'IFELSE': {
        this.take();
        const [tested, body] = [condition(), this.block('i')];
        this.expect('ELSE');
        return { kind: 'ifelse', condition: tested, body, otherwise: this.block('e'), position };
      }
      default:
        return null;
    }
  }

  private tokenCondition(): ReturnType<Reader['condition']> {
    const { position } = this.next;
    if (!this.accept('not')) return { name: this.conditionName("'not' or "), negated: false, position };
    const { name, negated } = this.enclosed('c', () => this.tokenCondition());
    return { name, negated: !negated, position };
  }
}

const A_STATEMENT = `a statement (${STATEMENT_WORDS.join(', ')})`;

/** All on one line. Throws `KarelSyntaxError`, at the statement's place, for a repetition that has no token. */
export function printTokens({ body }: Program): string {
  return `DEF run m( ${join(body)}m)`;
}

const join = (statements: readonly Statement[]): string => statements.map((one) => `${printStatement(one)} `).join('');

function printStatement(statement: Statement): string {
  if (statement.kind === 'action') return statement.action;
  const block = (letter: string, body: readonly Statement[]) => `${letter}( ${join(body)}${letter})`;
  if (statement.kind === 'repeat') {
    const { times, body, position } = statement;
    if (times > MOST_TIMES) refuse(position, times);
    return `REPEAT R=${times} ${block('r', body)}`;
  }
  const { name, negated } = statement.condition;
  const condition = `c( ${negated ? `not c( ${name} c)` : name} c)`;
  switch (statement.kind) {
    case 'while':
      return `WHILE ${condition} ${block('w', statement.body)}`;
    case 'if':
      return `IF ${condition} ${block('i', statement.body)}`;
    case 'ifelse':
      return `IFELSE ${condition} ${block('i', statement.body)} ELSE ${block('e', statement.otherwise)}`;
  }
}

function refuse(position: Position, times: number): never {
  throw new KarelSyntaxError(
    position,
    `a repetition of ${times} times`,
    `at most ${MOST_TIMES}, the last that has a token`,
  );
}
