/** @file Specifications in a corridor, and programs compared on them. */
import {
  type Action,
  type CorpusRecord,
  effectBattery,
  parseWorld,
  specify,
  type World,
} from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { comparePrograms } from '../../src/study/program-comparison.ts';
import { effectsOn } from '../../src/study/program-traits.ts';
import { describeSpecification, type TestSpecification } from '../../src/study/test-specifications.ts';

/** A corridor: the robot at its left end faces right. */
export const CORRIDOR = parseWorld('######\n#>...#\n######');
/** The same, its second cell from the right holds a marker. */
export const MARKED = parseWorld('######\n#>.1.#\n######');

export const actions = (text: string): Action[] => (text === '' ? [] : (text.split(' ') as Action[]));

interface Options {
  readonly inTraining?: boolean;
  /** The search for the shortest program gave up. */
  readonly gaveUp?: boolean;
  readonly unseen?: readonly World[];
}

/** Of the corridor without and with a marker; the unseen world is the latter, unless others are given. */
export function specification(reference: string, options: Options = {}) {
  const { inputs, outputs } = specify([CORRIDOR, MARKED], actions(reference));
  const record: CorpusRecord = { inputs, outputs, program: actions(reference), unseen: options.unseen ?? [MARKED] };
  const described = describeSpecification(record, options.inTraining ?? true);
  return options.gaveUp ? { ...described, shortest: null } : described;
}

export const battery = effectBattery(randomStream('test', 'effects'), { width: 4, height: 1 });

/** `programs` are one for each specification, undefined for a text that is none. */
export function compare(
  specifications: readonly TestSpecification[],
  programs: readonly (string | undefined)[],
  minLength = 1,
) {
  return comparePrograms(
    specifications,
    programs.map((text) => (text === undefined ? undefined : actions(text))),
    { effectOf: effectsOn(battery), random: randomStream('test', 'intervals'), minLength, kind: 'straight' },
  );
}
