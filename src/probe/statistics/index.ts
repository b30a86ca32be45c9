/** @file What a difference is worth: intervals, tests and corrections. Chapter 13. */
export {
  BOOTSTRAP_RESAMPLES,
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapIntervals,
} from './bootstrap.ts';
export { type ChangePoint, changePoint } from './change-point.ts';
export { holm } from './holm.ts';
export type { Interval } from './interval.ts';
export { type Measured, type Statistic, withIntervals } from './measured.ts';
export { SIGN_FLIPS, type SignFlipOptions, type SignFlipTest, signFlipTest } from './permutation.ts';
export { type Rank, type RankSumTest, rankOf, rankSumTest } from './rank.ts';
export { type Line, leastSquares } from './regression.ts';
export { type SignTest, signTest } from './sign.ts';
export {
  criticalT,
  type MeanInterval,
  meanInterval,
  type StudentTest,
  studentTest,
  tailsBeyond,
} from './student.ts';
