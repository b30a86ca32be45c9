/** @file What the model writes, over training: accuracy, diversity, length, perplexity. Chapter 11. */

import { findPhases } from '../results/phases.ts';
import type { CheckpointResult, Measured, ProgramComparison, Results } from '../results/results.ts';
import { COUNTS, decimal, hasWidth, isFiniteNumber, percent, rangeText, SHARES, type Unit } from './format.ts';
import { type LineChart, lineChart, type Point } from './line-chart.ts';
import { lastCheckpoint, lengthUnit } from './select.ts';
import { PAGE_THEME } from './theme.ts';
import { stepsLabel } from './unfinished.ts';

/** A column of the checkpoints as points, each with its value in words. */
export function checkpointPoints(
  results: Results,
  value: (checkpoint: CheckpointResult) => number,
  words: (value: number) => string,
): Point[] {
  return results.checkpoints.map((checkpoint) => ({
    x: checkpoint.step,
    y: value(checkpoint),
    title: `step ${decimal(checkpoint.step)}: ${words(value(checkpoint))}`,
  }));
}

/** The same with a band for the interval of each value, where there is one. */
function pointsWithBand(
  results: Results,
  value: (checkpoint: CheckpointResult) => number,
  measured: (programs: ProgramComparison) => Measured | undefined,
  unit: Unit,
  noun = '',
): Point[] {
  return checkpointPoints(results, value, (number) => `${unit.value(number)}${noun}`).map((point, index) => {
    const { programs } = results.checkpoints[index]!;
    const interval = measured(programs)?.interval;
    if (!hasWidth(interval)) return point;
    const title = `${point.title} (95 % interval ${rangeText(interval, unit)})`;
    return { ...point, title, band: [interval.low, interval.high] };
  });
}

/** ` (95 % interval 80.5 to 83.3 %)`, or nothing. */
function inBrackets(measured: Measured | undefined, unit: Unit): string {
  const range = rangeText(measured?.interval, unit);
  return range && ` (95 % interval ${range})`;
}

/** The top of an axis from 0: a little above the largest value. */
export function ceilingOf(values: readonly unknown[], least: number): number {
  return Math.max(least, ...values.filter(isFiniteNumber).map((value) => value * 1.08));
}

function shared(results: Results): Pick<LineChart, 'theme' | 'phases' | 'xLabel'> {
  return { theme: PAGE_THEME, phases: findPhases(results), xLabel: stepsLabel(results) };
}

export function accuracyChart(results: Results): string {
  const last = lastCheckpoint(results);
  return lineChart({
    ...shared(results),
    alt: `Line chart of the share of test specifications solved over training; ${percent(last?.generativeAccuracy)}${inBrackets(last?.programs?.generativeAccuracy, SHARES)} at the last checkpoint, ${percent(last?.unseenAccuracy)}${inBrackets(last?.programs?.unseenAccuracy, SHARES)} also right on unseen inputs.`,
    yDomain: [0, 1],
    yFormat: (value) => percent(value, 0),
    series: [
      {
        label: 'solved',
        color: PAGE_THEME.blue,
        points: pointsWithBand(
          results,
          (checkpoint) => checkpoint.generativeAccuracy,
          (programs) => programs.generativeAccuracy,
          SHARES,
        ),
      },
      {
        label: 'also unseen',
        color: PAGE_THEME.teal,
        dash: '5 3',
        symbol: 'square',
        hollow: true,
        points: pointsWithBand(
          results,
          (checkpoint) => checkpoint.unseenAccuracy,
          (programs) => programs.unseenAccuracy,
          SHARES,
        ),
      },
    ],
  });
}

export function distinctChart(results: Results): string {
  const counts = results.checkpoints.map((checkpoint) => checkpoint.distinctPrograms);
  const last = lastCheckpoint(results);
  return lineChart({
    ...shared(results),
    alt: `Line chart of the number of different programs written for the test specifications; ${decimal(last?.distinctPrograms)} at the last checkpoint.`,
    yDomain: [0, ceilingOf(counts, 5)],
    yFormat: (value) => decimal(value),
    series: [
      {
        label: 'distinct',
        color: PAGE_THEME.blue,
        points: checkpointPoints(
          results,
          (checkpoint) => checkpoint.distinctPrograms,
          (value) => `${decimal(value)} different programs`,
        ),
      },
    ],
  });
}

export function lengthChart(results: Results): string {
  const lengths = results.checkpoints.flatMap((checkpoint) => [checkpoint.meanLength, checkpoint.referenceLength]);
  const last = lastCheckpoint(results);
  return lineChart({
    ...shared(results),
    alt: `Line chart of mean program length; at the last checkpoint the model writes ${decimal(last?.meanLength, 2)} ${lengthUnit(results)}${inBrackets(last?.programs?.generated?.length, COUNTS)} where the reference programs have ${decimal(last?.referenceLength, 2)}${inBrackets(last?.programs?.reference.length, COUNTS)}.`,
    yDomain: [0, ceilingOf(lengths, 1)],
    yFormat: (value) => decimal(value, Number.isInteger(value) ? 0 : 1),
    series: [
      {
        label: 'reference',
        color: PAGE_THEME.orange,
        dash: '6 4',
        symbol: 'none',
        points: pointsWithBand(
          results,
          (checkpoint) => checkpoint.referenceLength,
          (programs) => programs.reference.length,
          COUNTS,
          ` ${lengthUnit(results)}`,
        ),
      },
      {
        label: 'written',
        color: PAGE_THEME.blue,
        points: pointsWithBand(
          results,
          (checkpoint) => checkpoint.meanLength,
          (programs) => programs.generated?.length,
          COUNTS,
          ` ${lengthUnit(results)}`,
        ),
      },
    ],
  });
}

export function perplexityChart(results: Results): string {
  const values = results.checkpoints.flatMap((checkpoint) => [
    checkpoint.programPerplexity,
    checkpoint.gridPerplexity,
    checkpoint.ownProgramPerplexity,
  ]);
  const most = ceilingOf(values, 2);
  const last = lastCheckpoint(results);
  const words = (value: number) => `perplexity ${decimal(value, 2)}`;
  return lineChart({
    ...shared(results),
    alt: `Line chart, logarithmic, of perplexity per token on the test split; at the last checkpoint ${decimal(last?.programPerplexity, 2)} on program tokens and ${decimal(last?.gridPerplexity, 2)} on grid tokens, ${decimal(last?.ownProgramPerplexity, 2)} on the programs that the model wrote itself.`,
    yDomain: [1, most],
    yScale: 'log',
    yTicks: [1, 1.5, 2, 3, 5, 10, 20, 50, 100, 1000].filter((tick) => tick <= most),
    yFormat: String,
    series: [
      {
        label: 'program',
        color: PAGE_THEME.blue,
        points: checkpointPoints(results, (checkpoint) => checkpoint.programPerplexity, words),
      },
      {
        label: 'grid',
        color: PAGE_THEME.teal,
        dash: '5 3',
        symbol: 'square',
        hollow: true,
        points: checkpointPoints(results, (checkpoint) => checkpoint.gridPerplexity, words),
      },
      {
        label: 'own program',
        color: PAGE_THEME.orange,
        dash: '2 3',
        symbol: 'diamond',
        points: checkpointPoints(results, (checkpoint) => checkpoint.ownProgramPerplexity, words),
      },
    ],
  });
}
