// From the probability of a word down, along the largest part or, where nothing is added up, the first operand.
import { walk } from '../../src/audit/index.ts';
import { explain, last, written } from '../d-descent.ts';

for await (const { address } of walk(explain, `token ${last}/probability[${written[0]}]`)) console.log(address);
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
