// One number of a training step, followed down to one rounding.
import { describeRounding } from '../src/audit/explanation-text.ts';
import { PassExplainer } from '../src/audit/pass-explainer.ts';
import { explainBy, indexOf, type Route } from '../src/audit/route.ts';
import { walk } from '../src/audit/walk.ts';
import { randomStream } from '../src/random.ts';
import { ARITHMETIC, createExactEngine } from '../src/tensor/exact/index.ts';
import { CodeGen, codeGenConfig, recordTraining } from '../src/transformer/index.ts';

// (1 + 2^-12)^2 lies just between two Float32 numbers; 2^-80 more than that is nearer to the upper one.
const [a, c] = [1 + 2 ** -12, 2 ** -80];
console.log((ARITHMETIC['relaxed-simd'].madd(a, a, c) - Math.fround(a * a + c)) / 2 ** -23); // => 1

// A forward and a backward pass of a very small model, with everything that was computed on the way.
const engine = createExactEngine('relaxed-simd'); // the bits of the fast kernels, on any machine
const config = codeGenConfig({ vocab_size: 5, n_positions: 8, n_embd: 8, n_layer: 1, n_head: 4, rotary_dim: 2 });
const model = CodeGen.initialize(engine, config, randomStream('0', 'audit'));
const pass = recordTraining(engine, model, {
  sequences: [
    [0, 1, 2, 3, 4],
    [2, 3, 4],
  ],
});
console.log(pass.nodes.map(({ op }) => op.name).join(' '));
// =>
// embedding layerNorm linear rotary causalAttention linear linear geluNew linear add3 layerNorm linear crossEntropy

const explainer = new PassExplainer(pass, 'relaxed-simd', {
  activation: (sample, token) => `batch ${sample}/token ${token}/`,
  parameter: '',
  gradientOfActivation: (sample, token) => `gradient/batch ${sample}/token ${token}/`,
  gradientOfParameter: 'gradient/',
});
const routes: Route<PassExplainer>[] = [
  {
    pattern: /^gradient\/(?<name>[\w.]+)\[(?<index>[\d,]+)\]$/,
    example: 'gradient/lm_head.weight[3,5]',
    about: 'how the loss changes with a parameter',
    explain: (pass, { name, index }) => pass.explainGradient(pass.parameter(name!, indexOf(index!))),
  },
  {
    pattern: /^(?<gradient>gradient\/)?batch (?<sample>\d+)\/token (?<token>\d+)\/(?<name>[\w.]+)\[(?<column>\d+)\]$/,
    example: 'batch 0/token 3/logits[4]',
    about: 'a number that the pass computed, or how the loss changes with it',
    explain: (pass, { gradient, sample, token, name, column }) => {
      const place = pass.activation(name!, Number(sample), Number(token), Number(column));
      return gradient ? pass.explainGradient(place) : pass.explain(place);
    },
  },
  {
    pattern: /^(?<name>[\w.]+)\[(?<index>[\d,]+)\]$/,
    example: 'lm_head.weight[3,5]',
    about: 'a parameter: no op of this pass made it, so a walk ends here',
    explain: (pass, { name, index }) => {
      const value = pass.valueOf(pass.parameter(name!, indexOf(index!)));
      return { address: '', value, precision: 'float32', formula: 'a parameter', operands: [], again: null };
    },
  },
];

const explain = (address: string) => explainBy(routes, explainer, address);
for await (const { address, value, formula, again } of walk(explain, 'gradient/lm_head.weight[3,5]')) {
  const found = again === null ? 'given' : Object.is(again.value, value) ? 'the same bits' : 'OTHER BITS';
  console.log(`${address} = ${value.toPrecision(4)} = ${formula}: ${again?.count ?? 0} roundings, ${found}`);
}
// =>
// gradient/lm_head.weight[3,5] = 0.2080 = sum over rows r of dy[r] x[r] (of logits): 8 roundings, the same bits
// gradient/batch 0/token 2/logits[3] = -0.1358 = dloss weight / sum of weights (softmax(logits)[3] - 1) (of loss): 145 roundings, the same bits
// batch 0/token 2/logits[3] = -0.06578 = sum over k of x[k] weight[k], + bias: 9 roundings, the same bits
// batch 0/token 2/hidden_states.1[3] = 2.053 = (x - mean) rstd weight + bias: 60 roundings, the same bits
// batch 0/token 2/h.0[3] = 0.02420 = a + b + c: 2 roundings, the same bits
// batch 0/token 2/hidden_states.0[3] = 0.02514 = the id's row of the table: 0 roundings, the same bits
// transformer.wte.weight[2,3] = 0.02514 = a parameter: 0 roundings, given

const { again } = await explain('batch 0/token 2/logits[3]');
console.log(describeRounding(again!.roundings[3]!));
// =>
// fused: 2.05305696 x -0.0349023826 + -0.0334072486 = -0.10506382799768677, rounded to -0.105063826 (off by 0.29 of the last place)
