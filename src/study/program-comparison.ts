/** @file How the programs that a checkpoint wrote differ from the reference programs. Chapter 11. */
import {
  ACTIONS,
  type Action,
  agreesOn,
  type ProgramKind,
  type ProgramWord,
  type Random,
  solves,
} from '../karel/index.ts';
import { type Statistic, withIntervals } from '../probe/statistics/index.ts';
import type { Measured, ProgramComparison, ProgramMeasures, ProgramStatistics } from '../results/results.ts';
import { type Traits, traitsOf } from './program-traits.ts';
import { compareWithShortest, type Lengths } from './shortest-comparison.ts';
import type { TestSpecification } from './test-specifications.ts';

export interface ComparisonMeans {
  /** The effect class of a program: see `effectsOn`. */
  readonly effectOf: (program: readonly ProgramWord[]) => string;
  /** Draws the resamples. */
  readonly random: Random;
  /** Fewest actions of a program in the corpus. */
  readonly minLength: number;
  /** Which programs the corpus has. */
  readonly kind: ProgramKind;
}

/** Compares the programs, one a specification in the same order, undefined where what was written is none. */
export function comparePrograms(
  specifications: readonly TestSpecification[],
  programs: readonly (readonly ProgramWord[] | undefined)[],
  { effectOf, random, minLength, kind }: ComparisonMeans,
): ProgramComparison {
  const answers = specifications.map((specification, index) => answerOf(specification, programs[index]));
  const written = answers.filter(({ program }) => program !== undefined);
  // What all specifications tell comes first: every checkpoint is then judged on the same resamples of them.
  const { generativeAccuracy, unseenAccuracy } = accuracies(answers, random);
  const { reference } = measures(kind, specifications.map(referenceTotals), { reference: referenceShare }, random);
  const accuracyWhere = (inTraining: boolean): Measured | null => {
    const some = answers.filter(({ specification }) => specification.inTraining === inTraining);
    if (some.length === answers.length) return generativeAccuracy;
    return some.length === 0 ? null : accuracies(some, random).generativeAccuracy;
  };
  const beside =
    written.length === 0
      ? null
      : measures(kind, written.map(bothTotals), { generated: generatedShare, difference }, random);
  return {
    generativeAccuracy,
    unseenAccuracy,
    inTraining: accuracyWhere(true),
    notInTraining: accuracyWhere(false),
    reference: {
      ...countsOf(
        specifications.map(({ record }) => record.program),
        effectOf,
      ),
      ...reference,
    },
    generated: beside && {
      ...countsOf(
        written.map(({ program }) => program!),
        effectOf,
      ),
      ...beside.generated,
    },
    difference: beside?.difference ?? null,
    shortest: kind === 'control' ? null : compareWithShortest(answers.map(lengthsOf), minLength, random),
  };
}

function lengthsOf({ specification: { shortest, record }, program, solved }: Answer): Lengths {
  return { shortest, reference: record.program.length, solution: solved ? program?.length : undefined };
}

interface Answer {
  readonly specification: TestSpecification;
  readonly program: readonly ProgramWord[] | undefined;
  readonly solved: boolean;
  /** Solved, and right on the unseen inputs. */
  readonly unseen: boolean;
}

function answerOf(specification: TestSpecification, program: readonly ProgramWord[] | undefined): Answer {
  const { record } = specification;
  const solved = program !== undefined && solves(record, program);
  return { specification, program, solved, unseen: solved && agreesOn(record.unseen, record.program, program) };
}

function accuracies(answers: readonly Answer[], random: Random) {
  return withIntervals(
    answers.map(({ solved, unseen }) => ({ solved: solved ? 1 : 0, unseen: unseen ? 1 : 0, n: 1 })),
    { generativeAccuracy: ({ solved, n }) => solved / n, unseenAccuracy: ({ unseen, n }) => unseen / n },
    random,
  );
}

