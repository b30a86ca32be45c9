/** @file Perplexities: of a model that gives each token the same probability everywhere, they follow by counting. Chapter 8. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeWorld, type ProgramWord, TOKEN, tokenOfWord } from '../../src/karel/index.ts';
import { loadModel } from '../../src/study/checkpoints.ts';
import { CorpusReader } from '../../src/study/corpus-files.ts';
import { silent } from '../../src/study/progress.ts';
import { readTraces, traceCheckpoint } from '../../src/study/trace-stage.ts';
import type { CodeGen } from '../../src/transformer/index.ts';
import { madeUpRun } from './analysis/made-up-run.ts';
import { directoryForFile, engine } from './traced-run.ts';

const directory = directoryForFile();
const PERPLEXITY_SAMPLES = 7;
const run = await madeUpRun(directory, { maxLength: 4, examples: 2, perplexitySamples: PERPLEXITY_SAMPLES, grammar: true });

/** Makes the model answer `bias` everywhere, whatever it reads; gives -log of each token's probability, in nats. */
function answerAlways(model: CodeGen, bias: readonly number[]): number[] {
  model.parameter('lm_head.weight').value.data.fill(0);
  model.parameter('lm_head.bias').value.data.set(bias);
  const logTotal = Math.log(bias.reduce((sum, one) => sum + Math.exp(one), 0));
  return bias.map((one) => logTotal - one);
}

const perplexity = (losses: readonly number[]) => Math.exp(losses.reduce((sum, one) => sum + one, 0) / losses.length);
