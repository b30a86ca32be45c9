/** @file Reference and generated programs beside the shortest programs that do the same. Chapter 11. */
import type { Random } from '../karel/index.ts';
import { withIntervals } from '../probe/statistics/index.ts';
import type { ShortestComparison, ShortestMeasures } from '../results/results.ts';

/** The lengths of the programs for one specification. */
export interface Lengths {
  /** Of the shortest program, or null where it is not known. */
  readonly shortest: number | null;
  readonly reference: number;
  /** Of the generated program if it solves the specification. */
  readonly solution: number | undefined;
}

/**
 * How many programs are as short as can be: of all reference programs, and where the generated program is right. The
 * programs of the corpus have at least `minLength` actions.
 */
export function compareWithShortest(
  lengths: readonly Lengths[],
  minLength: number,
  random: Random,
): ShortestComparison {
  const solved = lengths.filter(({ solution }) => solution !== undefined);
  const unknownAmong = (some: readonly Lengths[]): number => some.filter(({ shortest }) => shortest === null).length;
  const beside = measure(solved, minLength, random);
  return {
    all: { unknown: unknownAmong(lengths), reference: measure(lengths, minLength, random)?.reference ?? null },
    solved: {
      unknown: unknownAmong(solved),
      reference: beside?.reference ?? null,
      generated: beside?.generated ?? null,
      difference: beside?.difference ?? null,
    },
  };
}

/** Null where no shortest length is known. The generated side means something only if all are solved. */
function measure(lengths: readonly Lengths[], minLength: number, random: Random) {
  const clusters = lengths.flatMap(({ shortest, reference, solution = 0 }) =>
    shortest === null
      ? []
      : [
          {
            n: 1,
            shortest,
            reference,
            solution,
            referenceAsShort: reference === shortest ? 1 : 0,
            solutionAsShort: solution === shortest ? 1 : 0,
            referenceInCorpus: reference <= Math.max(shortest, minLength) ? 1 : 0,
            solutionInCorpus: solution <= Math.max(shortest, minLength) ? 1 : 0,
          },
        ],
  );
  if (clusters.length === 0) return null;
  const found = withIntervals(
    clusters,
    {
      shortestLength: ({ shortest, n }) => shortest / n,
      referenceLength: ({ reference, n }) => reference / n,
      referenceAsShort: ({ referenceAsShort, n }) => referenceAsShort / n,
      referenceAsShortInCorpus: ({ referenceInCorpus, n }) => referenceInCorpus / n,
      solutionLength: ({ solution, n }) => solution / n,
      solutionAsShort: ({ solutionAsShort, n }) => solutionAsShort / n,
      solutionAsShortInCorpus: ({ solutionInCorpus, n }) => solutionInCorpus / n,
      moreLength: ({ solution, reference, n }) => (solution - reference) / n,
      moreAsShort: ({ solutionAsShort, referenceAsShort, n }) => (solutionAsShort - referenceAsShort) / n,
      moreAsShortInCorpus: ({ solutionInCorpus, referenceInCorpus, n }) => (solutionInCorpus - referenceInCorpus) / n,
    },
    random,
  );
  const side = (name: 'reference' | 'solution'): ShortestMeasures => ({
    length: found[`${name}Length`],
    shortestLength: found.shortestLength,
    asShort: found[`${name}AsShort`],
    asShortInCorpus: found[`${name}AsShortInCorpus`],
  });
  const difference = {
    length: found.moreLength,
    asShort: found.moreAsShort,
    asShortInCorpus: found.moreAsShortInCorpus,
  };
  return { reference: side('reference'), generated: side('solution'), difference };
}
