// From the probability of a word down, along the largest part or, where nothing is added up, the first operand.
import { SequenceExplainer, walk } from '../../src/audit/index.ts';
import { encodePrompt, TOKEN } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/packaged-model.ts';
import { openEngine } from '../../src/node/threads.ts';
import { exampleFor } from '../../src/study/index.ts';
import { generate, recordGeneration } from '../../src/transformer/index.ts';

const engine = await openEngine({ threads: 1, arithmetic: 'simd', memoryBytes: 64 * 2 ** 20 });
const { model, settings } = packagedModel(engine);
const shape = { width: settings.gridWidth, height: settings.gridHeight, examples: settings.examples };
const prompt = Array.from(encodePrompt(shape, exampleFor(settings, '1')));
const written = generate(engine, model, [prompt], { maxNewTokens: 5, endToken: TOKEN.END })[0]!.tokens;
const pass = recordGeneration(engine, model, prompt, written);
const explainer = new SequenceExplainer(model, pass, { arithmetic: 'simd', written });

const last = prompt.length - 1;
const explain = (address: string) => Promise.resolve(explainer.explainAddress(address));
for await (const { address } of walk(explain, `token ${last}/probability[${written[0]}]`)) console.log(address);
await engine.close();
// =>
// token 69/probability[24]
// token 69/logits[24]
// token 69/hidden_states.4[21]
// token 69/h.3[21]
// token 69/h.3.attn.out_proj[21]
// token 69/h.3.attn.heads[20]
// token 0/h.3.attn.rotated[68]
// token 0/h.3.attn.qkv_proj[68]
// token 0/h.3.ln_1[55]
// token 0/h.2[55]
// token 0/h.1[55]
// token 0/h.0[55]
// token 0/h.0.mlp.fc_out[55]
// token 0/h.0.mlp.act[167]
// token 0/h.0.mlp.fc_in[167]
// token 0/h.0.ln_1[25]
// token 0/hidden_states.0[25]
// transformer.wte.weight[1,25]
