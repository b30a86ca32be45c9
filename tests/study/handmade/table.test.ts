/** @file The table: it writes what is in it, whatever that is. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/random.ts';
import { fingerprintsOf } from '../../../src/study/handmade/fingerprint.ts';
import { tableFor } from '../../../src/study/handmade/table.ts';
import { presetNamed } from '../../../src/study/presets.ts';
import { generationOptions } from '../../../src/study/stages/trace.ts';
import { generate } from '../../../src/transformer/index.ts';
import { engine } from '../memory-runs.ts';
import { expectSameLogits } from './logits.ts';

const COUNTS = { traceTrain: 200, traceValidation: 50, traceTest: 100 };
const plan = { seed: '1', settings: { ...presetNamed('tiny').settings, ...COUNTS } };

/** Without the grammar: nothing but the table says what may come. */
function writtenBy(
  { weights }: ReturnType<typeof tableFor>,
  prompts: readonly Uint8Array[],
  settings: typeof plan.settings,
) {
  const options = { ...generationOptions(settings), allowed: () => undefined };
  return generate(engine, weights.model(engine), prompts, options).map(({ tokens }) => tokens);
}

describe('the table', () => {
  test('writes exactly the program of each of its specifications', () => {
    const table = tableFor(plan);
    expect(table.entries.length).toBeGreaterThan(300);
    const prompts = table.entries.map(({ prompt }) => prompt);
    expect(writtenBy(table, prompts, plan.settings)).toEqual(table.entries.map(({ program }) => Array.from(program)));
  }, 120_000);

  test('writes none of the programs of specifications that are not in it', () => {
    const table = tableFor(plan);
    const others = tableFor({ ...plan, seed: '2' }).entries.slice(0, 50);
    const known = new Set(table.entries.map(({ prompt }) => prompt.join()));
    const unknown = others.filter(({ prompt }) => !known.has(prompt.join()));
    expect(unknown.length).toBeGreaterThan(40);
    const written = writtenBy(
      table,
      unknown.map(({ prompt }) => prompt),
      plan.settings,
    );
    expect(written.filter((tokens, at) => tokens.join() === Array.from(unknown[at]!.program).join())).toEqual([]);
  });

  test('has the same logits on the fast and on the reference engine, within 0.001', () => {
    const { weights, entries } = tableFor(plan);
    const tokens = [...entries[7]!.prompt, ...entries[7]!.program];
    expectSameLogits(weights, tokens);
  });

  test('is refused when two of its specifications have nearly the same fingerprint', () => {
    const { prompt } = tableFor(plan).entries[0]!;
    const sizes = { heads: 5, rotary: 16, bits: 48 };
    expect(() => fingerprintsOf([prompt, prompt.slice()], sizes, randomStream('1', 'x'))).toThrow(
      'handmade: two of 2 specifications differ in 0 bits, 3 are needed',
    );
  });
});
