/** @file Perplexities: of a model that gives a token the same probability everywhere, they follow by counting. */
import { expect, test } from 'vitest';
import { encodeWorld, TOKEN, tokenOfWord } from '../../src/karel/index.ts';
import { loadModel } from '../../src/study/checkpoints.ts';
import { withCorpus } from '../../src/study/corpus-reader.ts';
import type { Evaluation } from '../../src/study/evaluation.ts';
import { checkpointFile, evaluationFile } from '../../src/study/names.ts';
import { readJson } from '../../src/study/run.ts';
import { readTraces } from '../../src/study/stages/trace.ts';
import { encodeModel } from '../../src/transformer/index.ts';
import { expectClose } from '../helpers/close.ts';
import { madeUpRun } from './analysis/made-up-run.ts';
import { copyOf, doStage, engine } from './memory-runs.ts';

const SAMPLES = 7;
const LONGEST = 4;
const madeUp = await madeUpRun({
  ...{ examples: 2, maxLength: LONGEST, maxProgramLength: LONGEST, perplexitySamples: SAMPLES },
});

const perplexity = (losses: readonly number[]): number =>
  Math.exp(losses.reduce((sum, one) => sum + one, 0) / losses.length);

test.each([
  ['END seldom: programs as long as may be', -2, LONGEST],
  ['END before all others: programs of one action', 9, 1],
] as const)(
  'each perplexity is exp of the mean loss of its tokens, counted in the corpus, within 1e-5: %s',
  async (_, end, length) => {
    const run = copyOf(madeUp);
    const model = loadModel(run, 2, engine);
    const bias = Array.from({ length: model.config.vocab_size }, (_, token) =>
      token === TOKEN.END ? end : token / 10,
    );
    model.parameter('lm_head.weight').value.data.fill(0);
    model.parameter('lm_head.bias').value.data.set(bias);
    const logTotal = Math.log(bias.reduce((sum, one) => sum + Math.exp(one), 0));
    const loss = (token: number): number => logTotal - bias[token]!; // -log p, in nats, wherever the token stands

    const records = withCorpus(run, 'test', (reader) =>
      Array.from({ length: SAMPLES }, (_, index) => reader.record(index)),
    );
    const programTokens = records.flatMap(({ program }) => [...program.map(tokenOfWord), TOKEN.END]);
    const cells = records.flatMap(({ inputs, outputs }) =>
      [...inputs, ...outputs].flatMap((world) => [...encodeWorld(world)]),
    );

    const files = Object.entries(encodeModel(model)).map(([name, bytes]) => [checkpointFile(2, name), bytes]);
    run.keep('train/2', [], Object.fromEntries(files));
    await doStage(run, 'trace/2');
    const evaluation = readJson<Evaluation>(run, evaluationFile(2));
    const { test: written } = readTraces(run, 2).programs;
    expect(new Set(written.map((words) => words.join(' ')))).toEqual(
      new Set([Array.from({ length }, () => 'putMarker').join(' ')]),
    );
    const { programPerplexity, gridPerplexity, ownProgramPerplexity } = evaluation;
    const own = [...Array.from({ length }, () => TOKEN.PUT_MARKER), TOKEN.END];
    expectClose(
      [programPerplexity, gridPerplexity, ownProgramPerplexity!],
      [programTokens, cells, own].map((tokens) => perplexity(tokens.map(loss))),
      { relative: 1e-5 },
    );
  },
);
