/** @file Explains any number of a run by its address. Appendix D. */
import type { Explanation } from './explanation.ts';
import { explainBy, type Route } from './route.ts';
import { RESULT_ROUTES } from './routes-results.ts';
import { SAMPLE_ROUTES } from './routes-samples.ts';
import { TRAINING_ROUTES } from './routes-training.ts';
import type { RunAudit } from './run-audit.ts';

/** From what is reported down to what was drawn at random. */
export const RUN_ROUTES: readonly Route<RunAudit>[] = [...RESULT_ROUTES, ...SAMPLE_ROUTES, ...TRAINING_ROUTES];

/** Throws `AuditError` for an address that names nothing in this run. */
export function explainRun(audit: RunAudit, address: string): Promise<Explanation> {
  return explainBy(RUN_ROUTES, audit, address);
}
