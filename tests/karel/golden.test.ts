/** @file Programs run by the study's own interpreter. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  abstractTrace,
  FACINGS,
  FLIP,
  MAX_MARKERS,
  NO_MARKER_LIMIT,
  parseProgram,
  parseWorld,
  printProgram,
  RELEASED,
  type RunOptions,
  run,
  straightLine,
  worldLines,
} from '../../src/karel/index.ts';

interface GoldenLine {
  world: string[];
  program: string;
  final: string[];
  markers: [number, number, number][];
  hero: [number, number, string];
  trace?: [number, number, string, boolean][];
}

const folder = process.env['KARELSCOPE_FIXTURES'] ?? join(import.meta.dirname, '../fixtures');
const golden = gunzipSync(readFileSync(join(folder, 'karel.jsonl.gz')))
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as GoldenLine);

/**
 * What our interpreter makes of a line's world and program, in the golden file's terms (coordinates with border).
 * The study's interpreter has no limit to the markers on a cell, so by default there is none here either.
 */
function rerun({ world: drawn, program: text }: GoldenLine, options: RunOptions = UNLIMITED): GoldenLine {
  const world = parseWorld(drawn.join('\n'));
  const program = parseProgram(text);
  const { final } = run(program, world, options);
  const markers: GoldenLine['markers'] = [];
  for (let x = 0; x < final.width; x++) {
    for (let y = 0; y < final.height; y++) {
      const count = final.markers[y * final.width + x]!;
      if (count > 0) markers.push([x + 1, y + 1, count]);
    }
  }
  const result: GoldenLine = {
    world: worldLines(world),
    program: printProgram(program, RELEASED),
    final: worldLines(final),
    markers,
    hero: [final.x + 1, final.y + 1, FACINGS[final.facing]],
  };
  const actions = straightLine(program);
  if (!actions) return result;
  const states = abstractTrace(world, actions, options.semantics);
  return {
    ...result,
    trace: states.map(({ x, y, facing, frontIsWall }) => [x + 1, y + 1, FACINGS[facing], frontIsWall]),
  };
}

const UNLIMITED: RunOptions = { markerLimit: NO_MARKER_LIMIT };

/** Whether a cell ever holds more markers than the language's own limit allows. */
function exceedsLimit({ world, program }: GoldenLine): boolean {
  const { trace } = run(parseProgram(program), parseWorld(world.join('\n')), UNLIMITED);
  return trace.some(({ state }) => state.markers.some((count) => count > MAX_MARKERS));
}

/** A golden line with its markers in the order of `rerun`, and without a trace where `rerun` would have none. */
function inOrder(line: GoldenLine): GoldenLine {
  return { ...line, markers: line.markers.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]) };
}

test('golden: every line agrees in world, program text, final world, markers, hero and trace', () => {
  expect(golden.length).toBeGreaterThan(0);
  for (const [index, line] of golden.entries()) {
    const { trace, ...ours } = rerun(line);
    const { trace: expected, ...theirs } = inOrder(line);
    expect(ours, `line ${index + 1}`).toEqual(theirs);
    if (expected) expect(trace, `trace of line ${index + 1}`).toEqual(expected);
  }
});

test('golden: with the limit of nine, every line whose cells never hold a tenth marker agrees too', () => {
  const lines = golden.filter((line) => !exceedsLimit(line));
  expect(lines.length).toBeGreaterThan(golden.length / 2);
  for (const line of lines) expect(rerun(line, {})).toEqual(rerun(line));
});

test('golden: the comparison fails under another semantics, and for an altered line', () => {
  const straight = golden.filter(({ trace }) => trace);
  const line = inOrder(straight[0]!);
  expect(rerun(line)).toEqual(line);
  expect(rerun(line)).not.toEqual({ ...line, hero: [line.hero[0] + 1, line.hero[1], line.hero[2]] });
  const differ = straight.filter((each) => rerun(each, { semantics: FLIP }).hero.join() !== each.hero.join());
  expect(differ.length).toBeGreaterThan(straight.length / 10);
});