function countsOf(
  programs: readonly (readonly ProgramWord[])[],
  effectOf: (program: readonly ProgramWord[]) => string,
): Pick<ProgramStatistics, 'programs' | 'distinct' | 'effectClasses' | 'lengths'> {
  const distinct = new Map(programs.map((program) => [program.join(' '), program]));
  const effectClasses = new Set([...distinct.values()].map(effectOf)).size;
  const longest = programs.reduce((most, { length }) => Math.max(most, length), 0);
  const lengths = new Array<number>(longest + 1).fill(0);
  for (const { length } of programs) lengths[length]!++;
  return { programs: programs.length, distinct: distinct.size, effectClasses, lengths };
}

/** What is counted for a measure, and among what. */
const MEASURES = {
  length: ['length', 'programs'],
  noOps: ['noOps', 'programs'],
  withNoOp: ['withNoOp', 'programs'],
  notMinimal: ['notMinimal', 'programs'],
  withControl: ['withControl', 'programs'],
  move: ['move', 'actions'],
  turnLeft: ['turnLeft', 'actions'],
  turnRight: ['turnRight', 'actions'],
  pickMarker: ['pickMarker', 'actions'],
  putMarker: ['putMarker', 'actions'],
} as const satisfies Record<Action | Exclude<keyof ProgramMeasures, 'actionShares'>, [keyof Traits, keyof Traits]>;

type Measure = keyof typeof MEASURES;

/** What each kind of corpus is not asked: a straight line has no branch, and what is idle in one is known of straight lines only. */
const NOT_ASKED: Readonly<Record<ProgramKind, readonly Measure[]>> = {
  straight: ['withControl'],
  control: ['noOps', 'withNoOp', 'notMinimal'],
};
type Side = 'reference' | 'generated';

/** The traits of both sides under names such as `generated.noOps`. */
type Totals = Readonly<Record<string, number>>;

function share(side: Side, measure: Measure): Statistic<Totals> {
  const [counted, among] = MEASURES[measure].map((trait) => `${side}.${trait}`);
  return (totals) => totals[counted!]! / totals[among!]!;
}

const referenceShare = (measure: Measure): Statistic<Totals> => share('reference', measure);
const generatedShare = (measure: Measure): Statistic<Totals> => share('generated', measure);

function difference(measure: Measure): Statistic<Totals> {
  const [generated, reference] = [generatedShare(measure), referenceShare(measure)];
  return (totals) => generated(totals) - reference(totals);
}

/** Every measure of every kind, all from the same resampled specifications. */
function measures<Kind extends string>(
  programs: ProgramKind,
  clusters: readonly Totals[],
  kinds: Readonly<Record<Kind, (measure: Measure) => Statistic<Totals>>>,
  random: Random,
): Record<Kind, ProgramMeasures> {
  const names = Object.keys(kinds) as Kind[];
  const asked = (Object.keys(MEASURES) as Measure[]).filter((measure) => !NOT_ASKED[programs].includes(measure));
  const statistics = Object.fromEntries(
    names.flatMap((kind) => asked.map((measure) => [`${kind}.${measure}`, kinds[kind](measure)])),
  );
  const found = withIntervals(clusters, statistics, random);
  const measuresOf = (kind: Kind): ProgramMeasures => {
    const named = (measure: Measure): Measured => found[`${kind}.${measure}`]!;
    const ifAsked = (measure: Measure): Measured | null => (asked.includes(measure) ? named(measure) : null);
    return {
      length: named('length'),
      noOps: ifAsked('noOps'),
      withNoOp: ifAsked('withNoOp'),
      notMinimal: ifAsked('notMinimal'),
      ...(asked.includes('withControl') ? { withControl: named('withControl') } : {}),
      actionShares: Object.fromEntries(ACTIONS.map((action) => [action, named(action)])),
    };
  };
  return Object.fromEntries(names.map((kind) => [kind, measuresOf(kind)])) as Record<Kind, ProgramMeasures>;
}

function labelled(side: Side, traits: Traits): Totals {
  return Object.fromEntries(Object.entries(traits).map(([name, sum]) => [`${side}.${name}`, sum]));
}

function referenceTotals({ traits }: TestSpecification): Totals {
  return labelled('reference', traits);
}

/** Of an answer that is a program. */
function bothTotals({ specification, program }: Answer): Totals {
  const written = traitsOf(specification.record.inputs, program!);
  return { ...referenceTotals(specification), ...labelled('generated', written) };
}
