/** @file A replay in words: a table of its ops, their bounds, and what does not agree. Appendix E. */
import { formatSeconds } from '../study/progress.ts';
import { formatShape } from '../tensor/index.ts';
import { holds, type Replay } from './replay.ts';
import { placeIn, type Verdict } from './verdict.ts';

/** The same number of every layer. */
const ofAnyLayer = (name: string): string => name.replace(/\bh\.\d+/g, 'h.*').replace(/\b([a-zA-Z]+)\.\d+$/, '$1.*');

/** What a row of the table is about: the same of all layers, and of all parameters where one kernel updates each. */
function label({ op, direction, name }: Verdict): string {
  if (direction === 'norm') return 'the square of each gradient’s norm';
  if (op === 'adamw') return /^[mv]\./.test(name) ? `moment ${name[0]} of each parameter` : 'each parameter';
  if (direction === 'update') {
    if (name.startsWith('within')) return 'Muon, on the way to the update';
    return name.startsWith('momentum') ? 'momentum of each matrix' : 'each matrix';
  }
  if (direction === 'forward') return ofAnyLayer(name);
  return ofAnyLayer(/\.(weight|bias)$/.test(direction) ? direction : `${direction} by ${name}`);
}

function grouped(verdicts: readonly Verdict[], keyOf: (one: Verdict) => string): [string, Verdict[]][] {
  const groups = new Map<string, Verdict[]>();
  for (const one of verdicts) {
    const key = keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups];
}

const worstOf = (group: readonly Verdict[]): Verdict => group.reduce((a, b) => (b.ratio > a.ratio ? b : a));
const small = (x: number): string => (x === 0 ? '0' : x >= 0.001 && x < 1000 ? x.toPrecision(2) : x.toExponential(1));

const wordsFor = ({ direction, name }: Verdict): string =>
  direction.startsWith('gradient') ? `${direction} by ${name}, ` : `${direction} ${name}`;

/** Nine digits tell any two Float32 numbers apart. */
const digits = (x: number, count = 9): string => String(Number(x.toPrecision(count)));

/** Which number comes nearest to its bound: what it is, and what it is in Float64. */
const inWords = (one: Verdict, then = ''): string =>
  `${wordsFor(one)}${placeIn(one.shape, one.nearest.at)}:${then === '' ? ' ' : then}${digits(one.nearest.fast)} for ${digits(one.nearest.reference, 12)}, bound ${small(one.nearest.bound)}`;

/** Every way in which a step does not agree, a line each. */
export function complaints({ verdicts, faults }: Replay): string[] {
  const lines = verdicts.flatMap((one) => {
    const { op, direction, shape, otherBits, others, ratio } = one;
    const value = direction === 'norm' ? String : (x: number) => digits(x);
    const found: string[] = [];
    if (otherBits) {
      const { at, fast, exact } = otherBits;
      found.push(
        `OTHER BITS: ${op}, ${wordsFor(one)}${placeIn(shape, at)}: ${value(fast)}, and ${value(exact)} by the exact kernel (${others} differ)`,
      );
    }
    if (ratio > 1) found.push(`BEYOND THE BOUND, ${ratio.toPrecision(3)} times: ${op}, ${inWords(one)}`);
    return found;
  });
  return [...lines, ...faults.map((fault) => `NOT THE SAME: ${fault}`)];
}

export function describeReplay(place: string, result: Replay): string {
  const { step, arithmetic, from, samples, report, verdicts, compared, seconds } = result;
  const rows = grouped(verdicts, (one) => `${one.op}|${label(one)}`).map(([, group]) => {
    const { op, shape } = group[0]!;
    const worst = worstOf(group);
    const relative = Math.max(...group.map((one) => one.relative));
    return [op, label(worst), String(group.length), formatShape(shape), small(relative), small(worst.ratio)];
  });
  const bounds = grouped(verdicts, (one) => `${one.op} ${one.direction.split(' ')[0]}: ${one.formula}`).map(
    ([key, group]) =>
      `  ${key}\n    at most ${small(worstOf(group).ratio)} of it: ${inWords(worstOf(group), '\n      ')}`,
  );
  const found = complaints(result);
  const elements = verdicts.reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
  const lines = [
    `${place}: the step from state ${step} to ${step + 1}, ${arithmetic} arithmetic`,
    step === from
      ? `state ${step} is a checkpoint`
      : `state ${step}: ${step - from} steps of training after checkpoint ${from}`,
    `samples ${samples[0]} to ${samples.at(-1)}, ${report.tokens} tokens`,
    `loss ${report.loss}, gradient norm ${report.gradientNorm}, learning rate ${report.learningRate}`,
    '',
    ...table([['op', 'what it writes', 'uses', 'shape', 'relative', 'of bound'], ...rows]),
    '',
    'relative: largest |Float32 - Float64| over the largest number. of bound: largest |Float32 - Float64| / bound.',
    'Bounds, with u = 2^-24 and gamma(n) = n u / (1 - n u):',
    ...bounds,
    '',
    `time: ${formatSeconds(seconds.training)} training up to the step, ${formatSeconds(seconds.fast)} the fast kernels, ${formatSeconds(seconds.exact)} the exact ones,`,
    `${formatSeconds(seconds.float64)} those in Float64 with bounds`,
    `compared with ${compared.checkpoint ? `checkpoint ${step + 1}` : `no checkpoint: there is none at ${step + 1}`}, ${compared.metrics ? `metrics of step ${step + 1}` : 'no metrics'}`,
    ...found.slice(0, 20),
    ...(found.length > 20 ? [`... and ${found.length - 20} more`] : []),
    holds(result)
      ? `${elements.toLocaleString('en-US')} numbers, each with the bits of the exact kernels and within its bound`
      : `${found.length} ${found.length === 1 ? 'thing does' : 'things do'} not agree`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
