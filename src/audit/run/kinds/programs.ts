/** @file Programs that checkpoints wrote, written again one at a time by the exact kernels, and judged. Appendix E. */
import { actionsOf, isAction, type ProgramWord, SPLITS, type Split, solves } from '../../../karel/index.ts';
import { withCorpus } from '../../../study/corpus-reader.ts';
import type { Evaluation } from '../../../study/evaluation.ts';
import { checkpointFile, evaluationFile, hiddenStatesFile, programsFile } from '../../../study/names.ts';
import { checkpointSteps, readJson } from '../../../study/run.ts';
import { readTraces, type StoredTraces, traceCounts } from '../../../study/stages/trace.ts';
import { TrainedModel } from '../../../study/trained-model.ts';
import { MODEL_FILES } from '../../../transformer/index.ts';
import { differencesOfTensors, differencesOfValues } from '../difference.ts';
import { type Grounds, SLOWNESS, secondsPerWork } from '../grounds.ts';
import type { Difference, Kind } from '../kind.ts';

const tracedSteps = ({ run }: Grounds): number[] =>
  checkpointSteps(run.plan).filter((step) => run.has(hiddenStatesFile(step)));

/**
 * A program and the hidden states behind it: what else was generated beside it changes no bit of either. Its address is its
 * place among those of its split.
 */
export function programKind(grounds: Grounds): Kind {
  const { run } = grounds;
  const counts = traceCounts(run.plan.settings);
  const items = tracedSteps(grounds).flatMap((step) =>
    SPLITS.flatMap((split) => Array.from({ length: counts[split] }, (_, number) => ({ step, split, number }))),
  );
  const each = SLOWNESS * secondsPerWork(grounds, 'trace');
  const tracesAt = lastOf((step) => readTraces(run, step));
  const modelAt = lastOf((step) => {
    const files = MODEL_FILES.map((file) => [file, run.read(checkpointFile(step, file))]);
    return new TrainedModel(grounds.exact, Object.fromEntries(files), run.plan.settings);
  });
  return {
    name: 'programs with hidden states',
    path: 'exact',
    count: items.length,
    address: (item) => `${programsFile(items[item]!.step)}: ${items[item]!.split}[${items[item]!.number}]`,
    seconds: () => each,
    check: (item) => {
      const { step, split, number } = items[item]!;
      const record = withCorpus(run, split, (corpus) => corpus.record(number));
      const { words = [], hidden } = modelAt(step).write(record);
      const stored = tracesAt(step);
      const name = `${programsFile(step)}: ${split}[${number}]`;
      const texts = differencesOfValues(name, stored.programs[split][number]?.join(' '), words.join(' '));
      if (texts.length > 0) return texts;
      return rowsThatDiffer(stored, split, number, words, hidden, step);
    },
  };
}

function rowsThatDiffer(
  { programs, hiddenStates }: StoredTraces,
  split: Split,
  number: number,
  words: readonly ProgramWord[],
  hidden: Float32Array,
  step: number,
): Difference[] {
  const actions = words.filter(isAction).length;
  if (actions === 0) return [];
  const width = hidden.length / actions;
  const first = programs[split].slice(0, number).reduce((sum, program) => sum + actionsOf(program).length, 0);
  const rows = hiddenStates[split].subarray(first * width, (first + actions) * width);
  const tensor = (data: Float32Array) => new Map([['states', { shape: [actions, width], data }]]);
  const name = `${hiddenStatesFile(step)}: ${split}, from row ${first}`;
  return differencesOfTensors(name, tensor(rows), tensor(hidden));
}

/** The share of solved test specifications: each stored program is run again in its worlds. */
export function solvedKind(grounds: Grounds): Kind {
  const { run } = grounds;
  const steps = tracedSteps(grounds).filter((step) => run.has(evaluationFile(step)));
  return {
    name: 'shares of solved specifications',
    path: 'exact',
    count: steps.length,
    address: (item) => `${evaluationFile(steps[item]!)}: generativeAccuracy`,
    seconds: () => 0.1,
    check: (item) => {
      const step = steps[item]!;
      const programs = readTraces(run, step).programs.test;
      const solved = withCorpus(run, 'test', (corpus) =>
        programs.filter((words, number) => words.length > 0 && solves(corpus.record(number), words)),
      ).length;
      const { generativeAccuracy, specifications } = readJson<Evaluation>(run, evaluationFile(step));
      const again = { generativeAccuracy: solved / programs.length, specifications: programs.length };
      return differencesOfValues(evaluationFile(step), { generativeAccuracy, specifications }, again);
    },
  };
}

/** Keeps what was made for the last step that was asked for. */
export function lastOf<T>(make: (step: number) => T): (step: number) => T {
  let kept: { readonly step: number; readonly made: T } | undefined;
  return (step) => {
    if (kept?.step !== step) kept = { step, made: make(step) };
    return kept.made;
  };
}
