// A count out of attention, and a switch out of two units of GELU, with the model's own operations.
import { geluNew, Tape } from '../src/autograd/index.ts';
import { createReferenceEngine } from '../src/tensor/index.ts';

const engine = createReferenceEngine('float32');

// #region switch
/** The difference of two units, both 0 or both on the straight piece of GELU: 0 or 1. */
function switched(x: number, threshold: number, gap: number): number {
  const slope = 24 / gap;
  const inputs = [slope * (x - threshold + gap / 2), slope * (x - threshold - gap / 2)];
  const tape = new Tape(engine, { recording: false });
  const [left, right] = geluNew(tape, tape.constant(engine.tensor([2], inputs))).value.data;
  return (left! - right!) / 24;
}
// #endregion

// A token sees its mark and the tokens since, all alike: the mark has the share 1 / (place + 1).
for (const place of [2, 3, 4]) {
  const share = 1 / (place + 1);
  const threshold = (1 / 4 + 1 / 5) / 2; // above it are places up to 3
  console.log(`place ${place}: share ${share.toFixed(3)}, switch ${switched(share, threshold, (1 / 4 - 1 / 5) / 2)}`);
}
// =>
// place 2: share 0.333, switch 1
// place 3: share 0.250, switch 1
// place 4: share 0.200, switch 0
