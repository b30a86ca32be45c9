/** @file What follows from the measurements of a run, and of several seeds. Chapter 13. */
export type * from './analysis-results.ts';
export { testClaims } from './claim-tests.ts';
export { type Claim, PRIMARY_CLAIMS, SECONDARY_CLAIMS } from './claims.ts';
export { claimsMarkdown, describeClaims } from './claims-text.ts';
export { EXPLORATORY_CLAIMS, testExploratory } from './exploratory.ts';
export { changePointsOf, findPhases, PHASE_RULE } from './phases.ts';
export { firstSeed, PLANNED_SEEDS, planRemark } from './plan.ts';
export type * from './results.ts';
export type { RunFacts } from './run-facts.ts';
export { baselinesMarkdown, sourceRows } from './sources.ts';
export type * from './study-results.ts';
