/** @file Durations and bytes as people say them. Appendix B. */
import { formatCount } from './progress.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** `6 minutes`, `2.5 hours`, `4 years`: two digits at most, except for seconds below ten. */
export function durationInWords(seconds: number): string {
  const inUnits = (unit: number, name: string): string => {
    const count = seconds / unit;
    const text = count < 2.95 && unit > MINUTE ? count.toFixed(1).replace(/\.0$/, '') : formatCount(Math.round(count));
    return `${text} ${name}${text === '1' ? '' : 's'}`;
  };
  if (seconds < 0.95) return `${Number(seconds.toPrecision(1))} seconds`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} seconds`;
  if (seconds < 1.5 * MINUTE) return inUnits(1, 'second');
  if (seconds < 1.5 * HOUR) return inUnits(MINUTE, 'minute');
  if (seconds < 1.5 * DAY) return inUnits(HOUR, 'hour');
  if (seconds < YEAR) return inUnits(DAY, 'day');
  return inUnits(YEAR, 'year');
}

/** Bytes as `470 MB` or `1.3 GB`, to two digits; a GB is 1e9 bytes. */
export function formatBytes(bytes: number): string {
  const [unit, name] = bytes < 0.9995e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  const count = bytes / unit;
  return `${count < 9.95 ? count.toFixed(1) : Number(count.toPrecision(2)).toLocaleString('en-US')} ${name}`;
}
