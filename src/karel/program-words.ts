/** @file Programs as rows of words, a word a token: what a model writes, to syntax trees and back. Chapter 15. */

import { ACTIONS, type Action, actionFromName } from './actions.ts';
import { type Condition, conditionFromName, type Program, type Statement } from './ast.ts';
import { KarelSyntaxError } from './lexer.ts';
import { type ProgramWord, REPEAT_COUNTS } from './vocabulary.ts';

/** Whether a word is an action. */
export function isAction(word: ProgramWord): word is Action {
  return (ACTIONS as readonly ProgramWord[]).includes(word);
}

/** The actions among the words, each once, in the order of the text. */
export function actionsOf(words: readonly ProgramWord[]): Action[] {
  return words.filter(isAction);
}

/** Whether the words are actions only: then they are a straight-line program as they stand. */
export function isStraight(words: readonly ProgramWord[]): words is readonly Action[] {
  return words.every(isAction);
}

/**
 * The program that these words spell. Each position is on line 1, its column the place of the word, from 1.
 *
 *     program   = statement { statement }
 *     block     = "{" program "}"
 *     statement = action | "repeat" count block | ("while" | "if") condition block
 *               | "ifelse" condition block "else" block
 *     condition = [ "not" ] name
 *
 * This is the language of `parseProgram` without parentheses, and without blocks that are empty.
 * @throws KarelSyntaxError naming the place, the word there, and what was expected.
 */
export function programOfWords(words: readonly ProgramWord[]): Program {
  const reader = new WordReader(words);
  const body = reader.statements();
  if (!reader.atEnd) reader.fail('a statement or the end of the program');
  return { body };
}

/** Whether the words spell a program. */
export function isProgram(words: readonly ProgramWord[]): boolean {
  try {
    programOfWords(words);
    return true;
  } catch (error) {
    if (error instanceof KarelSyntaxError) return false;
    throw error;
  }
}

class WordReader {
  private readonly words: readonly ProgramWord[];
  private at = 0;

  constructor(words: readonly ProgramWord[]) {
    this.words = words;
  }

  get atEnd(): boolean {
    return this.at === this.words.length;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    for (let next = this.statement(); next; next = this.statement()) statements.push(next);
    if (statements.length === 0) this.fail('a statement');
    return statements;
  }

  private statement(): Statement | undefined {
    const word = this.words[this.at];
    const position = this.position;
    const action = word && actionFromName(word);
    if (action) {
      this.at++;
      return { kind: 'action', action, position };
    }
    switch (word) {
      case 'repeat':
        this.at++;
        return { kind: word, times: this.count(), body: this.block(), position };
      case 'while':
      case 'if':
        this.at++;
        return { kind: word, condition: this.condition(), body: this.block(), position };
      case 'ifelse': {
        this.at++;
        const condition = this.condition();
        const body = this.block();
        this.expect('else');
        return { kind: word, condition, body, otherwise: this.block(), position };
      }
      default:
        return undefined;
    }
  }

  private block(): Statement[] {
    this.expect('{');
    const body = this.statements();
    this.expect('}');
    return body;
  }

  private count(): number {
    const word = this.words[this.at];
    if (!REPEAT_COUNTS.some((count) => count === word)) this.fail(`one of ${REPEAT_COUNTS.join(', ')}`);
    this.at++;
    return Number(word);
  }

  private condition(): Condition {
    const position = this.position;
    const negated = this.words[this.at] === 'not';
    if (negated) this.at++;
    const name = conditionFromName(this.words[this.at] ?? '');
    if (!name) this.fail('a condition');
    this.at++;
    return { name, negated, position };
  }

  private get position() {
    return { line: 1, column: this.at + 1 };
  }

  private expect(word: ProgramWord): void {
    if (this.words[this.at] !== word) this.fail(`'${word}'`);
    this.at++;
  }

  fail(expected: string): never {
    const word = this.words[this.at];
    throw new KarelSyntaxError(this.position, word === undefined ? 'the end of the program' : `'${word}'`, expected);
  }
}

/** The words of a program; `programOfWords` of them gives it back, if it has no empty block and counts with a token. */
export function wordsOfProgram({ body }: Program): ProgramWord[] {
  return body.flatMap(wordsOfStatement);
}

function wordsOfStatement(statement: Statement): ProgramWord[] {
  const block = (body: readonly Statement[]): ProgramWord[] => ['{', ...wordsOfProgram({ body }), '}'];
  const asked = ({ negated, name }: Condition): ProgramWord[] => (negated ? ['not', name] : [name]);
  switch (statement.kind) {
    case 'action':
      return [statement.action];
    case 'repeat':
      return ['repeat', String(statement.times) as ProgramWord, ...block(statement.body)];
    case 'while':
    case 'if':
      return [statement.kind, ...asked(statement.condition), ...block(statement.body)];
    case 'ifelse':
      return ['ifelse', ...asked(statement.condition), ...block(statement.body), 'else', ...block(statement.otherwise)];
  }
}
