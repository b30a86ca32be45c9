/** @file The report's public surface. Chapter 11. */

export { renderClaimsSvg } from './claim-plot.ts';
export { renderCurveSvg } from './overview.ts';
export { renderReport } from './page.ts';
export { renderStudy } from './study-page.ts';
