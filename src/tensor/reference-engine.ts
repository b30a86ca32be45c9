/** @file The reference engine: the reference kernels, in single or double precision. Chapter 3. */
import type { Engine } from './engine.ts';
import { plainEngine } from './plain-engine.ts';
import { reference } from './reference/index.ts';

export function createReferenceEngine(precision: 'float32' | 'float64'): Engine {
  return plainEngine({ kernels: reference, precision, arithmetic: 'reference' });
}
