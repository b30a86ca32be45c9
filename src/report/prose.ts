/** @file Sentences computed from the numbers: nothing here knows how a run should turn out. Chapter 11. */

import { type CurveChange, changePointsOf, findPhases, PHASE_RULE } from '../results/phases.ts';
import { progressOf } from '../results/reached.ts';
import type { CheckpointResult, FeatureName, Results } from '../results/results.ts';
import { capitalised, decimal, isFiniteNumber, listing, percent, points, rangeText, SHARES } from './format.ts';
import { lengthSentence } from './program-prose.ts';
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
    `The change point of a curve is where splitting it into two levels, the means before and after, leaves the least squares; it counts if the ` +
    `curve goes up there and the two levels explain ${percent(PHASE_RULE.explained, 0)} of its variance or more. Syntax begins at the change point of the number of ` +
    `different programs, which must lie at ${PHASE_RULE.distinctPrograms} or more on average from there on; meaning begins at that of the share solved, which must lie at ` +
    `${percent(PHASE_RULE.generativeAccuracy, 0)} or more on average from there on. All before is babbling. Where the share solved changes first, or at the ` +
    `same checkpoint, there is no syntax phase.`
  );
}

function changeText(what: string, change: CurveChange | null, unit: (value: number) => string): string {
  if (!change) return `${what} has no change point that counts`;
  const { step, before, after, explained } = change;
  return `${what} changes at step ${decimal(step)}, from ${unit(before)} to ${unit(after)} on average (${percent(explained, 0)} of its variance)`;
}

/** Which change points and phases the rule finds in this run, and where. */
export function phasesText(results: Results): string {
  const { checkpoints } = results;
  const phases = findPhases(results);
  if (phases.length === 0) return 'With fewer than three checkpoints there are no phases to speak of.';
  const { distinctPrograms, generativeAccuracy } = changePointsOf(checkpoints);
  const changes =
    `In this run ${changeText('the number of different programs', distinctPrograms, (value) => decimal(value, 1))}, and ` +
    `${changeText('the share solved', generativeAccuracy, percent)}.`;
  const found = phases.map(({ name, from, to }) => `${name} from step ${decimal(from)} to ${decimal(to)}`);
  const has = (name: string) => phases.some((phase) => phase.name === name);
  const together = distinctPrograms && generativeAccuracy && distinctPrograms.step >= generativeAccuracy.step;
  const order =
    generativeAccuracy?.step === distinctPrograms?.step
      ? 'both change at the same checkpoint'
      : 'the share solved changes first';
  const soFar = progressOf(results).ended ? '' : ' so far';
  const absent = [
    has('syntax') ? '' : ` There is no syntax phase${soFar}${together ? `: ${order}` : ''}.`,
    has('meaning') ? '' : ` There is no meaning phase${soFar}.`,
  ];
  return `${changes} So the rule gives ${listing(found)}.${absent.join('')}`;
}

export function accuracyText(results: Results): string {
  const last = lastCheckpoint(results);
  const first = results.checkpoints[0];
  if (!last || !first) return 'No checkpoint has been analysed yet.';
  const start = first === last ? '' : `, up from ${percent(first.generativeAccuracy)} at step ${decimal(first.step)}`;
  return (
    `At step ${decimal(last.step)} the model solves ${percent(last.generativeAccuracy)} of ${decimal(last.specifications)} ` +
    `test specifications${marginText(last)}${start}.`
  );
}

/** Bootstrap where it was measured and says something: not where all specifications came out alike. */
function marginText({ generativeAccuracy, specifications, programs }: CheckpointResult): string {
  const range = rangeText(programs.generativeAccuracy.interval, SHARES);
  if (range) return ` (95 % interval from the choice of specifications alone: ${range})`;
  const error = countingError(generativeAccuracy, specifications);
  return isFiniteNumber(error) ? ` (95 % interval from counting alone: ± ${decimal(error * 100, 1)} points)` : '';
}

