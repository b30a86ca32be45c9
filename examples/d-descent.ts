// From one logit of the committed model down to a parameter, in the arithmetic that has the same bits on every machine.
import { describeExplanation, describeStep, SequenceExplainer, walk } from '../src/audit/index.ts';
import { encodePrompt, TOKEN } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { openEngine } from '../src/node/threads.ts';
import { exampleFor } from '../src/study/index.ts';
import { generate, recordGeneration } from '../src/transformer/index.ts';

const engine = await openEngine({ threads: 1, arithmetic: 'simd', memoryBytes: 64 * 2 ** 20 });
const { model, settings } = packagedModel(engine);
const shape = { width: settings.gridWidth, height: settings.gridHeight, examples: settings.examples };
const prompt = Array.from(encodePrompt(shape, exampleFor(settings, '1')));
export const written = generate(engine, model, [prompt], { maxNewTokens: 5, endToken: TOKEN.END })[0]!.tokens;
const pass = recordGeneration(engine, model, prompt, written);
const explainer = new SequenceExplainer(model, pass, { arithmetic: 'simd', written });

export const last = prompt.length - 1;
export const explain = (address: string) => Promise.resolve(explainer.explainAddress(address));

export async function show(): Promise<void> {
  console.log(last, written.join(' '));
  console.log(describeExplanation(await explain(`token ${last}/logits[${written[0]}]`), 3));
  const steps = [];
  for await (const explanation of walk(explain, `token ${last}/logits[${written[0]}]`))
    steps.push(describeStep(explanation));
  console.log(steps.slice(-2).join('\n'));
}
// =>
// 69 24 5
// token 69/logits[24] = 7.54901218   bits 0 10000001 11100011001000110000010
//   = sum over k of x[k] weight[k], + bias
//   65 roundings, one by one: the same bits
//   unfused: -3.43097472 x -0.262454867 + 1.30406868 = 2.204544700142179, rounded twice to 2.20454478 (off by 0.35 of the last place)
//   from 65 numbers, the largest parts first:
//    1  +0.900476 = -3.43097472  token 69/hidden_states.4[21]  x  -0.262454867  lm_head.weight[24,21]
//    2  +0.602181 = 3.14426541  token 69/hidden_states.4[37]  x  0.191517159  lm_head.weight[24,37]
//    3  +0.550782 = -1.51909316  token 69/hidden_states.4[35]  x  -0.362572879  lm_head.weight[24,35]
//   ... and 62 more
// token 0/hidden_states.0[25] = -0.418919265   bits 1 01111101 10101100111110010010110
//   = the id's row of the table
//   computed once more: the same bits
//   of 1, the first  -0.418919265  transformer.wte.weight[1,25]
// transformer.wte.weight[1,25] = -0.418919265   bits 1 01111101 10101100111110010010110
//   = a parameter: training made it
//   here the walk ends
