/** @file A model whose hidden states can be read and changed while it writes: all that edits and patches need of it. Chapter 14. */
import type { FloatArray } from '../../tensor/tensor.ts';

/**
 * Called with each hidden state of the newest tokens, layer 0 first: [sequences, width], row by row in the order of the
 * sequences. The model goes on with what the call leaves in `hidden`.
 */
export type Edit = (layer: number, hidden: FloatArray) => void;

/**
 * Logits of the next token [sequences, vocabulary], once the model has read each prefix and what was `written` after it.
 * The first call has nothing written: the newest token of each sequence is the last of its prefix. From call to call,
 * `written` grows by one token for each sequence, or stays as it is for one that is complete and of no more interest. What
 * earlier calls made of earlier tokens stays: their keys and values are those of edited hidden states. A call with nothing
 * written begins anew.
 */
export type Next = (written: readonly (readonly number[])[], edit?: Edit) => FloatArray;

export interface EditableModel {
  /** Index of the last hidden state; 0 is the embedding. */
  readonly layers: number;
  /** Numbers in a hidden state. */
  readonly width: number;
  /** How many tokens there are. */
  readonly vocabulary: number;
  /**
   * Reads all of each prefix but its last token, which is where edits begin. `body` is called for one batch of `count`
   * prefixes after the other, of which the first is number `first`. `room` is how many tokens are written after a prefix
   * at most. With `together` 2, pairs of prefixes share a batch.
   */
  read(
    prefixes: readonly (readonly number[])[],
    { room, together }: { readonly room: number; readonly together?: 1 | 2 },
    body: (next: Next, first: number, count: number) => void,
  ): void;
}
