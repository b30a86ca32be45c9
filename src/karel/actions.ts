/** @file The five actions, the four facings, and the two ways to spell a name. Chapter 1. */

/** The robot's whole repertoire, in the order in which the vocabulary numbers it. */
export const ACTIONS = ['move', 'turnLeft', 'turnRight', 'pickMarker', 'putMarker'] as const;

export type Action = (typeof ACTIONS)[number];

/** Quarter turns clockwise from up (north): 0 up, 1 right, 2 down, 3 left. */
export type Facing = 0 | 1 | 2 | 3;

/** The names of the facings; `FACINGS[facing]`. */
export const FACINGS = ['up', 'right', 'down', 'left'] as const;

/** `turnLeft` -> `turn_left`, as the released code of Jin & Rinard 2024 spells it. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** A table from both spellings, `turnLeft` and `turn_left`, to the name; any other spelling is not in it. */
export function bothSpellings<Name extends string>(names: readonly Name[]): ReadonlyMap<string, Name> {
  return new Map(names.flatMap((name) => [[name, name] as const, [snakeCase(name), name] as const]));
}

const ACTION_NAMES = bothSpellings(ACTIONS);

/** The action that `text` names in either spelling, or undefined. */
export function actionFromName(text: string): Action | undefined {
  return ACTION_NAMES.get(text);
}
