/** @file Semantics as a value: what each action word is taken to mean. Chapter 1. */

import { ACTIONS, type Action, actionFromName } from './actions.ts';

/**
 * A reading of the five action words: the robot executes `map[word]` where the program says `word`.
 * Any map will do; it need not be a permutation.
 */
export interface Semantics {
  readonly name: string;
  readonly map: Readonly<Record<Action, Action>>;
}

/** The language as it is. */
export const ORIGINAL: Semantics = {
  name: 'original',
  map: {
    move: 'move',
    turnLeft: 'turnLeft',
    turnRight: 'turnRight',
    pickMarker: 'pickMarker',
    putMarker: 'putMarker',
  },
};

/** Left and right exchanged, pick and put exchanged. Source: Jin & Rinard 2024, the intervention. */
export const FLIP: Semantics = {
  name: 'flip',
  map: {
    move: 'move',
    turnLeft: 'turnRight',
    turnRight: 'turnLeft',
    pickMarker: 'putMarker',
    putMarker: 'pickMarker',
  },
};

/** A map that is no permutation: both turns occur twice, and nothing picks or puts. Source: as `FLIP`. */
export const ADVERSARIAL: Semantics = {
  name: 'adversarial',
  map: {
    move: 'turnLeft',
    turnLeft: 'turnRight',
    turnRight: 'move',
    pickMarker: 'turnRight',
    putMarker: 'turnLeft',
  },
};

/** The first of three further permutations that the released code tries. */
export const PERMUTATION_1: Semantics = {
  name: 'permutation1',
  map: {
    move: 'turnLeft',
    turnLeft: 'turnRight',
    turnRight: 'move',
    pickMarker: 'putMarker',
    putMarker: 'pickMarker',
  },
};

/** The second of the three: `move` and `turnLeft` exchanged. */
export const PERMUTATION_2: Semantics = {
  name: 'permutation2',
  map: {
    move: 'turnLeft',
    turnLeft: 'move',
    turnRight: 'turnRight',
    pickMarker: 'putMarker',
    putMarker: 'pickMarker',
  },
};

/** The third of the three. */
export const PERMUTATION_3: Semantics = {
  name: 'permutation3',
  map: {
    move: 'turnRight',
    turnLeft: 'move',
    turnRight: 'turnLeft',
    pickMarker: 'putMarker',
    putMarker: 'pickMarker',
  },
};

/** Every semantics that has a name. */
export const SEMANTICS = {
  original: ORIGINAL,
  flip: FLIP,
  adversarial: ADVERSARIAL,
  permutation1: PERMUTATION_1,
  permutation2: PERMUTATION_2,
  permutation3: PERMUTATION_3,
} as const satisfies Record<string, Semantics>;

export type SemanticsName = keyof typeof SEMANTICS;

/** A semantics that cannot be read from its text. */
export class SemanticsError extends Error {
  override readonly name = 'SemanticsError';
}

/**
 * A semantics from its name (`flip`) or from its changes (`move=turnLeft,turn_left=move`); an action that the text
 * does not mention keeps its meaning. `semanticsFromText(semanticsToText(s))` has the same map as `s`.
 * @throws SemanticsError naming the entry and the unknown, repeated or missing action in it.
 */
export function semanticsFromText(text: string): Semantics {
  if (Object.hasOwn(SEMANTICS, text)) return SEMANTICS[text as SemanticsName];
  const map: Record<Action, Action> = { ...ORIGINAL.map };
  const seen = new Set<Action>();
  for (const entry of text.split(',')) {
    const [word, meaning, ...rest] = entry.split('=').map((part) => part.trim());
    if (!word || !meaning || rest.length > 0) {
      const names = Object.keys(SEMANTICS).join(', ');
      throw new SemanticsError(`semantics: '${entry.trim()}' is not 'action=action', nor one of ${names}`);
    }
    const from = knownAction(word, entry);
    if (seen.has(from)) throw new SemanticsError(`semantics: '${word}' is given twice in '${text}'`);
    seen.add(from);
    map[from] = knownAction(meaning, entry);
  }
  return { name: changesOf(map) || 'original', map };
}

/** `flip` for a semantics of the table, else its changes, such as `move=turnLeft`. */
export function semanticsToText(semantics: Semantics): string {
  const changes = changesOf(semantics.map);
  const known = Object.values(SEMANTICS).find((other) => changesOf(other.map) === changes);
  return known?.name ?? changes;
}

function changesOf(map: Readonly<Record<Action, Action>>): string {
  return ACTIONS.filter((action) => map[action] !== action)
    .map((action) => `${action}=${map[action]}`)
    .join(',');
}

function knownAction(word: string, entry: string): Action {
  const action = actionFromName(word);
  if (action) return action;
  throw new SemanticsError(`semantics: '${word}' in '${entry.trim()}' is not an action (${ACTIONS.join(', ')})`);
}

/**
 * Whether `move` and the turns are permuted among themselves. Under the others a word
 * that means a marker action in the original moves or turns the robot. A model that hardly ever writes that word then
 * leaves next to nothing to know, or to tell apart, and shares of what there is to know say little.
 */
export function keepsMarkers({ map }: Semantics): boolean {
  return isMarkerAction(map.pickMarker) && isMarkerAction(map.putMarker);
}

function isMarkerAction(meaning: Action): boolean {
  return meaning === 'pickMarker' || meaning === 'putMarker';
}
