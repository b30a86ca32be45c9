/** @file How long the model takes to train a step, to write a program and to read one. Chapter 8. */
import { allowedNextTokens, promptLength } from '../../karel/index.ts';
import { randomStream } from '../../random.ts';
import type { Engine } from '../../tensor/index.ts';
import { CodeGen, generate, hiddenStates, parameterCount, stepFlops, Trainer } from '../../transformer/index.ts';
import { corpusSettings, modelConfig, tooLarge } from '../model-config.ts';
import type { Settings } from '../settings.ts';
import { generationOptions } from '../stages/trace.ts';
import { trainerSettings, trainingBatch } from '../stages/train.ts';
import { editedTokenSeconds } from './measure-edits.ts';
import { medianSeconds } from './stopwatch.ts';

export interface ModelRates {
  /** Seconds of one training step. */
  readonly step: number;
  /** Seconds to write one program, with its hidden states. */
  readonly program: number;
  /** Seconds to read one sample with its program. */
  readonly read: number;
  /** Seconds of one more token of a program, while hidden states are edited; 0 where programs branch and loop, where none are. */
  readonly token: number;
  /** Set where the model does not fit: the above are then those of this smaller one, times the ratio of operations. */
  readonly measuredModel?: { readonly parameters: number; readonly batchSize: number; readonly gflops: number };
}

/** As many different batches as there are steps to measure, nearly: their lengths differ. */
const BATCHES = 8;
/** What a run writes and reads at a time. */
const PROGRAMS = 256;
/** Cases that are edited at a time: fewer than in a run, since each is written many times. */
const CASES = 128;

/** Measures with the settings' own model and batches, or where that does not fit with {@link smallerSettings}. */
export function measureModel(
  engine: Engine,
  settings: Settings,
  samples: readonly Uint8Array[],
  seed: string,
): ModelRates {
  const fits = tooLarge(settings) === undefined;
  const measured = fits ? settings : smallerSettings(settings);
  const { batchSize } = measured;
  const model = CodeGen.initialize(engine, modelConfig(measured), randomStream(seed, 'model'));
  const trainer = new Trainer(engine, model, trainerSettings(measured));
  const batches = Array.from({ length: BATCHES }, (_, batch) =>
    Array.from({ length: batchSize }, (_, item) => samples[(batch * batchSize + item) % samples.length]!),
  );
  const step = medianSeconds((run) => void trainer.step(trainingBatch(batches[run % BATCHES]!, 0)), 2);
  const some = samples.slice(0, PROGRAMS);
  const program = writingSeconds(engine, model, some, measured) / some.length;
  const read = readingSeconds(engine, model, some, measured) / some.length;
  const token =
    measured.programs === 'control'
      ? 0
      : editedTokenSeconds(engine, model, samples.slice(0, CASES), measured, endlessly(measured), seed);
  if (fits) return { step, program, read, token };

  const tokens = modelConfig(settings).n_positions - 1;
  const flops = batchSize * stepFlops(modelConfig(measured), [tokens]);
  const larger = stepFlops(modelConfig(settings), [tokens]) / stepFlops(modelConfig(measured), [tokens]);
  return {
    step: (step * larger * settings.batchSize) / batchSize,
    program: program * larger,
    read: read * larger,
    token: token * larger,
    measuredModel: { parameters: parameterCount(model.config), batchSize, gflops: flops / step / 1e9 },
  };
}

/** A model of the same worlds and programs that can be measured in seconds. */
function smallerSettings(settings: Settings): Settings {
  const model = { n_embd: 256, n_layer: Math.min(2, settings.n_layer), n_head: 4, rotary_dim: 32 };
  let smaller = { ...settings, ...model, batchSize: Math.min(8, settings.batchSize) };
  while (smaller.batchSize > 1 && tooLarge(smaller) !== undefined) {
    smaller = { ...smaller, batchSize: smaller.batchSize >> 1 };
  }
  return smaller;
}

/**
 * Programs of the longest length are written. A batch goes on until its last program ends, and hardly a batch is without a
 * long one: what it takes does not depend on how long most programs are, and an untrained model may be asked.
 */
function writingSeconds(engine: Engine, model: CodeGen, samples: readonly Uint8Array[], settings: Settings): number {
  const prompt = promptLength(corpusSettings(settings));
  const prompts = samples.map((tokens) => tokens.subarray(0, prompt));
  const options = { ...endlessly(settings), taps: ['hidden_states.mean'] as const };
  return medianSeconds(() => void generate(engine, model, prompts, options));
}

/** How a run writes, but that no program may end before the longest length. */
function endlessly(settings: Settings) {
  const most = settings.maxProgramLength;
  const allowed = (generated: readonly number[]) => allowedNextTokens(generated.length < most ? [] : generated, most);
  return { ...generationOptions(settings), allowed };
}

/** All of each sample is read but its last token, and the hidden states of its program are kept. */
function readingSeconds(engine: Engine, model: CodeGen, samples: readonly Uint8Array[], settings: Settings): number {
  const prompt = promptLength(corpusSettings(settings));
  const sequences = samples.map((tokens) => tokens.subarray(0, -1));
  const positions = sequences.map(({ length }) => Array.from({ length: length - prompt }, (_, at) => prompt + at));
  return medianSeconds(() => void hiddenStates(engine, model, sequences, positions));
}
