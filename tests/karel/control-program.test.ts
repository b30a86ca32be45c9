/** @file Random programs with branches and loops, and the samples that are made of them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CorpusError,
  type CorpusRecord,
  type CorpusSettings,
  execute,
  isAction,
  isStraight,
  MAX_CONTROL_DEPTH,
  type ProgramWord,
  parseProgram,
  programEquals,
  programOfWords,
  programText,
  randomControlProgram,
  run,
  STEP_BUDGET,
  sampleToText,
  weightedActions,
  worldEqualsAsDrawn,
} from '../../src/karel/index.ts';
import { corpusRecords, seeded } from './generators.ts';

const settings: CorpusSettings = {
  width: 4,
  height: 4,
  examples: 2,
  minLength: 1,
  maxLength: 12,
  wallRatio: 0.1,
  markerRatio: 0.1,
  actionWeights: 'released',
  programs: 'control',
};
const urn = weightedActions('released');

const records = (seed: number, count: number, given: CorpusSettings = settings) =>
  corpusRecords(given, 'test', count, seed);

/** How deep the braces of these words nest. */
function depthOf(words: readonly ProgramWord[]): number {
  let [depth, deepest] = [0, 0];
  for (const word of words) {
    if (word === '{') deepest = Math.max(deepest, ++depth);
    if (word === '}') depth--;
  }
  return deepest;
}

describe('random programs', () => {
  test('have exactly so many words, nest at most two deep, and parse: 500 of 1 to 20 words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1, max: 20 }), (seed, length) => {
        const words = randomControlProgram(seeded(seed), length, urn);
        expect(words).toHaveLength(length);
        expect(depthOf(words)).toBeLessThanOrEqual(MAX_CONTROL_DEPTH);
        // The parser of program texts is another than that of words.
        expect(programEquals(parseProgram(programText(words)), programOfWords(words))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('of 9 words hold every word of the language, blocks in blocks, and all counts, in 2,000 of them', () => {
    const random = seeded(7);
    const programs = Array.from({ length: 2_000 }, () => randomControlProgram(random, 9, urn));
    expect(new Set(programs.flat()).size).toBe(5 + 16);
    expect(new Set(programs.map(depthOf))).toEqual(new Set([0, 1, 2]));
  });

  test('begin with a block in half of all cases where there is room for one, within 3 points in 5,000', () => {
    const random = seeded(3);
    const programs = Array.from({ length: 5_000 }, () => randomControlProgram(random, 12, urn));
    const share = programs.filter(([first]) => !isAction(first!)).length / programs.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.03);
  });
});

describe('samples', () => {
  const some = records(5, 600);

  test('end within the budget on all inputs and on the unseen worlds, with the outputs that the interpreter gives', () => {
    for (const { inputs, outputs, unseen, program } of some) {
      const parsed = parseProgram(programText(program));
      inputs.forEach((input, index) => {
        const { final } = run(parsed, input, { maxSteps: STEP_BUDGET });
        expect(worldEqualsAsDrawn(final, outputs[index]!)).toBe(true);
      });
      for (const world of unseen) run(parsed, world, { maxSteps: STEP_BUDGET });
    }
  });

  test('every action of a program is executed in at least one example', () => {
    for (const { inputs, program } of some) {
      const parsed = parseProgram(programText(program));
      const executed = new Set(inputs.flatMap((input) => run(parsed, input).trace.map(({ statement }) => statement)));
      expect(executed.size).toBe(program.filter(isAction).length);
    }
  });

  test('programs with a condition execute other actions in one example than in the other; with one example they need not', () => {
    const executions = ({ inputs, program }: CorpusRecord) =>
      inputs.map((input) =>
        run(parseProgram(programText(program)), input)
          .trace.map(({ statement }) => statement.position.column)
          .join(),
      );
    const conditional = ({ program }: CorpusRecord) => /if|while/.test(program.join(' '));
    const asked = some.filter(conditional);
    expect(asked.length).toBeGreaterThan(100);
    for (const record of asked) expect(new Set(executions(record)).size).toBe(2);
    expect(records(6, 100, { ...settings, examples: 1 }).some(conditional)).toBe(true);
  });

  test('lengths are uniform in 1..12, within 4 standard deviations, though most draws are drawn again', () => {
    const [n, p] = [some.length, 1 / 12];
    for (let length = 1; length <= 12; length++) {
      const count = some.filter(({ program }) => program.length === length).length;
      expect(Math.abs(count - n * p)).toBeLessThan(4 * Math.sqrt(n * p * (1 - p)));
    }
  });

  test('of 600, over a third branch or loop; each kind of statement occurs', () => {
    expect(some.filter(({ program }) => !isStraight(program)).length).toBeGreaterThan(200);
    for (const word of ['repeat', 'while', 'if', 'ifelse', 'not'] as const) {
      expect(some.some(({ program }) => program.includes(word))).toBe(true);
    }
  });

  test('the same seed gives the same records, another seed others', () => {
    const texts = (seed: number) => records(seed, 20).map(sampleToText);
    expect(texts(9)).toEqual(texts(9));
    expect(texts(9)).not.toEqual(texts(10));
  });

  test('a kind of programs that there is not is refused', () => {
    const wrong = { ...settings, programs: 'spaghetti' } as unknown as CorpusSettings;
    expect(() => records(1, 1, wrong)).toThrow(CorpusError);
    expect(() => records(1, 1, wrong)).toThrow("programs is 'spaghetti', expected straight or control");
  });
});

test('execute does in place what run does to a copy, for 300 random programs that end', () => {
  for (const { inputs, program } of records(11, 300)) {
    const [world, before] = [inputs[0]!, run(programOfWords(program), inputs[0]!)];
    execute(programOfWords(program), world);
    expect(world).toEqual(before.final);
  }
});
