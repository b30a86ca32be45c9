/** @file Tensors out of files as a model's parameters: under its names, all there, of its shapes. Appendix B. */
import { formatShape, sameShape } from '../tensor/shape.ts';
import type { CodeGenConfig } from './config.ts';
import { CheckpointError } from './errors.ts';
import { eachParameter } from './parameters.ts';
import type { StoredTensor } from './safetensors.ts';

/** A tensor that knows the file that it came from, and its name there. */
export interface LocatedTensor extends StoredTensor {
  readonly file: string;
  readonly nameInFile: string;
}

/** What older versions of `transformers` save (4.30 does) though nothing learned it: who sees whom, and minus infinity. */
export function isBuffer(name: string): boolean {
  return /^(transformer\.)?h\.\d+\.attn\.(causal_mask|masked_bias|bias)$/.test(name);
}

/** The name in the state dict of `CodeGenForCausalLM` of what `CodeGenModel` names without `transformer.`. */
export function fullName(name: string): string {
  return /^(wte|h|ln_f)\./.test(name) ? `transformer.${name}` : name;
}

/**
 * Throws {@link CheckpointError} when a parameter is missing, has another shape or is unknown, naming it as its file does,
 * and the file; `file` where a tensor does not know.
 */
export function requireParameters(
  config: CodeGenConfig,
  tensors: ReadonlyMap<string, StoredTensor & Partial<LocatedTensor>>,
  file: string,
): void {
  const known = new Set<string>();
  for (const { name, shape } of eachParameter(config)) {
    const tensor = tensors.get(name);
    if (!tensor) throw new CheckpointError(file, `has no ${name}`);
    if (!sameShape(tensor.shape, shape)) {
      const reason = `has the shape ${formatShape(tensor.shape)}, expected ${formatShape(shape)}`;
      throw new CheckpointError(tensor.file ?? file, `${tensor.nameInFile ?? name} ${reason}`);
    }
    known.add(name);
  }
  for (const [name, tensor] of tensors) {
    if (known.has(name)) continue;
    throw new CheckpointError(tensor.file ?? file, `${tensor.nameInFile ?? name} is not a parameter of this model`);
  }
}
