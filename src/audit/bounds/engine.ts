/** @file An engine that computes in double precision, and how far single precision may lie from that. Appendix E. */
import { createReferenceEngine, type Engine, type FloatArray, type Kernels, reference } from '../../tensor/index.ts';
import { AuditError } from '../errors.ts';
import { attentionBounds } from './attention.ts';
import { elementwiseBounds } from './elementwise.ts';
import { type Entry, Errors } from './errors.ts';
import { productBounds } from './products.ts';
import { rowBounds } from './rows.ts';
import { tokenBounds } from './tokens.ts';

const BOUNDS: Readonly<Record<string, ((errors: Errors, ...args: never[]) => void) | undefined>> = {
  ...productBounds,
  ...elementwiseBounds,
  ...rowBounds,
  ...tokenBounds,
  ...attentionBounds,
};

export interface BoundedEngine {
  readonly engine: Engine;
  /** Bounds on the errors of an array that the engine's kernels have written. */
  readonly boundsOf: (array: FloatArray) => Entry | undefined;
}

/** The reference kernels in Float64, each of which first notes the bounds. Throws {@link AuditError} for a kernel without. */
export function createBoundedEngine(): BoundedEngine {
  const errors = new Errors();
  const kernels = Object.fromEntries(
    Object.entries(reference).map(([name, kernel]: [string, (...args: never[]) => unknown]) => [
      name,
      (...args: never[]) => {
        const bound = BOUNDS[name];
        if (name !== 'sumOfSquares' && bound === undefined)
          throw new AuditError(`audit: no bound is known for ${name}`);
        bound?.(errors, ...args); // first: a kernel may write over what it reads
        return kernel(...args);
      },
    ]),
  ) as unknown as Kernels;
  return { engine: { ...createReferenceEngine('float64'), kernels }, boundsOf: (array) => errors.of(array) };
}
