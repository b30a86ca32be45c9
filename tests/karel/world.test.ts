/** @file Worlds and their text. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cloneWorld,
  createWorld,
  formatWorld,
  frontIsWall,
  parseWorld,
  WorldError,
  worldEquals,
  worldEqualsAsDrawn,
} from '../../src/karel/index.ts';
import { anyWorld, drawnWorld } from './generators.ts';

describe('text', () => {
  test('parseWorld of formatWorld is the identity on drawn worlds', () => {
    fc.assert(fc.property(drawnWorld, (world) => worldEquals(parseWorld(formatWorld(world)), world)));
  });

  test('a world with markers under the robot comes back equal as drawn', () => {
    fc.assert(fc.property(anyWorld, (world) => worldEqualsAsDrawn(parseWorld(formatWorld(world)), world)));
  });

  test('glyphs mean wall, empty, 1 to 9 markers and the four facings', () => {
    const world = parseWorld('#####\n#.#9#\n#1<2#\n#####');
    expect(world).toEqual({
      width: 3,
      height: 2,
      walls: Uint8Array.of(0, 1, 0, 0, 0, 0),
      markers: Uint8Array.of(0, 0, 9, 1, 0, 2),
      x: 1,
      y: 1,
      facing: 3,
    });
    expect([...'^>v<'].map((robot) => parseWorld(`###\n#${robot}#\n###`).facing)).toEqual([0, 1, 2, 3]);
  });

  test('a 1x1 interior is a world, walled all around', () => {
    const world = parseWorld('\n###\r\n#>#  \n###\n');
    expect([world.width, world.height, frontIsWall(world)]).toEqual([1, 1, true]);
  });

  test.each([
    ['####\n#^.#\n#..\n####', 'world line 3 has 3 cells, expected 4'],
    ['########\n#^.....#\n#.....#\n########', 'world line 3 has 7 cells, expected 8'],
    ['##\n##\n##', 'world is 2x3 with its border, expected at least 3x3'],
    ['', 'world is 0x1 with its border, expected at least 3x3'],
    ['####\n#^v#\n####', "world line 2 cell 3 holds a second robot, 'v'"],
    ['####\n#..#\n####', 'world has no robot, expected one of ^ > v <'],
    ['####\n#^..\n####', "world line 2 cell 4 is '.', expected '#': the border is walled"],
    ['####\n#^0#\n####', "world line 2 cell 3 is '0', expected '#', '.', 1 to 9, or one of ^ > v <"],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parseWorld(text)).toThrow(new WorldError(message));
  });
});

describe('equality', () => {
  test('markers under the robot count for worldEquals, and not as drawn', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const other = cloneWorld(world);
        const cell = world.y * world.width + world.x;
        other.markers[cell] = (world.markers[cell]! + 1) % 10;
        return worldEqualsAsDrawn(world, other) && !worldEquals(world, other);
      }),
    );
  });

  test('as drawn is equality of the drawings', () => {
    fc.assert(
      fc.property(anyWorld, anyWorld, (a, b) => worldEqualsAsDrawn(a, b) === (formatWorld(a) === formatWorld(b))),
    );
  });

  test('any visible difference is seen: a wall, a marker, the place, the facing, the size', () => {
    const world = createWorld(3, 2);
    const wall = cloneWorld(world);
    wall.walls[5] = 1;
    const marker = cloneWorld(world);
    marker.markers[5] = 1;
    const others = [wall, marker, { ...world, x: 1 }, { ...world, y: 1 }, { ...world, facing: 2 as const }];
    expect([...others, createWorld(2, 3)].map((other) => worldEqualsAsDrawn(world, other))).toEqual(
      Array(6).fill(false),
    );
  });
});

test('createWorld refuses a size below one cell, and a robot outside', () => {
  expect(() => createWorld(0, 2)).toThrow(new WorldError('world width is 0, expected 1 or more cells'));
  expect(() => createWorld(2, 1.5)).toThrow(new WorldError('world height is 1.5, expected 1 or more cells'));
  expect(() => createWorld(2, 2, 2, 0)).toThrow(new WorldError('robot at (2, 0) is not inside a 2x2 world'));
});
