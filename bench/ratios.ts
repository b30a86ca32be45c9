/** @file The ratios that a change must not make worse: what is compared, and how. */
import type { BenchResults } from './results.ts';

/** Larger is better. Never a time or a rate: those are the machine's, a ratio of one run is the program's. */
export type Ratios = Readonly<Record<string, number>>;

/** A ratio may fall by this share; machines are not that quiet. */
export const TOLERANCE = 0.2;

/** The ratios of what was measured, each under a name that begins with its suite's. */
export function ratiosOf({ matmul = [], kernels = [], step = [], generate = [] }: BenchResults): Ratios {
  const ratios: Record<string, number> = {};
  const square = matmul.filter(
    ({ m, n, k, transposeA, transposeB, kernel }) =>
      kernel === 'fast' && m === 512 && n === 512 && k === 512 && !transposeA && !transposeB,
  );
  const one = square.find(({ threads }) => threads === 1);
  if (one) ratios['matmul: 512 x 512 x 512, 1 thread, of peak'] = one.ofPeak;
  for (const { threads, gflops } of square) {
    if (one && threads > 1) ratios[`matmul: 512 x 512 x 512, ${threads} threads over 1`] = gflops / one.gflops;
  }
  for (const { preset, threads, ofPeak } of step) {
    // On several threads a step of smoke is hand-overs more than work: what they cost is the machine's, from hour to hour.
    if (preset === 'smoke' && threads > 1) continue;
    ratios[`step: ${preset}, ${threads} thread${threads === 1 ? '' : 's'}, of peak`] = ofPeak;
  }
  for (const { name, threads, speedupOverReference } of kernels) {
    if (threads === 1) ratios[`kernels: ${name} over reference`] = speedupOverReference;
  }
  for (const { preset, speedupOverUncached } of generate) {
    ratios[`generate: ${preset}, cached over uncached`] = speedupOverUncached;
  }
  return ratios;
}

/** A line for each ratio of the baseline that fell by more than {@link TOLERANCE} or is not measured any more. */
export function fallen(baseline: Ratios, measured: Ratios): { readonly name: string; readonly line: string }[] {
  return Object.entries(baseline).flatMap(([name, before]) => {
    const now = measured[name];
    if (now === undefined) return [{ name, line: `${name}: not measured; the baseline has ${before}` }];
    // Written so that a ratio that is not a number has fallen.
    if (now >= (1 - TOLERANCE) * before) return [];
    const percent = Math.round(100 * (1 - now / before));
    return [{ name, line: `${name}: ${rounded(now)}, ${percent} % below the baseline's ${rounded(before)}` }];
  });
}

/** For each name the larger ratio of the two. */
export function better(a: Ratios, b: Ratios): Ratios {
  const all: Record<string, number> = { ...a };
  for (const [name, ratio] of Object.entries(b)) all[name] = Math.max(ratio, a[name] ?? ratio);
  return all;
}

/** Three significant digits: the fourth is noise. */
export function rounded(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
