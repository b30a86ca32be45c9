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
show('dhead', head.gradient!.data); // => dhead 0.259 0 -0.259 0.519 -0.295 0 0.295 -0.589 0.0351 0 -0.0351 0.0702
show('dtable', table.gradient!.data.subarray(0, 4)); // => dtable 0.259 -0.295 0.0351 -0.295

// Clip: all gradients as one vector have this length, and may have at most 0.5.
const norm = gradientNorm(engine, parameters);
const scale = clipScale(norm, 0.5);
show('norm and scale', [norm, scale]); // => norm and scale 1.08 0.461

// AdamW, term by term, for the head's weight number 7: how much token 1 gets of the row's last number.
const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };
const { beta1, beta2, epsilon } = settings;
const rate = 0.1;
const [before, g] = [head.value.data[7]!, scale * head.gradient!.data[7]!];
const m = beta1 * 0 + (1 - beta1) * g;
const v = beta2 * 0 + (1 - beta2) * g * g;
show('g, m, v', [g, m, v]); // => g, m, v -0.272 -0.0272 0.0037
const [average, size] = [m / (1 - beta1), Math.sqrt(v / (1 - beta2))];
show('corrected m, root of corrected v', [average, size]); // => corrected m, root of corrected v -0.272 0.272
const after = before - (rate * average) / (size + epsilon);
show('weight', [before, after]); // => weight 1 1.1

// The library does that to every weight; then the same token surprises less.
const adamw = new AdamW(engine, parameters, settings);
adamw.step(rate, scale);
console.log(Math.abs(head.value.data[7]! - after) < 1e-12); // => true
show('loss', forward().loss.value.data); // => loss 0.128

// A second step meets a smaller gradient, and remembers the first.
const again = forward();
again.tape.backward(again.loss, parameters);
const secondScale = clipScale(gradientNorm(engine, parameters), 0.5);
show('second g', [secondScale * head.gradient!.data[7]!]); // => second g -0.252
adamw.step(rate, secondScale);
show('second m, v', [adamw.state[1]!.m.data[7]!, adamw.state[1]!.v.data[7]!]); // => second m, v -0.0497 0.00668
show('weight', [head.value.data[7]!]); // => weight 1.2
show('loss', forward().loss.value.data); // => loss 0.0409
