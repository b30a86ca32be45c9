/** @file What a checkpoint writes for each specification, and the hidden states behind it. Appendix B. */

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
} from '../../karel/index.ts';
import { type BySplit, bySplit } from '../../probe/index.ts';
import { encodeText } from '../../store/index.ts';
import { exponential } from '../../tensor/functions/exponential.ts';
import type { Engine } from '../../tensor/index.ts';
import {
  CheckpointError,
  type CodeGen,
  decodeSafetensors,
  encodeSafetensors,
  generate,
} from '../../transformer/index.ts';
import { loadModel } from '../checkpoints.ts';
import { type CorpusReader, withCorpus } from '../corpus-reader.ts';
import { StudyError } from '../errors.ts';
import { describeEvaluation, type Evaluation, evaluate } from '../evaluation.ts';
import { layerOf } from '../model-config.ts';
import { corpusFile, evaluationFile, hiddenStatesFile, modelFiles, programsFile, readStatesFile } from '../names.ts';
import type { Progress } from '../progress.ts';
import { readStates } from '../read-programs.ts';
import { type Inputs, type RunPlan, readJson } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { Made, Stage } from '../stage.ts';

/** Programs that a checkpoint wrote, words without END, and the hidden state [width] behind each action among them. */
export interface StoredTraces {
  readonly programs: BySplit<readonly (readonly ProgramWord[])[]>;
  readonly hiddenStates: BySplit<Float32Array>;
}

/** How many of a split's specifications a checkpoint writes a program for. */
export function traceCounts(settings: Settings): BySplit<number> {
  return { train: settings.traceTrain, validation: settings.traceValidation, test: settings.traceTest };
}

/** Where the traces of a checkpoint lie that probes of such a run read. */
export function traceFiles({ readLength }: Settings, step: number): string[] {
  return [programsFile(step), hiddenStatesFile(step), ...(readLength > 0 ? [readStatesFile(step)] : [])];
}

/** The programs of a checkpoint, what they are worth, and the hidden states behind them. */
export function traceStage({ settings }: RunPlan, step: number): Stage {
  const { train, validation, test } = traceCounts(settings);
  return {
    name: `trace/${step}`,
    kind: 'trace',
    needs: [...SPLITS.map(corpusFile), ...modelFiles(step)],
    makes: [...traceFiles(settings, step), evaluationFile(step)],
    work: train + validation + test, // programs
    make: async (inputs, { engine: open, progress }) => {
      const engine = await open();
      return engine.scope(() => traceCheckpoint(inputs, engine, step, progress));
    },
  };
}

/** Lets the model write a program for each specification, and executes them. */
function traceCheckpoint(inputs: Inputs, engine: Engine, step: number, progress: Progress): Made {
  const { settings } = inputs.plan;
  const model = loadModel(inputs, step, engine);
  const counts = traceCounts(settings);
  const programs: Record<string, string[]> = {};
  const hidden = new Map<string, { shape: number[]; data: Float32Array }>();
  let evaluation: Evaluation | undefined;
  progress.start(`trace ${step}`, counts.train + counts.validation + counts.test, 'programs');
  let before = 0;
  for (const split of SPLITS) {
    withCorpus(inputs, split, (reader) => {
      const written = writePrograms(engine, model, reader, counts[split], settings, (count) =>
        progress.update(before + count),
      );
      before += counts[split];
      programs[split] = written.map(({ words }) => words.join(' '));
      hidden.set(split, joinHiddenStates(written, model.config.n_embd));
      if (split !== 'test') return;
      const texts = written.map((one) => (one.isProgram ? one.words : undefined));
      const ownProgramPerplexity = perplexityOf(written.map(({ logProbabilities }) => logProbabilities));
      evaluation = { ...evaluate(inputs, engine, model, reader, texts, step), ownProgramPerplexity };
    });
  }
  const read = settings.readLength > 0 ? readStates(inputs, engine, model, counts, layerOf(settings)) : null;
  progress.stop();
  progress.line(describeEvaluation(evaluation!));
  const json = (value: unknown) => encodeText(`${JSON.stringify(value, null, 1)}\n`);
  return {
    [programsFile(step)]: json(programs),
    [hiddenStatesFile(step)]: encodeSafetensors(hidden),
    ...(read && { [readStatesFile(step)]: encodeSafetensors(new Map(Object.entries(read))) }),
    [evaluationFile(step)]: json(evaluation),
  };
}

/** Throws {@link StudyError} when the traces of this step are missing or damaged. */
export function readTraces(inputs: Inputs, step: number): StoredTraces {
  const texts = readJson<BySplit<string[]>>(inputs, programsFile(step));
  return {
    programs: bySplit((split) => texts[split].map((text) => (text === '' ? [] : (text.split(' ') as ProgramWord[])))),
    hiddenStates: statesIn(inputs, hiddenStatesFile(step)),
  };
}

/** [actions in all, width] of each split. Throws {@link StudyError} where the file is missing or damaged. */
export function statesIn(inputs: Inputs, file: string): BySplit<Float32Array> {
  try {
    const { tensors } = decodeSafetensors(inputs.read(file), file);
    return bySplit((split) => tensors.get(split)!.data as Float32Array);
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
  return exponential(-all.reduce((sum, value) => sum + value, 0) / all.length);
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
