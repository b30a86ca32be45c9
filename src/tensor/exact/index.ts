/**
 * @file The fast kernels again, one number at a time: the same bits as `wasm/`, from TypeScript that one can read. Appendix D.
 *
 * A file here is named as the file in `wasm/` whose bits it has. Kernels of `reference/` say what is computed; these say in
 * which order it is added up and where it is rounded.
 */
import type { Engine } from '../engine.ts';
import type { Kernels } from '../kernels.ts';
import { plainEngine } from '../plain-engine.ts';
import { ARITHMETIC, type Arithmetic } from './arithmetic.ts';

import { attentionKernels } from './attention.ts';
import { broadcastKernels } from './broadcast.ts';
import { columnCrossEntropyKernels } from './column-cross-entropy.ts';
import { columnKernels } from './columns.ts';
import { elementwiseKernels } from './elementwise.ts';
import { matmulKernels } from './matmul.ts';
import { normParameterKernels } from './norm-parameters.ts';
import { rowKernels } from './rows.ts';
import { tokenKernels } from './tokens.ts';
import { unitKernels } from './units.ts';

export { ARITHMETIC, type Arithmetic, bitsOf, floatOf } from './arithmetic.ts';

export function exactKernels(arithmetic: Arithmetic): Kernels {
  return {
    ...matmulKernels(arithmetic),
    ...elementwiseKernels(arithmetic),
    ...columnKernels(arithmetic),
    ...normParameterKernels(arithmetic),
    ...broadcastKernels(arithmetic),
    ...rowKernels(arithmetic),
    ...tokenKernels(arithmetic),
    ...attentionKernels(arithmetic),
    ...unitKernels(arithmetic),
    ...columnCrossEntropyKernels(arithmetic),
  };
}

/** An engine with the bits of the fast one, some hundred times slower, for any number of that one's threads. */
export function createExactEngine(arithmetic: Arithmetic | Arithmetic['name']): Engine {
  const by = typeof arithmetic === 'string' ? ARITHMETIC[arithmetic] : arithmetic;
  return plainEngine({ kernels: exactKernels(by), precision: 'float32', arithmetic: by.name });
}
