/** @file A trained model that one can ask: what it writes for a specification, and what a probe reads meanwhile. Chapter 8. */

import {
  decodePrompt,
  encodePrompt,
  FACINGS,
  isAction,
  ORIGINAL,
  type ProgramWord,
  promptLength,
  type Specification,
  TOKEN,
  wordOfToken,
} from '../karel/index.ts';
import {
  alignPairs,
  beliefs,
  executeUnder,
  featureLabels,
  featureShape,
  type Probe,
  standardizationOf,
  standardize,
  trainProbe,
} from '../probe/index.ts';
import { randomStream } from '../random.ts';
import { exponential } from '../tensor/functions/exponential.ts';
import type { Engine } from '../tensor/index.ts';
import { type CodeGen, decodeModel, type Files, generate } from '../transformer/index.ts';
import { StudyError } from './errors.ts';
import { corpusSettings, layerOf } from './model-config.ts';
import type { Settings } from './settings.ts';
import { drawSamples } from './stages/corpus.ts';
import { probeTraining } from './stages/probe.ts';
import { concatenate, generationOptions, programOfTokens } from './stages/trace.ts';
import { worldSizeOf } from './stored-traces.ts';

/** What the model wrote. */
export interface WrittenProgram {
  /** Undefined when the tokens up to END are no program. */
  readonly words: readonly ProgramWord[] | undefined;
  /** Token by token, END included, with the probability that it had. */
  readonly tokens: readonly { readonly word: string; readonly probability: number }[];
  /** The hidden state from which each action was written. [actions, width] */
  readonly hidden: Float32Array;
}

/** Tells the robot's direction after each action from the hidden state from which that action was written. */
export interface DirectionReader {
  /** Share of other programs' actions for which it is right. */
  readonly accuracy: number;
  readonly read: (written: WrittenProgram) => (typeof FACINGS)[number][];
}

export class TrainedModel {
  readonly model: CodeGen;
  readonly settings: Settings;
  readonly #engine: Engine;

  /** The files of a checkpoint, and the settings of the run that it is of. Throws `CheckpointError`. */
  constructor(engine: Engine, files: Files, settings: Settings) {
    this.#engine = engine;
    this.settings = settings;
    this.model = decodeModel(engine, files);
  }

  /** Throws {@link StudyError} for another number of examples than the model has learnt from. */
  write({ inputs, outputs }: Specification): WrittenProgram {
    const shape = corpusSettings(this.settings);
    if (inputs.length !== shape.examples || outputs.length !== shape.examples) {
      const expected = `${shape.examples} of each`;
      throw new StudyError(`${inputs.length} input and ${outputs.length} output worlds, expected ${expected}`);
    }
    return this.#writeAll([encodePrompt(shape, { inputs, outputs })])[0]!;
  }

  /** Trains a linear probe on what the model writes for so many specifications of its training corpus. */
  directionReader(programs = 1_000, seed = 'reader'): DirectionReader {
    const shape = corpusSettings(this.settings);
    const prompts = drawSamples(this.settings, programs, seed).map((t) => t.subarray(0, promptLength(shape)));
    const written = this.#writeAll(prompts);
    const fifth = Math.floor(programs / 5);
    const split = (from: number, to: number) => this.#pairsOf(prompts.slice(from, to), written.slice(from, to));
    const [train, validation, test] = [split(0, 3 * fifth), split(3 * fifth, 4 * fifth), split(4 * fifth, programs)];
    const engine = this.#engine;
    const by = standardizationOf(train.hidden, train.rows, this.settings.n_embd);
    const data = (of: typeof train) => ({ x: standardize(engine, of.hidden, of.rows, by), labels: of.labels });
    const world = worldSizeOf(this.settings);
    const { probe } = trainProbe(
      engine,
      { train: data(train), validation: data(validation) },
      0,
      featureShape('direction', world),
      probeTraining(this.settings),
      randomStream(seed, 'probe'),
    );
    const answers = mostLikely(engine, probe, data(test).x);
    const right = answers.filter((answer, pair) => answer === test.labels[pair]).length;
    const all = (hidden: Float32Array) =>
      Int32Array.from({ length: hidden.length / this.settings.n_embd }, (_, i) => i);
    return {
      accuracy: right / answers.length,
      read: ({ hidden }) =>
        mostLikely(engine, probe, standardize(engine, hidden, all(hidden), by)).map((answer) => FACINGS[answer]!),
    };
  }

  #writeAll(prompts: readonly Uint8Array[]): WrittenProgram[] {
    const { settings, model } = this;
    const layer = layerOf(settings);
    const tap = layer === 'mean' ? ('hidden_states.mean' as const) : (`hidden_states.${layer}` as const);
    const generations = generate(this.#engine, model, prompts, { ...generationOptions(settings), taps: [tap] });
    return generations.map(({ tokens, logProbabilities, activations }) => {
      const words = programOfTokens(tokens, settings.programs);
      const states = activations[tap] as Float32Array;
      const width = settings.n_embd;
      const rows = (words ?? []).flatMap((word, at) =>
        isAction(word) ? [states.subarray(at * width, (at + 1) * width)] : [],
      );
      return {
        words,
        tokens: tokens.map((token, at) => ({
          word: token === TOKEN.END ? 'END' : (wordOfToken(token) ?? `token ${token}`),
          probability: exponential(logProbabilities[at]!),
        })),
        hidden: concatenate(rows),
      };
    });
  }

  /** Hidden states and directions after each action, under the original semantics. */
  #pairsOf(prompts: readonly Uint8Array[], written: readonly WrittenProgram[]) {
    const shape = corpusSettings(this.settings);
    const known = written.flatMap(({ words = [], hidden }, at) => {
      const actions = words.filter(isAction);
      return actions.length === 0 ? [] : [{ ...decodePrompt(shape, prompts[at]!), actions, hidden }];
    });
    const lengths = known.map(({ actions }) => actions.length);
    const pairs = alignPairs(lengths, { offset: 0, lastState: 'kept', runs: 1 });
    const table = executeUnder(ORIGINAL, known);
    return {
      hidden: concatenate(known.map(({ hidden }) => hidden)),
      rows: pairs.hidden,
      labels: featureLabels('direction', table, pairs.state, worldSizeOf(this.settings)),
    };
  }
}

/** The class with the highest probability, of a probe with one head, row by row. */
function mostLikely(engine: Engine, probe: Probe, x: Parameters<typeof beliefs>[2]): number[] {
  const { classes } = probe.shape;
  const found = beliefs(engine, probe, x);
  return Array.from({ length: found.length / classes }, (_, row) => {
    const own = found.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}
