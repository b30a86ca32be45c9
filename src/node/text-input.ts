/** @file Text that a person gives on the command line: itself, a file's, or what comes from standard input. Appendix B. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { StoreError } from '../store/index.ts';

/** Holds nothing that a path holds seldom, and ends like a file or has a folder. */
const LOOKS_LIKE_A_PATH = /^[^\s|#(){}]*(\/[^\s|#(){}]+|\.[A-Za-z][A-Za-z0-9]*)$/;

/**
 * The content of the file of this name, standard input for `-`, or else the text itself; without a byte-order mark, and with
 * plain line ends. Throws {@link StoreError} for what looks like a path to a file that is not there.
 */
export function textInput(argument: string): string {
  if (argument === '-') return plain(readFileSync(0, 'utf8'));
  if (existsSync(argument)) {
    if (statSync(argument).isDirectory()) throw new StoreError(argument, 'is a directory');
    return plain(readFileSync(argument, 'utf8'));
  }
  if (LOOKS_LIKE_A_PATH.test(argument)) throw new StoreError(argument, 'no such file');
  return plain(argument);
}

const plain = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
