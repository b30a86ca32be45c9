/** @file What the audit of a gradient has found, as a table. Appendix E. */
import { GRADIENT_BOUND, type GradientAudit, type ParameterCheck, SINGLE_BOUND, type SlopeCheck } from './gradient.ts';
import { tableOf } from './table.ts';

const worstOf = ({ checked }: ParameterCheck): SlopeCheck =>
  checked.reduce((worst, one) => (one.relativeError > worst.relativeError ? one : worst));

/** The elements whose derivative is not the slope of the loss. */
export function wrongSlopes({ parameters }: GradientAudit): SlopeCheck[] {
  return parameters.flatMap(({ checked }) => checked).filter(({ relativeError }) => !(relativeError <= GRADIENT_BOUND));
}

/** The parameters whose gradient in single precision is none of the one in double precision. */
export function wrongParameters({ parameters }: GradientAudit): ParameterCheck[] {
  return parameters.filter(({ single }) => !(single.relativeError <= SINGLE_BOUND));
}

/** Whether all is as it should be. */
export const isRight = (audit: GradientAudit): boolean =>
  wrongSlopes(audit).length === 0 && wrongParameters(audit).length === 0;

/** A row for each parameter, and a line for each element over the bound. */
export function describeGradient(audit: GradientAudit): string {
  const rows = audit.parameters.map((parameter) => {
    const worst = worstOf(parameter);
    const { name, checked, elements, single } = parameter;
    return [
      name,
      `${checked.length} of ${elements.toLocaleString('en-US')}`,
      worst.relativeError.toExponential(1),
      `[${placeOf(worst.address)}]`,
      single.relativeError.toExponential(1),
      `[${placeOf(single.address)}]`,
    ];
  });
  const header = ['parameter', 'checked', 'largest error', 'at', 'single precision', 'at'];
  return `${tableOf([header, ...rows], [1, 2, 4])}\n${describeVerdict(audit)}`;
}

/** One element in full. */
export function describeElement(audit: GradientAudit): string {
  const { address, value, derivative, slope, relativeError, single, singleError } = audit.parameters[0]!.checked[0]!;
  const rows = [
    ['value', String(value), ''],
    ['slope of the loss', String(slope), 'four more passes, double precision'],
    ['derivative', String(derivative), `double precision, relative error ${relativeError.toExponential(1)}`],
    ['derivative', String(single), `single precision, of training, ${singleError.toExponential(1)} from the one above`],
  ];
  return `${address}\n${tableOf(rows, [])}\n${describeVerdict(audit)}`;
}

function describeVerdict(audit: GradientAudit): string {
  const { parameters, loss, largest } = audit;
  const slopes = wrongSlopes(audit).map(
    ({ address, derivative, slope, relativeError }) =>
      `wrong  ${address}: derivative ${derivative}, slope of the loss ${slope}, relative error ${relativeError.toExponential(1)}\n`,
  );
  const singles = wrongParameters(audit).map(
    ({ single: { address, relativeError } }) =>
      `wrong  ${address}: in single precision ${relativeError.toExponential(1)} from double precision\n`,
  );
  const count = parameters.reduce((sum, { checked }) => sum + checked.length, 0);
  const bound =
    `a relative error of at most ${GRADIENT_BOUND.toExponential()}, relative to ${(largest / 1000).toPrecision(2)}, a thousandth of ` +
    `the largest derivative, at least; loss ${loss.toFixed(6)}\n`;
  const verdict = slopes.length === 0 ? 'each is the slope of the loss' : `${slopes.length} wrong`;
  return [...slopes, ...singles, `${count} derivative${count === 1 ? '' : 's'} checked, ${verdict}: ${bound}`].join('');
}

const placeOf = (address: string): string => address.slice(address.indexOf('[') + 1, -1);
