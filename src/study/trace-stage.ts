/** @file What a checkpoint writes for each specification, and the hidden states behind it. Chapter 8. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allowedNextTokens,
  allowedNextWords,
  isAction,
  isProgram,
  isStraight,
  type ProgramKind,
  type ProgramWord,
  promptLength,
  SPLITS,
  TOKEN,
  wordOfToken,
} from '../karel/index.ts';
import { type BySplit, bySplit } from '../probe/index.ts';
import type { Engine } from '../tensor/index.ts';
import { CheckpointError, type CodeGen, decodeSafetensors, encodeSafetensors, generate } from '../transformer/index.ts';
import { CorpusReader } from './corpus-files.ts';
import { StudyError } from './errors.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import { readJson, writeDirectoryAtomically } from './files.ts';
import type { Progress } from './progress.ts';
import type { RunDirectory } from './run-directory.ts';
import type { Settings } from './settings.ts';

/** Programs that a checkpoint wrote, words without END, and the hidden state [width] behind each action among them. */
export interface StoredTraces {
  readonly programs: BySplit<readonly (readonly ProgramWord[])[]>;
  readonly hiddenStates: BySplit<Float32Array>;
}

/** How many of a split's specifications a checkpoint writes a program for. */
export function traceCounts(settings: Settings): BySplit<number> {
  return { train: settings.traceTrain, validation: settings.traceValidation, test: settings.traceTest };
}

/**
 * Lets the model write a program for each specification, executes them, and keeps programs, hidden states and
 * evaluation. Does nothing when they are on the disk already.
 */
export function traceCheckpoint(
  run: RunDirectory,
  engine: Engine,
  model: CodeGen,
  step: number,
  progress: Progress,
): Evaluation {
  const done = readEvaluation(run, step);
  if (done) return done;
  const { settings } = run.plan;
  const counts = traceCounts(settings);
  const programs: Record<string, string[]> = {};
  const hidden = new Map<string, { shape: number[]; data: Float32Array }>();
  let evaluation: Evaluation | undefined;
  progress.start(`trace ${step}`, counts.train + counts.validation + counts.test, 'programs');
  let before = 0;
  for (const split of SPLITS) {
    const reader = new CorpusReader(run.corpus(split));
    const written = writePrograms(engine, model, reader, counts[split], settings, (count) =>
      progress.update(before + count),
    );
    before += counts[split];
    programs[split] = written.map(({ words }) => words.join(' '));
    hidden.set(split, joinHiddenStates(written, model.config.n_embd));
    if (split === 'test') {
      const texts = written.map((one) => (one.isProgram ? one.words : undefined));
      const ownProgramPerplexity = perplexityOf(written.map(({ logProbabilities }) => logProbabilities));
      evaluation = { ...evaluate(run, engine, model, reader, texts, step), ownProgramPerplexity };
    }
    reader.close();
  }
  progress.stop();
  const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  writeDirectoryAtomically(run.traces(step), {
    'programs.json': json(programs),
    'hidden-states.safetensors': encodeSafetensors(hidden),
    'evaluation.json': json(evaluation),
  });
  return evaluation!;
}

export function readEvaluation(run: RunDirectory, step: number): Evaluation | undefined {
  return readJson<Evaluation>(join(run.traces(step), 'evaluation.json'));
}

/** Throws {@link StudyError} when the traces of this step are missing or damaged. */
export function readTraces(run: RunDirectory, step: number): StoredTraces {
  const path = run.traces(step);
  const file = join(path, 'hidden-states.safetensors');
  const texts = readJson<BySplit<string[]>>(join(path, 'programs.json'));
  if (!texts || !existsSync(file)) {
    throw new StudyError(`${path}: no traces; make them with karelscope trace ${run.path}`);
  }
  const tensors = readTensors(file);
  return {
    programs: bySplit((split) => texts[split].map((text) => (text === '' ? [] : (text.split(' ') as ProgramWord[])))),
    hiddenStates: bySplit((split) => tensors.get(split)!.data as Float32Array),
  };
}

function readTensors(file: string) {
  try {
    const { tensors, sealed } = decodeSafetensors(readFileSync(file), file);
    if (!sealed) throw new CheckpointError(file, 'has no checksum, so this run did not write it');
    return tensors;
  } catch (error) {
    if (error instanceof CheckpointError) throw new StudyError(error.message);
    throw error;
  }
}

interface Written {
  /** The program, or nothing when the tokens up to END are none. */
  readonly words: readonly ProgramWord[];
  readonly isProgram: boolean;
  /** One row an action. */
  readonly hidden: Float32Array;
  /** Of the tokens that were written, END included. */
  readonly logProbabilities: readonly number[];
}

/** exp of minus the mean logarithm of a token's probability. */
function perplexityOf(logProbabilities: readonly (readonly number[])[]): number {
  const all = logProbabilities.flat();
  return Math.exp(-all.reduce((sum, value) => sum + value, 0) / all.length);
}

/** The words up to END, or undefined when there are none, no END, or words that are no program of this kind. */
export function programOfTokens(tokens: readonly number[], kind: ProgramKind): ProgramWord[] | undefined {
  const end = tokens.indexOf(TOKEN.END);
  const words = tokens.slice(0, Math.max(end, 0)).flatMap((token) => wordOfToken(token) ?? []);
  if (end <= 0 || words.length < end) return undefined;
  return (kind === 'straight' ? isStraight(words) : isProgram(words)) ? words : undefined;
}

/** Options of generation that are the same for every specification of a run. */
export function generationOptions(settings: Settings) {
  const next = settings.programs === 'control' ? allowedNextWords : allowedNextTokens;
  const allowed = (generated: readonly number[]): Uint8Array => next(generated, settings.maxProgramLength);
  return {
    maxNewTokens: settings.maxProgramLength + 1,
    endToken: TOKEN.END,
    ...(settings.grammar ? { allowed } : {}),
  };
}

function writePrograms(
  engine: Engine,
  model: CodeGen,
  reader: CorpusReader,
  count: number,
  settings: Settings,
  onProgress: (done: number) => void,
): Written[] {
  const prompt = promptLength(reader.header.settings);
  const prompts = Array.from({ length: count }, (_, index) => reader.tokens(index).subarray(0, prompt));
  const tap = settings.layer === -1 ? ('hidden_states.mean' as const) : (`hidden_states.${settings.layer}` as const);
  const generations = generate(engine, model, prompts, { ...generationOptions(settings), taps: [tap], onProgress });
  return generations.map(({ tokens, activations, logProbabilities }) => {
    const words = programOfTokens(tokens, settings.programs);
    const hidden = rowsOfActions(activations[tap] as Float32Array, words ?? [], model.config.n_embd);
    return { words: words ?? [], isProgram: words !== undefined, hidden, logProbabilities };
  });
}

/** Of a row [width] for each word, those of actions. */
function rowsOfActions(states: Float32Array, words: readonly ProgramWord[], width: number): Float32Array {
  if (isStraight(words)) return states.subarray(0, words.length * width);
  return concatenate(
    words.flatMap((word, at) => (isAction(word) ? [states.subarray(at * width, (at + 1) * width)] : [])),
  );
}

function joinHiddenStates(written: readonly Written[], width: number): { shape: number[]; data: Float32Array } {
  const data = concatenate(written.map(({ hidden }) => hidden));
  return { shape: [data.length / width, width], data };
}

/** The arrays one after the other. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
