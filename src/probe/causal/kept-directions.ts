/** @file In which directions edits push, as they are kept with a run. Chapter 14. */
import type { FloatArray } from '../../tensor/tensor.ts';
import { CheckpointError, decodeSafetensors, encodeSafetensors, type StoredTensor } from '../../transformer/index.ts';
import type { LayerGeometry } from './facing-probes.ts';

/** All that `probeDirections` and `runEdits` need of a model's layers, under the original semantics. */
export interface EditDirections {
  /** [layers + 1] */
  readonly geometry: readonly LayerGeometry[];
  /** Of the linear probes for the facing, by layer and example: [4, width] each. */
  readonly weights: readonly (readonly FloatArray[])[];
}

/** Bytes of a safetensors file; an empty one where no edits could be made. */
export function encodeDirections(directions: EditDirections | null): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  directions?.geometry.forEach(({ standardization: { mean, deviation }, distance }, layer) => {
    tensors.set(`${layer}/mean`, { shape: [mean.length], data: mean });
    tensors.set(`${layer}/deviation`, { shape: [mean.length], data: deviation });
    tensors.set(`${layer}/distance`, { shape: [1], data: Float64Array.of(distance) });
    directions.weights[layer]!.forEach((weight, example) => {
      tensors.set(`${layer}/example/${example}/weight`, { shape: [4, mean.length], data: weight });
    });
  });
  return encodeSafetensors(tensors);
}

/** Null for an empty file. Throws {@link CheckpointError}, naming `file`, for one that holds something else. */
export function readDirections(bytes: Uint8Array, file: string): EditDirections | null {
  const { tensors } = decodeSafetensors(bytes, file);
  if (tensors.size === 0) return null;
  const geometry: LayerGeometry[] = [];
  const weights: FloatArray[][] = [];
  for (let layer = 0; tensors.has(`${layer}/mean`); layer++) {
    const of = (name: string): FloatArray => {
      const tensor = tensors.get(`${layer}/${name}`);
      if (!tensor) throw new CheckpointError(file, `${layer}/${name} is missing`);
      return tensor.data;
    };
    const standardization = { mean: Float64Array.from(of('mean')), deviation: Float64Array.from(of('deviation')) };
    geometry.push({ standardization, distance: of('distance')[0]! });
    const ofLayer: FloatArray[] = [];
    for (let example = 0; tensors.has(`${layer}/example/${example}/weight`); example++)
      ofLayer.push(of(`example/${example}/weight`));
    weights.push(ofLayer);
  }
  if (geometry.length === 0) throw new CheckpointError(file, 'holds no directions of edits');
  return { geometry, weights };
}
