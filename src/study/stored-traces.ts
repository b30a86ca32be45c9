/** @file The stored traces of a checkpoint, with the worlds that its programs ran in. Appendix B. */
import { actionsOf, isAction, promptLength, type Split, tokenOfWord } from '../karel/index.ts';
import {
  type BySplit,
  bySplit,
  type CheckpointTraces,
  type GeneratedProgram,
  type StateSplit,
  type WorldSize,
} from '../probe/index.ts';
import type { Engine } from '../tensor/index.ts';
import { type CodeGen, hiddenStates } from '../transformer/index.ts';
import { withCorpus } from './corpus-reader.ts';
import { layerOf } from './model-config.ts';
import { readStatesFile } from './names.ts';
import { type ReadPrograms, readPrograms } from './read-programs.ts';
import type { Inputs } from './run.ts';
import type { Settings } from './settings.ts';
import { concatenate, readTraces, statesIn, traceCounts } from './stages/trace.ts';

/** Programs of a split with their stored hidden states, and what a model reads to have hidden states for them. */
export interface StoredSplit extends StateSplit, ReadPrograms {
  readonly programs: readonly GeneratedProgram[];
  readonly hidden: Float32Array;
}

/** Interior of a run's worlds. */
export function worldSizeOf({ gridWidth, gridHeight }: Settings): WorldSize {
  return { width: gridWidth, height: gridHeight };
}

/**
 * What probes read: the stored programs of the first so many specifications of each split, all by default, without those that have no
 * pair at any offset: with the last state dropped, straight lines of one action. Where probes read programs that the model did
 * not write, all of those. Throws `StudyError` when the traces or the corpus are missing or damaged.
 */
export function storedTraces(inputs: Inputs, step: number, limits?: BySplit<number>): BySplit<StoredSplit> {
  const { settings } = inputs.plan;
  if (settings.readLength > 0) return tracesOfRead(inputs, step, limits);
  const stored = readTraces(inputs, step);
  const straight = settings.programs === 'straight';
  const fewest = straight && settings.lastState === 'dropped' ? 2 : 1;
  return bySplit((split: Split) =>
    withCorpus(inputs, split, (reader) => {
      const prompt = promptLength(reader.header.settings);
      const programs: GeneratedProgram[] = [];
      const hidden: Float32Array[] = [];
      const sequences: number[][] = [];
      const positions: number[][] = [];
      const samples: number[] = [];
      let row = 0;
      for (const [index, words] of stored.programs[split].slice(0, limits?.[split]).entries()) {
        const actions = actionsOf(words);
        const rows = stored.hiddenStates[split].subarray(
          row * settings.n_embd,
          (row + actions.length) * settings.n_embd,
        );
        row += actions.length;
        if (actions.length < fewest) continue;
        const { inputs: worldsBefore, outputs } = reader.record(index);
        programs.push({ inputs: worldsBefore, outputs, actions, ...(straight ? {} : { words }) });
        hidden.push(rows);
        samples.push(index);
        // The state from which an action was generated is that of the token before it.
        const tokens = reader.tokens(index).subarray(0, prompt);
        sequences.push([...tokens, ...words.slice(0, -1).map(tokenOfWord)]);
        positions.push(words.flatMap((word, place) => (isAction(word) ? [prompt - 1 + place] : [])));
      }
      return { programs, hidden: concatenate(hidden), samples, sequences, positions };
    }),
  );
}

function tracesOfRead(inputs: Inputs, step: number, limits?: BySplit<number>): BySplit<StoredSplit> {
  const { settings } = inputs.plan;
  const states = statesIn(inputs, readStatesFile(step));
  const counts = traceCounts(settings);
  return bySplit((split) => {
    const count = Math.min(counts[split], limits?.[split] ?? counts[split]);
    const hidden = states[split].subarray(0, count * settings.readLength * settings.n_embd);
    return { ...readPrograms(inputs, split, count), hidden };
  });
}

/** The stored traces of a checkpoint beside the untrained model's hidden states for the same programs. Throws likewise. */
export function checkpointTraces(inputs: Inputs, engine: Engine, untrained: CodeGen, step: number): CheckpointTraces {
  const { settings } = inputs.plan;
  const layer = layerOf(settings);
  const stored = storedTraces(inputs, step);
  return {
    ...bySplit((split) => {
      const { programs, hidden: trained, sequences, positions } = stored[split];
      return { programs, trained, untrained: hiddenStates(engine, untrained, sequences, positions, { layer }) };
    }),
    width: settings.n_embd,
    world: worldSizeOf(settings),
    layer,
  };
}
