/** @file The 26 tokens of the study's samples, and the words that branches and loops add. Chapter 2. */

import { ACTIONS, type Action, FACINGS, type Facing } from './actions.ts';
import { CONDITIONS } from './ast.ts';

/** The number of each token. Markers, robots and actions are runs of neighbours, so that arithmetic finds them. */
export const TOKEN = {
  PAD: 0,
  BOS: 1,
  IN: 2,
  OUT: 3,
  CODE: 4,
  END: 5,
  WALL: 6,
  EMPTY: 7,
  MARKERS_1: 8,
  MARKERS_2: 9,
  MARKERS_3: 10,
  MARKERS_4: 11,
  MARKERS_5: 12,
  MARKERS_6: 13,
  MARKERS_7: 14,
  MARKERS_8: 15,
  MARKERS_9: 16,
  ROBOT_UP: 17,
  ROBOT_RIGHT: 18,
  ROBOT_DOWN: 19,
  ROBOT_LEFT: 20,
  MOVE: 21,
  TURN_LEFT: 22,
  TURN_RIGHT: 23,
  PICK_MARKER: 24,
  PUT_MARKER: 25,
} as const;

export type TokenName = keyof typeof TOKEN;

export interface VocabularyEntry {
  readonly id: number;
  readonly name: TokenName;
  /** What a token stands for; `layout` tokens only separate. */
  readonly kind: 'layout' | 'cell' | 'action';
  /** How a person reads it: a cell's glyph, an action's name, or the token's own name. */
  readonly text: string;
}

/** Every token, `VOCABULARY[id].id === id`. */
export const VOCABULARY: readonly VocabularyEntry[] = Object.entries(TOKEN).map(([key, id]) => {
  const name = key as TokenName;
  if (id >= TOKEN.MOVE) return { id, name, kind: 'action', text: ACTIONS[id - TOKEN.MOVE]! };
  if (id >= TOKEN.WALL) return { id, name, kind: 'cell', text: '#.123456789^>v<'[id - TOKEN.WALL]! };
  return { id, name, kind: 'layout', text: name };
});

export const VOCABULARY_SIZE = VOCABULARY.length;

const ACTION_TOKENS = Object.fromEntries(ACTIONS.map((action, index) => [action, TOKEN.MOVE + index])) as Readonly<
  Record<Action, number>
>;

export function tokenOfAction(action: Action): number {
  return ACTION_TOKENS[action];
}

/** The action that a token stands for, or undefined. */
export function actionOfToken(token: number): Action | undefined {
  return ACTIONS[token - TOKEN.MOVE];
}

/** Which programs a corpus has: straight lines of actions, or programs with branches and loops among them. */
export const PROGRAM_KINDS = ['straight', 'control'] as const;

export type ProgramKind = (typeof PROGRAM_KINDS)[number];

/** The rounds of a `repeat` that have a token. */
export const REPEAT_COUNTS = ['2', '3', '4'] as const;

/** What control programs are written with besides actions; parentheses tell nothing and have no token. */
export const CONTROL_WORDS = [
  'repeat',
  'while',
  'if',
  'ifelse',
  'else',
  'not',
  ...CONDITIONS,
  '{',
  '}',
  ...REPEAT_COUNTS,
] as const;

/** One token of a program. */
export type ProgramWord = Action | (typeof CONTROL_WORDS)[number];

/** Every word in the order of its token: actions have those of `TOKEN`, the others follow. */
export const PROGRAM_WORDS: readonly ProgramWord[] = [...ACTIONS, ...CONTROL_WORDS];

const WORD_TOKENS: ReadonlyMap<ProgramWord, number> = new Map(
  PROGRAM_WORDS.map((word, index) => [word, TOKEN.MOVE + index]),
);

export function tokenOfWord(word: ProgramWord): number {
  return WORD_TOKENS.get(word)!;
}

/** The word that a token stands for, or undefined. */
export function wordOfToken(token: number): ProgramWord | undefined {
  return PROGRAM_WORDS[token - TOKEN.MOVE];
}

/** Tokens of a model that reads and writes programs of this kind. */
export function vocabularySize(programs: ProgramKind): number {
  return VOCABULARY_SIZE + (programs === 'control' ? CONTROL_WORDS.length : 0);
}

export function tokenOfRobot(facing: Facing): number {
  return TOKEN.ROBOT_UP + facing;
}

/** The facing of the robot that a token stands for, or undefined. */
export function facingOfToken(token: number): Facing | undefined {
  const facing = token - TOKEN.ROBOT_UP;
  return facing in FACINGS ? (facing as Facing) : undefined;
}

/** A token in an error message: `7 (EMPTY)`. */
export function describeToken(token: number | undefined): string {
  if (token === undefined) return 'the end of the tokens';
  return `${token} (${VOCABULARY[token]?.name ?? wordOfToken(token) ?? 'not a token'})`;
}

/** Tokens for a person: glyphs of neighbouring cells joined, everything else apart; `BOS IN .>#. OUT ..>. CODE move END`. */
export function tokensToText(tokens: ArrayLike<number>): string {
  let text = '';
  let previous: VocabularyEntry['kind'] | null = null;
  for (const token of Array.from(tokens)) {
    const entry = VOCABULARY[token];
    const kind = entry?.kind ?? 'layout';
    const apart = previous !== null && !(kind === 'cell' && previous === 'cell');
    text += (apart ? ' ' : '') + (entry?.text ?? wordOfToken(token) ?? `<${token}>`);
    previous = kind;
  }
  return text;
}
