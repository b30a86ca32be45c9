/** @file Numbers and words as the report writes them; a missing number is a dash. Chapter 11. */

const MISSING = '–';
const MINUS = '−';
const NO_BREAK_SPACE = '\u00a0';

/** Whether `value` is a number that can be drawn: JSON turns NaN and the infinities into null. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** `value` with `digits` decimals, grouped in thousands. */
export function decimal(value: number | null | undefined, digits = 0): string {
  if (!isFiniteNumber(value)) return MISSING;
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** A share in 0..1 as `62.7 %`. */
export function percent(share: number | null | undefined, digits = 1): string {
  return isFiniteNumber(share) ? `${decimal(share * 100, digits)}${NO_BREAK_SPACE}%` : MISSING;
}

/** A difference of two shares in percentage points, with its sign: `+4.1`. */
export function pointsNumber(difference: number | null | undefined): string {
  if (!isFiniteNumber(difference)) return MISSING;
  const text = decimal(difference * 100, 1);
  return difference > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** The same as `+4.1 points`. */
export function points(difference: number | null | undefined): string {
  return isFiniteNumber(difference) ? `${pointsNumber(difference)}${NO_BREAK_SPACE}points` : MISSING;
}

/** Seconds as `42.0 s`, `8 min 12 s` or `1 h 05 min`. */
export function duration(seconds: number | null | undefined): string {
  if (!isFiniteNumber(seconds)) return MISSING;
  if (seconds < 60) return `${decimal(seconds, 1)}${NO_BREAK_SPACE}s`;
  const whole = Math.round(seconds);
  if (whole < 3600)
    return `${Math.floor(whole / 60)}${NO_BREAK_SPACE}min ${String(whole % 60).padStart(2, '0')}${NO_BREAK_SPACE}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}${NO_BREAK_SPACE}h ${String(minutes % 60).padStart(2, '0')}${NO_BREAK_SPACE}min`;
}

/** Bytes as `470 MB` or `1.3 GB`, to two digits; a GB is 1e9 bytes. */
export function byteText(bytes: number | null | undefined): string {
  if (!isFiniteNumber(bytes)) return MISSING;
  const [unit, name] = bytes < 0.9995e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  const count = bytes / unit;
  const text = count < 9.95 ? decimal(count, 1) : decimal(Number(count.toPrecision(2)));
  return `${text}${NO_BREAK_SPACE}${name}`;
}

/** `1,500` for an axis that ends at 3,000, `15k` for one that ends at 80,000. */
export function axisSteps(step: number): string {
  return Math.abs(step) >= 10_000 && step % 1000 === 0 ? `${step / 1000}k` : decimal(step);
}

/** `three` for 3: small counts in running text. */
export function countWord(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ?? decimal(count);
}

/** `a, b and c`. */
export function listing(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The words on lines of no more than `most` characters, unless a single one is longer. */
export function wrap(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** How numbers of one kind are written: alone, as a difference, and how a difference is named in a sentence. */
export interface Unit {
  value: (value: number) => string;
  difference: (difference: number) => string;
  /** The lower end of an interval, whose unit follows at the upper end. */
  bare: (value: number) => string;
  bareDifference: (difference: number) => string;
}

const signed = (value: number, digits: number): string => {
  const text = decimal(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
};

/** Means of counts, such as actions a program. */
export const COUNTS: Unit = {
  value: (value) => decimal(value, 2),
  difference: (difference) => signed(difference, 2),
  bare: (value) => decimal(value, 2),
  bareDifference: (difference) => signed(difference, 2),
};

/** Shares; they differ by percentage points. */
export const SHARES: Unit = {
  value: percent,
  difference: points,
  bare: (value) => decimal(value * 100, 1),
  bareDifference: pointsNumber,
};

export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Whether an interval says anything: without width it only says that all that was resampled is alike. */
export function hasWidth(interval: Ends | null | undefined): interval is Ends {
  return !!interval && isFiniteNumber(interval.low) && isFiniteNumber(interval.high) && interval.low < interval.high;
}

/** `1.58 to 1.63`, or nothing where there is no interval to speak of. */
export function rangeText(interval: Ends | null | undefined, unit: Unit): string {
  return hasWidth(interval) ? `${unit.bare(interval.low)} to ${unit.value(interval.high)}` : '';
}

/** The same for the interval of a difference. */
export function differenceRangeText(interval: Ends | null | undefined, unit: Unit): string {
  return hasWidth(interval) ? `${unit.bareDifference(interval.low)} to ${unit.difference(interval.high)}` : '';
}

/** `< 0.001`, or three decimals. */
export function pText(p: number | null | undefined): string {
  if (!isFiniteNumber(p)) return '–';
  return p < 0.001 ? '< 0.001' : decimal(p, 3);
}