export function lengthText(results: Results): string {
  const last = lastCheckpoint(results);
  return last ? `At the last checkpoint ${lengthSentence(last.programs)}` : '';
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
  if (!isFiniteNumber(share)) return 'has nothing to tell: the label does not vary';
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
  const numbers = probeNumbers(results, { step, feature, semantics: 'original', offset: -1, hiddenLayers });
  const name = `${capitalised(feature)} (${DEPTH_NAMES[hiddenLayers]}, offset −1)`;
  if (!numbers) return `${name}: no test pairs at step ${decimal(step)}.`;
  const error = countingError(numbers.accuracy, numbers.programs);
  const apart = (other: number): number => Math.hypot(error, countingError(other, numbers.programs));
  const few = numbers.tooFew ? ' These are too few pairs for a firm number.' : '';
  return (
    `${name}: the probe ${informationText(numbers)}. Its accuracy of ${percent(numbers.accuracy)} ` +
    `${against(numbers.accuracy, numbers.majority, apart(numbers.majority), 'the majority class')}, and ` +
    `${against(numbers.accuracy, numbers.untrained, apart(numbers.untrained), 'the untrained model')} ` +
    `(counting error ± ${decimal(error * 100, 1)} points, differences judged as if of independent samples; ${decimal(numbers.n)} pairs from ${decimal(numbers.programs)} programs).${few}`
  );
}

interface Ranked {
  name: string;
  /** In tenths of a percent: what is equal on the page is equal here. */
  value: number;
}

const ranked = (items: readonly { name: string; share: number }[]): Ranked[] =>
  items.map(({ name, share }) => ({ name, value: Math.round(share * 1000) })).sort((a, b) => b.value - a.value);

/** `original 34.8 % > flip 29.4 %`, with an equals sign between equals. */
function orderText(items: readonly Ranked[]): string {
  return items
    .map(({ name, value }, index) => {
      const before = items[index - 1];
      return `${before === undefined ? '' : before.value === value ? ' = ' : ' > '}${name} ${percent(value / 1000)}`;
    })
    .join('');
}

/** Whether no pair that one order separates is turned round by the other. */
function sameOrder(a: readonly Ranked[], b: readonly Ranked[]): boolean {
  const inB = new Map(b.map(({ name, value }) => [name, value]));
  return a.every(({ name, value }) =>
    a.every((other) => value <= other.value || inB.get(name)! >= inB.get(other.name)!),
  );
}

function originalText(items: readonly Ranked[]): string {
  const original = items.find(({ name }) => name === 'original');
  const others = items.filter(({ name }) => name !== 'original').map(({ value }) => value);
  if (!original || others.length === 0) return '';
  if (original.value > Math.max(...others)) return ' The original semantics comes first.';
  if (original.value === Math.max(...others)) return ' The original semantics is not ahead: it shares the first place.';
  return original.value < Math.min(...others)
    ? ' The original semantics comes last.'
    : ' The original semantics does not come first.';
}

/** The order of the semantics for one feature, by information and by accuracy, and whether the two agree. */
export function semanticsText(results: Results, feature: FeatureName): string {
  const step = lastProbeStep(results);
  if (step === undefined) return '';
  const hiddenLayers = mainDepth(results);
  const read = semanticsOf(results).flatMap((semantics) => {
    const numbers = probeNumbers(results, { step, feature, semantics, offset: -1, hiddenLayers });
    return numbers && isFiniteNumber(numbers.informationShare)
      ? [{ name: semantics, numbers, share: numbers.informationShare }]
      : [];
  });
  if (read.length < 2) return `${capitalised(feature)}: too few semantics could be measured to compare them.`;
  const information = ranked(read);
  const accuracy = ranked(read.map(({ name, numbers }) => ({ name, share: numbers.accuracy })));
  const gains = read.flatMap(({ name, share, numbers: { untrainedInformationShare: untrained } }) =>
    isFiniteNumber(untrained) ? [`${name} ${points(share - untrained)}`] : [],
  );
  const beyond = gains.length > 0 ? ` Beyond the untrained model: ${listing(gains)}.` : '';
  const agree = sameOrder(information, accuracy)
    ? ' Raw accuracy does not contradict this order.'
    : ` Raw accuracy, which ignores base rates, would order them otherwise: ${orderText(accuracy)}.`;
  const few = read.some(({ numbers }) => numbers.tooFew) ? ' Some of these rest on too few pairs.' : '';
  return `${capitalised(feature)} (${DEPTH_NAMES[hiddenLayers]}), by information: ${orderText(information)}.${originalText(information)}${beyond}${agree}${few}`;
}
