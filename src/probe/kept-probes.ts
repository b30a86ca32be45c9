/** @file Linear probes as they are kept with a run, and what they believe. Appendix C. */
import type { ProgramWord } from '../karel/index.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  softmax,
} from '../transformer/index.ts';
import { FEATURES, type FeatureName, type FeatureShape, featureShape, type WorldSize } from './features.ts';
import type { Scored } from './outcome.ts';
import type { RecordShape } from './record.ts';
import type { Source } from './sources.ts';

/** What is kept: the states before, at and after the action being written, read from hidden states and from the record with both grids. */
const KEPT_OFFSETS: readonly number[] = [-1, 0, 1];
const KEPT_SOURCES = ['trained', 'grids'] as const satisfies readonly Source[];
export type KeptSource = (typeof KEPT_SOURCES)[number];

/** A linear probe with how its inputs are made. */
export interface KeptProbe {
  readonly source: KeptSource;
  readonly feature: FeatureName;
  readonly semantics: string;
  readonly offset: number;
  readonly shape: FeatureShape;
  /** [heads x classes, inputs] */
  readonly weight: FloatArray;
  /** [heads x classes] */
  readonly bias: FloatArray;
  /** Which numbers of what is read are inputs, in order; all, where there is none. */
  readonly columns: ArrayLike<number> | null;
  /** What is taken from each input, and what it is then divided by; neither for records. [inputs] */
  readonly mean: FloatArray | null;
  readonly deviation: FloatArray | null;
}

export interface KeptProbes {
  readonly probes: readonly KeptProbe[];
  /** Of the records that the probes of source `grids` read; null without these. */
  readonly record: RecordShape | null;
}

/** Gathers what `evaluateProbes` tells of linear probes of the first probe seed. */
export class ProbeKeeper {
  readonly #tensors = new Map<string, StoredTensor>();
  readonly #world: WorldSize;
  #record: RecordShape | null = null;

  constructor(world: WorldSize) {
    this.#world = world;
  }

  add({ question, scores, standardization, records }: Scored): void {
    const { feature, semantics, offset, hiddenLayers, seed } = question;
    if (hiddenLayers !== 0 || seed !== '0' || !KEPT_OFFSETS.includes(offset)) return;
    for (const source of KEPT_SOURCES) {
      const linear = scores[source]?.linear;
      if (!linear) continue;
      const name = `${source}/${offset}/${semantics}/${feature}`;
      const { heads, classes } = featureShape(feature, this.#world);
      const units = heads * classes;
      this.#put(`${name}/weight`, [units, linear.weight.length / units], linear.weight);
      this.#put(`${name}/bias`, [units], linear.bias);
      if (source === 'trained') {
        const { mean, deviation } = standardization;
        this.#put(`${source}/${offset}/mean`, [mean.length], mean);
        this.#put(`${source}/${offset}/deviation`, [mean.length], deviation);
      } else {
        const columns = Float32Array.from(records!.columns[source]);
        this.#put(`${source}/${offset}/columns`, [columns.length], columns);
        this.#record = records!.shape;
      }
    }
  }

  /** Bytes of a safetensors file. */
  encode(): Uint8Array {
    const { width, height } = this.#world;
    return encodeSafetensors(this.#tensors, {
      world: JSON.stringify({ width, height }),
      record: JSON.stringify(this.#record),
    });
  }

  #put(name: string, shape: number[], data: FloatArray): void {
    this.#tensors.set(name, { shape, data });
  }
}

/** The probes of such a file, in the order of their names. Throws {@link CheckpointError}, naming `file`, where it is none. */
export function readProbes(bytes: Uint8Array, file: string): KeptProbes {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const of = (name: string): FloatArray => {
    const tensor = tensors.get(name);
    if (!tensor) throw new CheckpointError(file, `${name} is missing`);
    return tensor.data;
  };
  if (!metadata['world']) throw new CheckpointError(file, 'holds no probes');
  const world = JSON.parse(metadata['world']) as WorldSize;
  const probes = [...tensors.keys()].flatMap((name): KeptProbe[] => {
    const [source, offset, semantics, feature, part] = name.split('/') as [
      KeptSource,
      string,
      string,
      FeatureName,
      string,
    ];
    if (part !== 'weight' || !FEATURES.includes(feature)) return [];
    const inputs = `${source}/${offset}`;
    return [
      {
        source,
        feature,
        semantics,
        offset: Number(offset),
        shape: featureShape(feature, world),
        weight: of(name),
        bias: of(`${source}/${offset}/${semantics}/${feature}/bias`),
        columns: source === 'trained' ? null : of(`${inputs}/columns`),
        mean: source === 'trained' ? of(`${inputs}/mean`) : null,
        deviation: source === 'trained' ? of(`${inputs}/deviation`) : null,
      },
    ];
  });
  const record = JSON.parse(metadata['record'] ?? 'null') as (RecordShape & { vocabulary: ProgramWord[] }) | null;
  return { probes, record };
}

/** The inputs that a probe makes of what it reads: a hidden state [width], or a record. [inputs] */
export function inputsOfProbe({ columns, mean, deviation }: KeptProbe, read: ArrayLike<number>): Float64Array {
  const chosen = Float64Array.from(columns ? Array.from(columns, (column) => read[column]!) : Array.from(read));
  return mean && deviation ? chosen.map((value, j) => (value - mean[j]!) / deviation[j]!) : chosen;
}

/** softmax(W x + b), head by head, in Float64: a probability for each class. [heads][classes] */
export function believe(probe: KeptProbe, read: ArrayLike<number>): number[][] {
  const { weight, bias, shape } = probe;
  const x = inputsOfProbe(probe, read);
  return Array.from({ length: shape.heads }, (_, head) => {
    const logits = Array.from({ length: shape.classes }, (_, c) => {
      const unit = head * shape.classes + c;
      let sum = bias[unit]!;
      for (let j = 0; j < x.length; j++) sum += weight[unit * x.length + j]! * x[j]!;
      return sum;
    });
    return [...softmax(logits)];
  });
}
