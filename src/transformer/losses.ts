/** @file How surprised the model is by each token of given sequences. Chapter 7. */
import { Tape } from '../autograd/index.ts';
import type { Engine } from '../tensor/engine.ts';
import { chunks, nextTokens, pack, sequencesAtATime } from './batch.ts';
import type { CodeGen } from './model.ts';

/**
 * Loss of each token of each sequence [length - 1]: entry t is -log p(token t + 1 | tokens 0 to t), in nats. The
 * exponential of a mean over some of them is the perplexity of these tokens. Sequences go through the model
 * `batchSize` at a time, by default as {@link sequencesAtATime} says.
 */
export function tokenLosses(
  engine: Engine,
  model: CodeGen,
  sequences: readonly ArrayLike<number>[],
  options: { readonly batchSize?: number } = {},
): Float64Array[] {
  return chunks(sequences, options.batchSize ?? sequencesAtATime(sequences)).flatMap(({ items }) =>
    engine.scope(() => {
      const batch = pack(engine, items);
      const logits = model.forward(new Tape(engine, { recording: false }), batch).value; // [tokens, vocab_size]
      const targets = engine.integers(batch.ids.length);
      items.forEach((sequence, index) => void targets.set(nextTokens(sequence), batch.starts[index]!));
      const losses = engine.empty([targets.length]).data;
      engine.kernels.crossEntropy(losses, logits.data, targets, targets.length, model.config.vocab_size);
      return items.map((_, index) =>
        Float64Array.from(losses.subarray(batch.starts[index]!, batch.starts[index + 1]! - 1)),
      );
    }),
  );
}
