/** @file The report's public surface. Chapter 10. */

export { renderCurveSvg } from './overview.ts';
export { renderReport } from './page.ts';
export { findPhases, PHASE_RULE, type Phase, type PhaseName } from './phases.ts';
