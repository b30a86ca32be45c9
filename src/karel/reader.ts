/** @file Reading lexemes one after the other: what the parsers of all dialects share. Chapter 1. */
import { type Action, actionFromName } from './actions.ts';
import {
  CONDITIONS,
  type Condition,
  type ConditionName,
  conditionFromName,
  type Program,
  type Statement,
} from './ast.ts';
import { KarelSyntaxError, type Lexeme, lex } from './lexer.ts';

/** How deep blocks and conditions may nest, so that no text can exhaust the stack of a parser or of the interpreter. */
export const MAX_NESTING = 200;

export abstract class Reader {
  private readonly lexemes: readonly Lexeme[];
  private at = 0;
  private depth = 0;

  /** A byte-order mark before the text is none of it. */
  constructor(text: string) {
    this.lexemes = lex(text.replace(/^\uFEFF/, ''));
  }

  abstract program(): Program;

  protected get next(): Lexeme {
    return this.lexemes[this.at]!;
  }

  protected get last(): Lexeme | undefined {
    return this.lexemes[this.at - 1];
  }

  protected take(): Lexeme {
    return this.lexemes[this.at++]!;
  }

  /** Undoes {@link take}. */
  protected back(): void {
    this.at--;
  }

  protected accept(text: string): boolean {
    const found = this.next.text === text && this.next.kind !== 'end';
    if (found) this.at++;
    return found;
  }

  protected expect(text: string): void {
    if (!this.accept(text)) this.fail(`'${text}'`);
  }

  /** An action's name, with `()` after it or without; undefined where none stands. */
  protected action(): Action | undefined {
    const action = actionFromName(withMarkers(this.next.text));
    if (action) {
      this.at++;
      this.optionalCall();
    }
    return action;
  }

  /** `not`, `!`, parentheses, and a name. */
  protected condition(): Condition {
    const { position } = this.next;
    return this.nested(() => {
      if (this.accept('not') || this.accept('!')) {
        const { name, negated } = this.condition();
        return { name, negated: !negated, position };
      }
      if (this.accept('(')) {
        const { name, negated } = this.condition();
        this.expect(')');
        return { name, negated, position };
      }
      return { name: this.conditionName("'not' or "), negated: false, position };
    });
  }

  protected conditionName(orElse = ''): ConditionName {
    const name = conditionFromName(withMarkers(this.next.text));
    if (!name) this.fail(`${orElse}a condition (${CONDITIONS.join(', ')})`);
    this.at++;
    this.optionalCall();
    return name;
  }

  protected count(most = Number.MAX_SAFE_INTEGER): number {
    const times = Number(this.next.text);
    if (this.next.kind !== 'number' || !Number.isSafeInteger(times) || times > most) {
      this.fail(`a number from 0 to ${most}`);
    }
    this.at++;
    return times;
  }

  protected inParentheses<T>(inner: () => T): T {
    this.expect('(');
    const value = inner();
    this.expect(')');
    return value;
  }

  /** What `read` gives for as long as it gives anything. */
  protected many(read: () => Statement | null): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      const statement = read();
      if (!statement) return statements;
      statements.push(statement);
      this.accept(';');
    }
  }

  protected nested<T>(body: () => T): T {
    if (++this.depth > MAX_NESTING) this.fail(`at most ${MAX_NESTING} nested blocks`);
    const value = body();
    this.depth--;
    return value;
  }

  protected fail(expected: string): never {
    const { kind, text, position } = this.next;
    throw new KarelSyntaxError(position, kind === 'end' ? 'the end of the program' : `'${text}'`, expected);
  }

  private optionalCall(): void {
    if (this.accept('(')) this.expect(')');
  }
}

/** `putBeeper` and `beepers_present` are what others call them. */
const withMarkers = (name: string): string =>
  name.replace(/^(put_?|pick_?|no_?)?([bB])eeper/, (_, before = '', b) => `${before}${b === 'B' ? 'M' : 'm'}arker`);
