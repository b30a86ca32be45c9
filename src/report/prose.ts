/** @file Sentences computed from the numbers: nothing here knows how a run should turn out. Chapter 8. */

import type { FeatureName, Results } from '../study/results.ts';
import { decimal, isFiniteNumber, listing, percent, points } from './format.ts';
import { findPhases, PHASE_RULE } from './phases.ts';
import {
  countingError,
  DEPTH_NAMES,
  lastCheckpoint,
  lastProbeStep,
  mainDepth,
  type ProbeNumbers,
  probeNumbers,
  semanticsOf,
} from './select.ts';

/** The rule of `phases.ts` in words. */
export function phaseRuleText(): string {
  return (
    `Syntax begins at the first checkpoint from which on the number of different programs stays above ` +
    `${percent(PHASE_RULE.distinctShare, 0)} of its maximum (and at ${PHASE_RULE.distinctFloor} or more); meaning begins, ` +
    `not before syntax, at the first checkpoint from which on the share solved stays at or above ` +
    `${percent(PHASE_RULE.accuracyShare, 0)} of its final value (and at ${percent(PHASE_RULE.accuracyFloor, 0)} or more); ` +
    `all before is babbling.`
  );
}

/** Which phases the rule finds in this run, and where. */
export function phasesText(results: Results): string {
  const phases = findPhases(results);
  if (phases.length === 0) return 'With fewer than two checkpoints there are no phases to speak of.';
  const found = phases.map(({ name, from, to }) => `${name} from step ${decimal(from)} to ${decimal(to)}`);
  const missing = (['babbling', 'syntax', 'meaning'] as const).filter(
    (name) => !phases.some((phase) => phase.name === name),
  );
  const absent = missing.length === 0 ? '' : ` It finds no ${listing(missing)} phase in this run.`;
  return `In this run the rule gives ${listing(found)}.${absent}`;
}

export function accuracyText(results: Results): string {
  const last = lastCheckpoint(results);
  const first = results.checkpoints[0];
  if (!last || !first) return 'No checkpoint has been analysed yet.';
  const error = countingError(last.generativeAccuracy, last.specifications);
  const start = first === last ? '' : `, up from ${percent(first.generativeAccuracy)} at step ${decimal(first.step)}`;
  const margin = isFiniteNumber(error)
    ? ` (95 % interval from counting alone: ± ${decimal(error * 100, 1)} points)`
    : '';
  return (
    `At step ${decimal(last.step)} the model solves ${percent(last.generativeAccuracy)} of ${decimal(last.specifications)} ` +
    `test specifications${margin}${start}.`
  );
}

export function lengthText(results: Results): string {
  const last = lastCheckpoint(results);
  if (!last || !isFiniteNumber(last.meanLength) || !isFiniteNumber(last.referenceLength)) return '';
  const difference = last.meanLength - last.referenceLength;
  const verdict =
    Math.abs(difference) < 0.005
      ? 'as long as'
      : `${decimal(Math.abs(difference), 2)} actions ${difference < 0 ? 'shorter' : 'longer'} than`;
  return `At the end the written programs are on average ${verdict} the reference programs.`;
}

/** `62.7 % beats the majority class (25.6 %) by 37.1 points` or what else the two numbers say. */
export function against(value: number, base: number, error: number, name: string): string {
  if (!isFiniteNumber(base)) return `there is no number for ${name}`;
  const difference = value - base;
  const size = points(Math.abs(difference)).replace('+', '');
  if (Math.abs(difference) <= error) {
    return `cannot be told from ${name} (${percent(base)}): the difference of ${points(difference)} is within the counting error`;
  }
  return difference > 0
    ? `beats ${name} (${percent(base)}) by ${size}`
    : `does not beat ${name} (${percent(base)}): it is ${size} below`;
}

function informationText(numbers: ProbeNumbers): string {
  const { informationShare: share, untrainedInformationShare: untrained } = numbers;
  if (!isFiniteNumber(share)) return 'the label does not vary, so there is nothing to know';
  const own =
    share > 0
      ? `removes ${percent(share)} of the label’s entropy`
      : `removes none of the label’s entropy (${percent(share)})`;
  if (!isFiniteNumber(untrained)) return own;
  const order = share > untrained ? 'more than' : share < untrained ? 'less than' : 'the same as';
  return `${own}, ${order} on the untrained model (${percent(untrained)})`;
}

/** What the probe of one feature reads at the last probed checkpoint, with both comparisons. */
export function contentText(results: Results, feature: FeatureName): string {
  const step = lastProbeStep(results);
  if (step === undefined) return '';
  const hiddenLayers = mainDepth(results);
  const numbers = probeNumbers(results, { step, feature, semantics: 'original', offset: 0, hiddenLayers });
  const name = `${feature} (${DEPTH_NAMES[hiddenLayers]})`;
  if (!numbers) return `${name}: no test pairs at step ${decimal(step)}.`;
  const error = countingError(numbers.accuracy, numbers.programs);
  const few = numbers.tooFew ? ' These are too few pairs for a firm number.' : '';
  return (
    `${name}: the probe ${informationText(numbers)}. Its accuracy of ${percent(numbers.accuracy)} ` +
    `${against(numbers.accuracy, numbers.majority, error, 'the majority class')}, and ` +
    `${against(numbers.accuracy, numbers.untrained, error, 'the untrained model')} ` +
    `(counting error ± ${decimal(error * 100, 1)} points; ${decimal(numbers.n)} pairs from ${decimal(numbers.programs)} programs).${few}`
  );
}

function ordered(items: { name: string; value: number }[]): string {
  return [...items]
    .sort((a, b) => b.value - a.value)
    .map(({ name, value }) => `${name} ${percent(value)}`)
    .join(' > ');
}

/** The order of the semantics for one feature, by information and by accuracy, and whether the two agree. */
export function semanticsText(results: Results, feature: FeatureName): string {
  const step = lastProbeStep(results);
  if (step === undefined) return '';
  const hiddenLayers = mainDepth(results);
  const read = semanticsOf(results).flatMap((semantics) => {
    const numbers = probeNumbers(results, { step, feature, semantics, offset: 0, hiddenLayers });
    return numbers && isFiniteNumber(numbers.informationShare)
      ? [{ name: semantics, information: numbers.informationShare, accuracy: numbers.accuracy, tooFew: numbers.tooFew }]
      : [];
  });
  if (read.length < 2) return `${feature}: too few semantics were measured to compare.`;
  const information = read.map(({ name, information }) => ({ name, value: information }));
  const accuracy = read.map(({ name, accuracy }) => ({ name, value: accuracy }));
  const names = (items: { name: string; value: number }[]) => ordered(items).replace(/[\d.,−]+\u00a0%/g, '');
  const original = read.find(({ name }) => name === 'original');
  const rest = read.filter(({ name }) => name !== 'original');
  const verdict = !original
    ? ''
    : rest.every((other) => other.information < original.information)
      ? 'The original semantics comes first. '
      : rest.every((other) => other.information > original.information)
        ? 'The original semantics comes last. '
        : 'The original semantics does not come first. ';
  const agree =
    names(information) === names(accuracy)
      ? 'Raw accuracy gives the same order.'
      : `Raw accuracy, which ignores base rates, would order them otherwise: ${ordered(accuracy)}.`;
  const few = read.some(({ tooFew }) => tooFew) ? ' Some of these rest on too few pairs.' : '';
  return `${feature} (${DEPTH_NAMES[hiddenLayers]}), by information: ${ordered(information)}. ${verdict}${agree}${few}`;
}
