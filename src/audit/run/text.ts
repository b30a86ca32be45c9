/** @file What an audit of a run has found, as text. Appendix E. */
import { formatSeconds } from '../../study/progress.ts';
import { tableOf } from '../table.ts';
import { confidenceOf } from './audit.ts';
import type { Checked, Difference, Kind } from './kind.ts';

export const describeDifference = ({ address, recorded, computed }: Difference): string =>
  `differs  ${address}: recorded ${recorded}, computed ${computed}\n`;

const PATHS: { readonly [P in Kind['path']]: string } = {
  exact: 'one number at a time',
  again: 'made again',
};

/** A row for each kind: how much of it was checked, what differed, and what the sample is worth. */
export function describeChecked(checked: readonly Checked[]): string {
  const rows = checked.map((one) => [
    one.kind.name,
    PATHS[one.kind.path],
    `${one.checked.toLocaleString('en-US')} of ${one.kind.count.toLocaleString('en-US')}`,
    String(one.differences.length),
    percent(confidenceOf(one)),
    one.seconds < 0.05 ? '' : formatSeconds(one.seconds),
    remark(one),
  ]);
  const header = ['kind', 'how', 'checked', 'differ', 'caught', 'time'];
  return tableOf([header, ...rows], [2, 3, 4, 5]);
}

function remark({ checked, tooDear, mean }: Checked): string {
  if (checked === 0) return `one takes about ${formatSeconds(mean)}`;
  return tooDear > 0 ? `${tooDear.toLocaleString('en-US')} left out, too long for the time` : '';
}

/** No more than what is sure: 99.96 % is not 100 %. */
const percent = (share: number): string => (share === 1 ? '100%' : `${(Math.floor(1000 * share) / 10).toFixed(1)}%`);

export const ABOUT_CAUGHT =
  'caught: how probable it is that the sample would have found a run in which one in a thousand of this kind, and one at least,\n' +
  'is wrong: 1 - C(N - W, n) / C(N, n) for n of N and W = max(1, N / 1000) wrong ones, as none is drawn twice.\n';
