/** @file Which arithmetic a run's bits come from. Appendix D. */
import type { Run } from '../study/run.ts';
import type { Arithmetic } from '../tensor/exact/index.ts';
import { AuditError } from './errors.ts';

/** What an engine must compute with to have a run's bits. Throws {@link AuditError} where nothing was computed yet. */
export function arithmeticOf({ arithmetic, store }: Run): Arithmetic['name'] {
  if (arithmetic === 'simd' || arithmetic === 'relaxed-simd') return arithmetic;
  throw new AuditError(
    `audit: ${store.place} was computed with ${arithmetic ?? 'no'} arithmetic${arithmetic === null ? ' yet' : ''}`,
  );
}
