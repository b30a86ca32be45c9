/** @file What an editable model writes, greedily, after each of many prefixes. Chapter 14. */
import { type Action, actionOfToken } from '../../karel/index.ts';
import { type GenerateOptions, mostProbable } from '../../transformer/index.ts';
import { ProbeError } from '../errors.ts';
import type { Edit, Next } from './editable-model.ts';

/** As for `generate`: `maxNewTokens` and `allowed` count from the end of the prompt, whatever a prefix holds already. */
export type WritingOptions = Pick<GenerateOptions, 'maxNewTokens' | 'endToken' | 'allowed'>;

/**
 * The tokens that the model adds to each prefix, up to and including `endToken`. `before[s]` is the part of prefix s
 * that follows the prompt. `editAt` gives the edit of one step, from what has been added so far; `follow` names the
 * sequence whose tokens a sequence is given, itself by default. Throws {@link ProbeError} where no token is allowed.
 */
export function writeOn(
  next: Next,
  vocabulary: number,
  before: readonly (readonly number[])[],
  { maxNewTokens, endToken, allowed }: WritingOptions,
  editAt?: (written: readonly (readonly number[])[]) => Edit | undefined,
  follow: (row: number) => number = (row) => row,
): number[][] {
  const written = before.map((): number[] => []);
  const open = new Set(before.keys());
  const settle = (row: number): void => {
    const full = before[row]!.length + written[row]!.length >= maxNewTokens;
    if (full || written[row]!.at(-1) === endToken) open.delete(row);
  };
  for (const row of before.keys()) settle(row);
  while (open.size > 0) {
    const logits = next(written, editAt?.(written));
    const chosen = new Map<number, number>();
    for (const row of open) {
      const mask = allowed?.([...before[row]!, ...written[row]!], row);
      const token = mostProbable(logits.subarray(row * vocabulary, (row + 1) * vocabulary), mask);
      if (token === -1) {
        throw new ProbeError(`edit: no token is allowed after ${written[row]!.length} tokens of sequence ${row}`);
      }
      chosen.set(row, token);
    }
    for (const row of [...open]) {
      written[row]!.push(chosen.get(follow(row))!);
      settle(row);
    }
  }
  return written;
}

/** The actions before `endToken`, perhaps none; undefined without it, or with a token that is no action. */
export function actionsOf(tokens: readonly number[], endToken: number): Action[] | undefined {
  const end = tokens.indexOf(endToken);
  const actions = tokens.slice(0, Math.max(end, 0)).map(actionOfToken);
  return end >= 0 && actions.every((action) => action !== undefined) ? (actions as Action[]) : undefined;
}
