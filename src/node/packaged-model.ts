/** @file The trained model that comes with the package. Appendix B. */
import { readFileSync } from 'node:fs';
import { presetNamed, TrainedModel } from '../study/index.ts';
import type { Engine } from '../tensor/index.ts';
import { MODEL_FILES } from '../transformer/index.ts';

/** Two folders up both from `src/node` and from `dist/node`. */
const CHECKPOINT = new URL('../../results/tiny/checkpoint/', import.meta.url);

/** The last checkpoint of `tiny`, seed 11, which solves 97 % of its test specifications. */
export function packagedModel(engine: Engine): TrainedModel {
  const files = MODEL_FILES.map((name) => [name, new Uint8Array(readFileSync(new URL(name, CHECKPOINT)))]);
  return new TrainedModel(engine, Object.fromEntries(files), presetNamed('tiny').settings);
}
