// One training step of the smallest model: a table of three tokens of width 4, and a matrix that makes logits of a row.
import {
  AdamW,
  clipScale,
  crossEntropy,
  embedding,
  gradientNorm,
  linear,
  parameter,
  Tape,
} from '../src/autograd/index.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const engine = createReferenceEngine('float64');
const show = (name: string, values: ArrayLike<number>) =>
  console.log(name, Array.from(values, (x) => Number(x.toPrecision(3))).join(' '));

const table = parameter(engine, engine.tensor([3, 4], [1, 0, -1, 2, 0, 1, 1, 0, 2, 0, 0, 1]), 'table');
const head = parameter(engine, engine.tensor([3, 4], [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0]), 'head');
const parameters = [table, head];

// The sample is token 0, and after it token 1. Forward: look up, multiply, and ask how surprising token 1 was.
const forward = () => {
  const tape = new Tape(engine);
  const x = embedding(tape, table, engine.integers([0]));
  const logits = linear(tape, x, head);
  return { tape, logits, loss: crossEntropy(tape, logits, engine.integers([1])).loss };
};
const { tape, logits, loss } = forward();
show('logits', logits.value.data); // => logits 1 2 -1
show('loss', loss.value.data); // => loss 0.349

// Backward: dlogits is probability minus 1 for the token that came, and a weight of the head gets that times its input.
tape.backward(loss, parameters);
show('dhead', head.gradient!.data); // => dhead ?
show('dtable', table.gradient!.data.subarray(0, 4)); // => dtable ?

// Clip: all gradients as one vector have this length, and may have at most 0.5.
const norm = gradientNorm(engine, parameters);
const scale = clipScale(norm, 0.5);
show('norm and scale', [norm, scale]); // => norm and scale ?

// AdamW, term by term, for the head's weight of token 1 on number 3 of the row.
const [beta1, beta2, epsilon, rate] = [0.9, 0.95, 1e-8, 0.1];
const at = 7;
const g = scale * head.gradient!.data[at]!;
const m = (1 - beta1) * g;
const v = (1 - beta2) * g * g;
show('g, m, v', [g, m, v]); // => g, m, v ?
show('corrected', [m / (1 - beta1), v / (1 - beta2)]); // => corrected ?
const moved = head.value.data[at]! - (rate * (m / (1 - beta1))) / (Math.sqrt(v / (1 - beta2)) + epsilon);
show('weight', [head.value.data[at]!, moved]); // => weight ?

// The library does that to every weight; then the same token surprises less.
const adamw = new AdamW(engine, parameters, { beta1, beta2, epsilon, weightDecay: 0 });
adamw.step(rate, scale);
console.log(Math.abs(head.value.data[at]! - moved) < 1e-12); // => true
show('loss', forward().loss.value.data); // => loss ?
