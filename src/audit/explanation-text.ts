/** @file An explanation as a person reads it. Appendix D. */
import { type Again, type Explanation, largest, type Operand, roundingOf } from './explanation.ts';
import { formatBits, type Rounding, unitInLastPlace } from './roundings.ts';

/** Enough digits to tell a number from its neighbours: 9 in single precision, 17 in double. */
export function formatNumber(value: number, precision: Explanation['precision'] = 'float32'): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(precision === 'float64' ? 17 : 9)));
}

/** The number, its formula, the operands that add most (`most` of them), and how it was found again. */
export function describeExplanation(explanation: Explanation, most = 12): string {
  const { operands } = explanation;
  const order = inOrder(operands);
  const width = String(operands.length).length;
  const shown = order
    .slice(0, most)
    .map((at, line) => `${String(line + 1).padStart(width + 2)}  ${describeOperand(operands[at]!)}`);
  const rest = operands.length - shown.length;
  return [
    ...headOf(explanation),
    ...roundingLines(explanation),
    ...(operands.length === 0
      ? ['  here the walk ends']
      : [
          `  from ${operands.length === 1 ? 'one number' : `${operands.length} numbers${hasParts(operands) ? ', the largest parts first' : ''}`}:`,
        ]),
    ...shown,
    ...(rest > 0 ? [`  ... and ${rest} more`] : []),
  ].join('\n');
}

/** Its lines in {@link describePath}: one number, and the way on. */
export function describeStep(explanation: Explanation): string {
  const next = largest(explanation);
  const by = hasParts(explanation.operands) ? 'most by' : 'the first';
  return [
    ...headOf(explanation),
    ...roundingLines(explanation),
    ...(next ? [`  of ${explanation.operands.length}, ${by}  ${describeOperand(next)}`] : ['  here the walk ends']),
  ].join('\n');
}

/** Places of the operands, those with the largest parts first; as they come where they have no parts. */
export function inOrder(operands: readonly Operand[]): number[] {
  const size = (at: number): number => Math.abs(operands[at]!.part ?? 0);
  return operands.map((_, at) => at).sort((a, b) => size(b) - size(a) || a - b);
}

const hasParts = (operands: readonly Operand[]): boolean => operands.some(({ part }) => part !== undefined);

function headOf({ address, value, precision, formula, note, again }: Explanation): string[] {
  const bits = precision === 'float32' ? `   bits ${formatBits(value)}` : '';
  return [
    `${address} = ${formatNumber(value, precision)}${bits}`,
    `  = ${formula}`,
    ...(note ? [`  ${note}`] : []),
    ...(again ? [`  ${describeAgain(value, again)}`] : []),
  ];
}

function describeAgain(value: number, again: Again): string {
  const how = again.count > 1 ? `${again.count} roundings, one by one` : 'computed once more';
  return Object.is(again.value, value) ? `${how}: the same bits` : `${how}: ${again.value}, NOT the same bits`;
}

function describeOperand({ address, name, value, factor, part }: Operand): string {
  const own = `${formatNumber(value)}  ${address ?? name}`;
  if (!factor) return own;
  return `${signed(part!)} = ${own}  x  ${formatNumber(factor.value)}  ${factor.address ?? factor.name}`;
}

const signed = (value: number): string =>
  `${value < 0 ? '-' : '+'}${formatNumber(Math.abs(Number(value.toPrecision(6))))}`;

/** The rounding with which the largest product was added. */
function roundingLines(explanation: Explanation): string[] {
  const { again } = explanation;
  const operand = largest(explanation);
  const rounding = again && operand && roundingOf(again, operand);
  return rounding ? [`  ${describeRounding(rounding)}`] : [];
}

export function describeRounding({ does, operands, result }: Rounding): string {
  const [a = 0, b = 0, c = 0] = operands;
  if (does !== 'fused' && does !== 'unfused')
    return `${does}(${operands.map((one) => formatNumber(one)).join(', ')}) = ${formatNumber(result)}`;
  const exact = a * b + c; // in double precision: the product is exact, the sum nearly so
  const error = (result - exact) / unitInLastPlace(result);
  const how = does === 'fused' ? 'rounded' : 'rounded twice';
  return `${does}: ${formatNumber(a)} x ${formatNumber(b)} + ${formatNumber(c)} = ${formatNumber(exact, 'float64')}, ${how} to ${formatNumber(result)} (off by ${error.toFixed(2)} of the last place)`;
}
