/** @file Programs that a model reads without having written them, with the goal hidden from it. Chapter 12. */
import { type Action, isInputCell, promptLength, type Split, tokenOfWord } from '../karel/index.ts';
import { bySplit, type GeneratedProgram } from '../probe/index.ts';
import { randomStream } from '../random.ts';
import type { Engine } from '../tensor/index.ts';
import { type CodeGen, type HiddenStateLayer, hiddenStates } from '../transformer/index.ts';
import { withCorpus } from './corpus-reader.ts';
import type { Inputs } from './run.ts';

/** What they are made of: nothing that picks or puts. */
const MOVES_AND_TURNS = ['move', 'turnLeft', 'turnRight'] as const satisfies readonly Action[];

export interface ReadPrograms {
  readonly programs: readonly GeneratedProgram[];
  /** Whose worlds they run in: a sample of the split for each. */
  readonly samples: readonly number[];
  /** For each program, the tokens before its last word. */
  readonly sequences: readonly (readonly number[])[];
  /** For each program, where in its sequence the states are from which its actions would be generated. [actions] */
  readonly positions: readonly (readonly number[])[];
}

/**
 * A program of `readLength` moves and turns, each as likely, for each of the first `count` specifications of a split. The
 * model reads it behind a prompt in which every output grid is the input grid again: nothing shows where the program leads. The
 * outputs of these programs are their inputs for the same reason, so that no record shows more than the prompt.
 *
 * Source: the released code of Jin 2024, Latent Causal Probing. There a model that was trained on 6 to 10 actions reads 15.
 * Throws `StudyError` where the corpus is missing or damaged.
 */
export function readPrograms(inputs: Inputs, split: Split, count: number): ReadPrograms {
  const { settings, seed } = inputs.plan;
  const random = randomStream(seed, `read/${split}`);
  const draw = (): Action => MOVES_AND_TURNS[Math.floor(random() * MOVES_AND_TURNS.length)]!;
  return withCorpus(inputs, split, (reader) => {
    const shape = reader.header.settings;
    const prompt = promptLength(shape);
    const samples = Array.from({ length: count }, (_, index) => index);
    const programs = samples.map((sample) => {
      const { inputs: worlds } = reader.record(sample);
      return { inputs: worlds, outputs: worlds, actions: Array.from({ length: settings.readLength }, draw) };
    });
    const sequences = programs.map(({ actions }, sample) => {
      const tokens = hideGoal(reader.tokens(sample).subarray(0, prompt), (at) => isInputCell(shape, at), shape);
      return [...tokens, ...actions.slice(0, -1).map(tokenOfWord)];
    });
    const positions = programs.map(({ actions }) => actions.map((_, place) => prompt - 1 + place));
    return { programs, samples, sequences, positions };
  });
}

/** The prompt with the cells of each input grid in the place of those of its output grid. */
function hideGoal(
  prompt: Uint8Array,
  isInput: (at: number) => boolean,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const hidden = prompt.slice();
  for (let at = 0; at < prompt.length; at++) if (isInput(at)) hidden[at + width * height + 1] = prompt[at]!;
  return hidden;
}

/** The hidden states behind the actions of such programs, split by split, as `readTraces` has those of written ones. */
export function readStates(
  inputs: Inputs,
  engine: Engine,
  model: CodeGen,
  counts: Readonly<Record<Split, number>>,
  layer: HiddenStateLayer,
) {
  const width = model.config.n_embd;
  return bySplit((split) => {
    const { sequences, positions } = readPrograms(inputs, split, counts[split]);
    const data = hiddenStates(engine, model, sequences, positions, { layer });
    return { shape: [data.length / width, width], data };
  });
}
