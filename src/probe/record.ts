/** @file Records: what a probe could work out without any model, from the program's text and the grids. Chapter 12. */
import { encodeWorld, isAction, type ProgramWord, TOKEN } from '../karel/index.ts';
import { ProbeError } from './errors.ts';
import type { GeneratedProgram } from './intervention.ts';
import { type RecordKind, TOKENS_READ } from './sources.ts';

export interface RecordShape {
  /** Whose grids: the example whose states are asked for. */
  readonly example: number;
  /** The most words of a program. */
  readonly longest: number;
  /** Cells of a grid. */
  readonly cells: number;
  /** The words that there may be. */
  readonly vocabulary: readonly ProgramWord[];
}

/** Different tokens that a cell may be. */
const CELL_KINDS = TOKEN.ROBOT_LEFT - TOKEN.WALL + 1;

/** Numbers in a record. */
export function recordWidth(kind: RecordKind, { longest, cells, vocabulary }: RecordShape): number {
  const grids = TOKENS_READ[kind].filter((tokens) => tokens.endsWith('grid')).length;
  return longest * vocabulary.length + grids * cells * CELL_KINDS;
}

/**
 * A record for each action, program after program, as hidden states have a row for each: [actions in all, width]. All of it
 * is one-hot: for each place of the program which word stands there (none yet: zeros), for each cell what it shows. The row
 * of an action holds the words before it, as the hidden state from which it is written has read them; of a kind with
 * `action`, the action itself too.
 * Throws {@link ProbeError} for a program that is too long, and for grids that are not there or not of this size.
 */
export function encodeRecords(programs: readonly GeneratedProgram[], kind: RecordKind, shape: RecordShape): Uint8Array {
  const { example, longest, cells, vocabulary } = shape;
  const width = recordWidth(kind, shape);
  const showsOutput = TOKENS_READ[kind].includes('output grid');
  const showsAction = TOKENS_READ[kind].includes('action');
  const rows = new Uint8Array(programs.reduce((sum, { actions }) => sum + actions.length, 0) * width);
  let row = 0;
  programs.forEach(({ inputs, outputs, actions, words = actions }, program) => {
    if (words.length > longest) {
      const unit = words === actions ? 'actions' : 'words';
      throw new ProbeError(`record: program ${program} has ${words.length} ${unit}, expected at most ${longest}`);
    }
    const grids = (showsOutput ? [inputs, outputs] : [inputs]).map((worlds) => worlds[example]);
    const record = new Uint8Array(width);
    grids.forEach((world, grid) => {
      if (world?.walls.length !== cells) {
        throw new ProbeError(`record: program ${program} has no grid of ${cells} cells at example ${example}`);
      }
      const start = longest * vocabulary.length + grid * cells * CELL_KINDS;
      encodeWorld(world).forEach((token, cell) => {
        record[start + cell * CELL_KINDS + token - TOKEN.WALL] = 1;
      });
    });
    words.forEach((word, place) => {
      if (!showsAction && isAction(word)) rows.set(record, row++ * width);
      record[place * vocabulary.length + vocabulary.indexOf(word)] = 1;
      if (showsAction && isAction(word)) rows.set(record, row++ * width);
    });
  });
  return rows;
}
