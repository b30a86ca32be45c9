/** @file The model's parameters: their names, shapes and first values. Chapter 6. */
import { type Shape, sizeOf } from '../tensor/shape.ts';
import { type CodeGenConfig, innerWidth } from './config.ts';
import { standardNormal } from './normal.ts';

export interface ParameterSpec {
  /** As in the state dict of Hugging Face's `CodeGenForCausalLM`. */
  readonly name: string;
  /** Matrices are [out, in], as in PyTorch's `nn.Linear`. */
  readonly shape: Shape;
}

/** Every parameter of the model, in the order in which a token meets them. */
export function parameterSpecs(config: CodeGenConfig): ParameterSpec[] {
  return [...eachParameter(config)];
}

/** {@link parameterSpecs} one at a time, for a config that may claim any number of layers. */
export function* eachParameter(config: CodeGenConfig): Generator<ParameterSpec> {
  const { n_embd: width, vocab_size } = config;
  const inner = innerWidth(config);
  yield { name: 'transformer.wte.weight', shape: [vocab_size, width] };
  for (let layer = 0; layer < config.n_layer; layer++) {
    const block = `transformer.h.${layer}`;
    yield { name: `${block}.ln_1.weight`, shape: [width] };
    yield { name: `${block}.ln_1.bias`, shape: [width] };
    yield { name: `${block}.attn.qkv_proj.weight`, shape: [3 * width, width] };
    yield { name: `${block}.attn.out_proj.weight`, shape: [width, width] };
    yield { name: `${block}.mlp.fc_in.weight`, shape: [inner, width] };
    yield { name: `${block}.mlp.fc_in.bias`, shape: [inner] };
    yield { name: `${block}.mlp.fc_out.weight`, shape: [width, inner] };
    yield { name: `${block}.mlp.fc_out.bias`, shape: [width] };
  }
  yield { name: 'transformer.ln_f.weight', shape: [width] };
  yield { name: 'transformer.ln_f.bias', shape: [width] };
  yield { name: 'lm_head.weight', shape: [vocab_size, width] };
  yield { name: 'lm_head.bias', shape: [vocab_size] };
}

export type OptimizerName = 'adamw' | 'muon';

/**
 * Which optimizer moves a parameter: Muon, where it is chosen, the matrices of the blocks. Embedding and head, biases and
 * norms stay with AdamW (Jordan et al. 2024).
 */
export function optimizerOf({ name, shape }: ParameterSpec, chosen: OptimizerName): OptimizerName {
  return chosen === 'muon' && shape.length === 2 && name.startsWith('transformer.h.') ? 'muon' : 'adamw';
}

/** Number of trainable numbers in the model. */
export function parameterCount(config: CodeGenConfig): number {
  return parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * First values, in the order of {@link parameterSpecs}: matrices normal with deviation `initializer_range`; those whose
 * output is added to the residual stream divided by sqrt(2 x layers), so that its variance does not grow with depth
 * (Radford et al. 2019, section 2.3); norms' weights one, every bias zero.
 */
export function initialValues(config: CodeGenConfig, random: () => number): Float64Array[] {
  const normal = standardNormal(random);
  return parameterSpecs(config).map(({ name, shape }) => {
    const values = new Float64Array(sizeOf(shape));
    if (name.endsWith('.bias')) return values;
    if (shape.length === 1) return values.fill(1);
    const residual = name.endsWith('attn.out_proj.weight') || name.endsWith('mlp.fc_out.weight');
    const deviation = residual ? config.initializer_range / Math.sqrt(2 * config.n_layer) : config.initializer_range;
    return values.map(() => deviation * normal());
  });
}
