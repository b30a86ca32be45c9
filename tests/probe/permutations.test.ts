import { describe, expect, test } from 'vitest';
import {
  type AbstractState,
  ACTIONS,
  type Action,
  abstractTrace,
  keepsMarkers,
  SEMANTICS,
  type Semantics,
  semanticsFromText,
} from '../../src/karel/index.ts';
import { PERMUTATIONS } from '../../src/probe/index.ts';
import { uniform } from '../helpers/numbers.ts';
import { randomPrograms } from './toys.ts';

/** All maps of five words to five meanings, of which those are kept that use each meaning once: 120 of 3,125. */
const ALL = Array.from({ length: 5 ** 5 }, (_, code) =>
  ACTIONS.map((_, at) => ACTIONS[Math.floor(code / 5 ** at) % 5]!),
)
  .filter((meanings) => new Set(meanings).size === 5)
  .map(
    (meanings): Semantics => ({
      name: meanings.join(),
      map: Object.fromEntries(ACTIONS.map((word, at) => [word, meanings[at]!])) as Record<Action, Action>,
    }),
  );

const programs = randomPrograms(uniform(3), 60, { inputs: 1, longest: 8 });

/** What a semantics makes of the programs, as a key. */
function behaviour({ map }: Semantics, look: (state: AbstractState) => unknown = (state) => state): string {
  return JSON.stringify(
    programs.map(({ inputs, actions }) => abstractTrace(inputs[0]!, actions, { name: '', map }).map(look)),
  );
}

function groups(all: readonly Semantics[], look?: (state: AbstractState) => unknown): Map<string, Semantics[]> {
  const found = new Map<string, Semantics[]>();
  for (const semantics of all) {
    const key = behaviour(semantics, look);
    found.set(key, [...(found.get(key) ?? []), semantics]);
  }
  return found;
}

/** Whether the list has exactly one member of each group of permutations that label all programs alike. */
function oneOfEach(list: readonly Semantics[]): boolean {
  const keys = new Set(list.map((semantics) => behaviour(semantics)));
  return keys.size === list.length && [...groups(ALL).keys()].every((key) => keys.has(key));
}

describe('PERMUTATIONS', () => {
  test('120 permutations leave 60 different sets of traces, each of two; the list has one of each', () => {
    expect(ALL).toHaveLength(120);
    const pairs = [...groups(ALL).values()];
    expect(pairs.map(({ length }) => length)).toEqual(new Array(60).fill(2));
    expect(PERMUTATIONS).toHaveLength(60);
    expect(oneOfEach(PERMUTATIONS)).toBe(true);
  });

  test('the check fails for a list in which one is replaced by the twin of another', () => {
    const first = behaviour(PERMUTATIONS[0]!);
    const twin = groups(ALL)
      .get(first)!
      .find(({ map }) => map.putMarker === 'pickMarker')!;
    expect(oneOfEach([...PERMUTATIONS.slice(0, 59), twin])).toBe(false);
    expect(oneOfEach([twin, ...PERMUTATIONS.slice(1)])).toBe(true);
  });

  test('the original is the first; every permutation that has a name is there under it, adversarial is not', () => {
    expect(PERMUTATIONS[0]).toEqual(SEMANTICS.original);
    const named = PERMUTATIONS.filter(({ name }) => Object.hasOwn(SEMANTICS, name));
    expect(named.map(({ name }) => name).sort()).toEqual(
      Object.keys(SEMANTICS)
        .filter((name) => name !== 'adversarial')
        .sort(),
    );
    for (const semantics of named) expect(semantics).toEqual(SEMANTICS[semantics.name as 'flip']);
  });

  test('every name is read back as the same map, and no two are the same', () => {
    for (const { name, map } of PERMUTATIONS) expect(semanticsFromText(name).map).toEqual(map);
    expect(new Set(PERMUTATIONS.map(({ name }) => name)).size).toBe(60);
  });

  test('of pairs without a name the member in which pickMarker has the earlier word', () => {
    const wordOf = ({ map }: Semantics, meaning: Action): number => ACTIONS.findIndex((word) => map[word] === meaning);
    for (const semantics of PERMUTATIONS.filter(({ name }) => !Object.hasOwn(SEMANTICS, name))) {
      expect(wordOf(semantics, 'pickMarker')).toBeLessThan(wordOf(semantics, 'putMarker'));
    }
  });

  test('6 keep the markers: as many sets of traces as programs of the other three actions tell apart', () => {
    const kept = PERMUTATIONS.filter(keepsMarkers);
    expect(kept).toHaveLength(6);
    const twelve = ALL.filter(({ map }) => /Marker/.test(map.pickMarker) && /Marker/.test(map.putMarker));
    expect(new Set(kept.map((semantics) => behaviour(semantics)))).toEqual(new Set(groups(twelve).keys()));
    expect(groups(kept, ({ facing }) => facing).size).toBe(6);
  });

  test('direction tells 20 apart, position and obstacle all 60', () => {
    expect([...groups(PERMUTATIONS, ({ facing }) => facing).values()].map(({ length }) => length)).toEqual(
      new Array(20).fill(3),
    );
    expect(groups(PERMUTATIONS, ({ x, y }) => [x, y]).size).toBe(60);
    expect(groups(PERMUTATIONS, ({ frontIsWall }) => frontIsWall).size).toBe(60);
  });
});
