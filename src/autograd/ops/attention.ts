/** @file Rotary positions and causal attention. Chapter 5. */
import { ShapeError } from '../../tensor/errors.ts';
import type { HeadLayout } from '../../tensor/kernels.ts';
import type { Tape } from '../tape.ts';
import type { Variable } from '../variable.ts';
import { expectCount, qkvWidth } from './check.ts';

/**
 * Turns the first `rotaryDim` numbers of each head's query and key by their position: qkv [tokens, 3 x heads x headSize],
 * positions [tokens] (from `engine.integers`). As `apply_rotary_pos_emb` of Hugging Face's CodeGen. Throws
 * {@link ShapeError}, also for a rotaryDim that is odd or larger than a head.
 */
export function rotary(
  tape: Tape,
  qkv: Variable,
  positions: Int32Array,
  layout: HeadLayout,
  rotaryDim: number,
): Variable {
  const { kernels } = tape.engine;
  const width = qkvWidth('rotary', qkv, layout);
  const tokens = qkv.value.shape[0]!;
  expectCount('rotary', 'positions', positions.length, tokens);
  if (rotaryDim % 2 !== 0 || rotaryDim < 0 || rotaryDim > layout.headSize) {
    throw new ShapeError(`rotary: rotaryDim ${rotaryDim} is not an even number up to the head size ${layout.headSize}`);
  }

  const y = tape.engine.empty([tokens, width]);
  kernels.rotary(y.data, qkv.value.data, positions, tokens, layout, rotaryDim, false, false);

  const output = tape.output(y, [qkv]);
  tape.record(output, (dy) => {
    // forward: y = R qkv with R a rotation, so dqkv = R^T dy, the turn back
    const { data, accumulate } = tape.gradientOf(qkv);
    kernels.rotary(data, dy, positions, tokens, layout, rotaryDim, true, accumulate);
  });
  return output;
}

/**
 * Each token's heads attend to the tokens of the same sample up to itself: qkv [tokens, 3 x heads x headSize], already
 * rotated; starts [batch + 1] (from `engine.integers`), from 0 to tokens; result [tokens, heads x headSize]. As
 * `torch.nn.functional.scaled_dot_product_attention` with `is_causal`, sample by sample. Throws {@link ShapeError}.
 */
export function causalAttention(tape: Tape, qkv: Variable, starts: Int32Array, layout: HeadLayout): Variable {
  const { kernels } = tape.engine;
  qkvWidth('causalAttention', qkv, layout);
  const tokens = qkv.value.shape[0]!;
  const batch = starts.length - 1;
  if (starts[0] !== 0 || starts[batch] !== tokens || starts.some((start, s) => s > 0 && start < starts[s - 1]!)) {
    throw new ShapeError(`causalAttention: starts ${starts.join(', ')} do not rise from 0 to ${tokens} tokens`);
  }

  const y = tape.engine.empty([tokens, layout.heads * layout.headSize]);
  const logSumExp = tape.engine.empty([tokens, layout.heads]).data;
  kernels.causalAttention(y.data, logSumExp, qkv.value.data, starts, batch, layout);

  const output = tape.output(y, [qkv]);
  tape.record(output, (dy) => {
    // forward: y = softmax(query key^T / sqrt(headSize)) value, so: see causalAttentionBackward of the reference kernels
    const { data, accumulate } = tape.gradientOf(qkv);
    kernels.causalAttentionBackward(data, dy, y.data, logSumExp, qkv.value.data, starts, batch, layout, accumulate);
  });
  return output;
}
