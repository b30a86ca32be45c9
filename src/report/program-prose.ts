/** @file Sentences on how written programs differ from reference programs, computed from the numbers. Chapter 11. */

import type { Measured, ProgramComparison, ProgramStatistics } from '../results/results.ts';
import { COUNTS, decimal, differenceRangeText, hasWidth, percent, rangeText, SHARES, type Unit } from './format.ts';

/** ` (95 % interval −26.0 to −22.0 points)`, or nothing. */
function differenceInterval({ interval }: Measured, unit: Unit): string {
  const range = differenceRangeText(interval, unit);
  return range && ` (95 % interval ${range})`;
}

/** A bootstrap of fewer specifications gives intervals that are too narrow. */
const FEW = 30;

function fewText({ n }: Measured): string {
  return n < FEW ? ` ${decimal(n)} are too few for a firm number.` : '';
}

/** `, against 35.1 % of the reference programs (difference −24.0 points, 95 % interval ...)`. */
function against(reference: Measured, difference: Measured, unit: Unit, of: string): string {
  const range = differenceRangeText(difference.interval, unit);
  const numbers = `difference ${unit.difference(difference.estimate)}${range && `, 95 % interval ${range}`}`;
  return `, against ${unit.value(reference.estimate)} ${of} (${numbers})`;
}

/** `the written programs have 1.60 actions on average, against ...`. */
export function lengthSentence({ generated, reference, difference }: ProgramComparison): string {
  const unit = reference.withControl ? 'words' : 'actions';
  if (!generated || !difference) return 'no text that the model wrote is a program.';
  const beside = against(reference.length, difference.length, COUNTS, 'in the reference programs');
  return `the written programs have ${COUNTS.value(generated.length.estimate)} ${unit} on average${beside}.`;
}

/** What the programs do in vain: no-ops, and actions that could be left out. */
export function detourText({ generated, reference, difference }: ProgramComparison): string {
  if (!generated?.withNoOp || !generated.notMinimal) return '';
  if (!reference.withNoOp || !reference.notMinimal || !difference?.withNoOp || !difference.notMinimal) return '';
  const of = 'of the reference programs';
  const idle = against(reference.withNoOp, difference.withNoOp, SHARES, of);
  const needless = against(reference.notMinimal, difference.notMinimal, SHARES, of);
  return (
    `${percent(generated.withNoOp.estimate)} of the written programs have an action that changes nothing in any given input${idle}. ` +
    `Out of ${percent(generated.notMinimal.estimate)} some action could be taken without a visible change${needless}.`
  );
}

/** How many programs branch or loop, and what is not known of such programs; nothing for straight lines. */
export function controlText({ generated, reference, difference }: ProgramComparison): string {
  if (!reference.withControl) return '';
  const unknown =
    'Which of their actions are no-ops or needless, and how short a program could be, is not computed for programs with branches and loops.';
  if (!generated?.withControl || !difference?.withControl) return unknown;
  const of = 'of the reference programs';
  const beside = against(reference.withControl, difference.withControl, SHARES, of);
  return `${percent(generated.withControl.estimate)} of the written programs have a branch or a loop${beside}. ${unknown}`;
}

/** The action whose share differs most. */
export function actionText({ generated, reference, difference }: ProgramComparison): string {
  if (!generated || !difference) return '';
  const names = Object.keys(difference.actionShares);
  const sizeOf = (name: string): number => Math.abs(difference.actionShares[name]!.estimate);
  const most = names.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
  const [written, drawn] = [generated, reference].map((side) => percent(side.actionShares[most]!.estimate));
  const apart = differenceInterval(difference.actionShares[most]!, SHARES);
  return `Among the actions, ${most} differs most: it is ${written} of all written actions and ${drawn} of those in the reference programs${apart}.`;
}

/** How many different programs there are, and how many of them differ in what they do. */
export function diversityText({ generated, reference }: ProgramComparison): string {
  if (!generated) return '';
  const count = (number: number, thing: string): string =>
    `${decimal(number)} different ${thing}${number === 1 ? '' : 's'}`;
  const side = ({ distinct, effectClasses }: Pick<ProgramStatistics, 'distinct' | 'effectClasses'>): string =>
    `${count(distinct, 'program')} with ${count(effectClasses, 'effect')}`;
  return `The model wrote ${side(generated)}; the reference programs are ${side(reference)}.`;
}

/** How many programs are as short as can be, on the specifications that the model solves. */
export function shortestText({ shortest }: ProgramComparison, minLength: number): string {
  if (!shortest) return '';
  const { all, solved } = shortest;
  const unknown =
    all.unknown > 0
      ? ` For ${decimal(all.unknown)} specifications the search for the shortest program gave up; they are left out, and may well be harder than the rest.`
      : '';
  if (!solved.generated || !solved.reference || !solved.difference) {
    return `There is no solved specification whose shortest program is known, so that nothing can be said of written programs here.${unknown}`;
  }
  const of = 'of the reference programs of the same specifications';
  const beside = against(solved.reference.asShort, solved.difference.asShort, SHARES, of);
  const { asShort, asShortInCorpus, length, shortestLength } = solved.generated;
  const range = rangeText(asShort.interval, SHARES);
  const same = against(
    solved.reference.asShortInCorpus,
    solved.difference.asShortInCorpus,
    SHARES,
    'of the reference programs',
  );
  const inCorpus =
    minLength > 1
      ? ` But no program of the corpus has fewer than ${decimal(minLength)} actions: ${percent(asShortInCorpus.estimate)} are as short as any solution of so many or more${same}.`
      : '';
  return (
    `Of the ${decimal(asShort.n)} programs that solve their specification, ${percent(asShort.estimate)}${range ? ` (${range})` : ''} are ` +
    `as short as any that solves it${beside}. They have ${COUNTS.value(length.estimate)} actions on average where ` +
    `${COUNTS.value(shortestLength.estimate)} would do.${inCorpus}${fewText(asShort)}${unknown}`
  );
}

/** Accuracy by whether the reference program was in the training corpus. */
export function trainingText({ inTraining, notInTraining }: ProgramComparison): string {
  const share = ({ estimate, interval }: Measured): string => {
    const range = rangeText(interval, SHARES);
    return `${percent(estimate)}${range ? ` (95 % interval ${range})` : ''}`;
  };
  if (!notInTraining) {
    return 'Every reference program of the test is also that of some training sample, with other worlds: this run cannot tell what the model does where the program is new.';
  }
  const rest = inTraining ? `, of the other ${decimal(inTraining.n)} it solves ${share(inTraining)}` : '';
  const alike = hasWidth(notInTraining.interval) ? '' : ' All of them came out alike, so there is no interval.';
  return (
    `${decimal(notInTraining.n)} reference programs occur in no training sample. Of their specifications the model solves ` +
    `${share(notInTraining)}${rest}.${fewText(notInTraining)}${alike} Programs that the corpus lacks tend to be long, so this compares hard specifications with easy ones too.`
  );
}
