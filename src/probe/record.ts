/** @file Records: what a probe could work out without any model, from the program's text and the grids. Chapter 7. */
import { encodeWorld, isAction, type ProgramWord, TOKEN } from '../karel/index.ts';
import { ProbeError } from './errors.ts';
import type { GeneratedProgram } from './intervention.ts';

/**
 * What a record holds. `input`: the words of the program up to and including the action that is being written, and the grid in which
 * the program begins. `prompt`: the same and the output grid, which shows the last state under the original semantics.
 */
export const RECORD_KINDS = ['input', 'prompt'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

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
  return longest * vocabulary.length + (kind === 'prompt' ? 2 : 1) * cells * CELL_KINDS;
}

/**
 * A record for each action, program after program, as hidden states have a row for each: [actions in all, width]. All of it
 * is one-hot: for each place of the program which word stands there (none yet: zeros), for each cell what it shows.
 * Throws {@link ProbeError} for a program that is too long, and for grids that are not there or not of this size.
 */
export function encodeRecords(programs: readonly GeneratedProgram[], kind: RecordKind, shape: RecordShape): Uint8Array {
  const { example, longest, cells, vocabulary } = shape;
  const width = recordWidth(kind, shape);
  const rows = new Uint8Array(programs.reduce((sum, { actions }) => sum + actions.length, 0) * width);
  let row = 0;
  programs.forEach(({ inputs, outputs, actions, words = actions }, program) => {
    if (words.length > longest) {
      const unit = words === actions ? 'actions' : 'words';
      throw new ProbeError(`record: program ${program} has ${words.length} ${unit}, expected at most ${longest}`);
    }
    const grids = (kind === 'prompt' ? [inputs, outputs] : [inputs]).map((worlds) => worlds[example]);
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
      record[place * vocabulary.length + vocabulary.indexOf(word)] = 1;
      if (isAction(word)) rows.set(record, row++ * width);
    });
  });
  return rows;
}
