/** @file How good the programs of a checkpoint are, and how sure it is of others. Chapter 11. */

import {
  ACTIONS,
  type CorpusRecord,
  effectBattery,
  type ProgramWord,
  promptLength,
  solves,
  TOKEN,
  worldEqualsAsDrawn,
  worldLines,
} from '../karel/index.ts';
import { randomStream } from '../random.ts';
import type { CheckpointResult } from '../results/results.ts';
import { exponential } from '../tensor/functions/exponential.ts';
import type { Engine } from '../tensor/index.ts';
import { type CodeGen, tokenLosses } from '../transformer/index.ts';
import { type CorpusReader, withCorpus } from './corpus-reader.ts';
import { comparePrograms } from './program-comparison.ts';
import { effectsOn } from './program-traits.ts';
import type { Inputs, RunPlan } from './run.ts';
import type { Settings } from './settings.ts';
import { type TestSpecification, testSpecifications } from './test-specifications.ts';

/** What the traces of a checkpoint say about it; the training metrics are added later. */
export type Evaluation = Omit<CheckpointResult, 'tokens' | 'trainLoss' | 'labelDistribution'>;

/** Judges the programs that were written for the first specifications of `test`, undefined where the text is none. */
export function evaluate(
  inputs: Inputs,
  engine: Engine,
  model: CodeGen,
  test: CorpusReader,
  written: readonly (readonly ProgramWord[] | undefined)[],
  step: number,
): Omit<Evaluation, 'ownProgramPerplexity'> {
  const { seed, settings } = inputs.plan;
  const { specifications, effectOf } = knownOf(inputs, test, written.length);
  const { minLength, programs: kind } = settings;
  const random = randomStream(seed, 'intervals');
  const programs = comparePrograms(specifications, written, { effectOf, random, minLength, kind });
  const { generated, reference } = programs;
  const records = specifications.map(({ record }) => record);
  const shown = typicalSpecification(records, settings);
  return {
    step,
    generativeAccuracy: programs.generativeAccuracy.estimate,
    unseenAccuracy: programs.unseenAccuracy.estimate,
    specifications: records.length,
    distinctPrograms: generated?.distinct ?? 0,
    meanLength: generated?.length.estimate ?? 0,
    referenceLength: reference.length.estimate,
    ...perplexities(engine, model, test, settings),
    actionShares: Object.fromEntries(ACTIONS.map((name) => [name, generated?.actionShares[name]?.estimate ?? 0])),
    programs,
    example: exampleOf(records[shown]!, written[shown]),
  };
}

/** What no checkpoint changes. */
interface Known {
  readonly specifications: readonly TestSpecification[];
  readonly effectOf: (program: readonly ProgramWord[]) => string;
}

/** Found out at a run's first evaluation, for all that follow. */
const known = new WeakMap<RunPlan, Known>();

function knownOf(inputs: Inputs, test: CorpusReader, count: number): Known {
  const { plan } = inputs;
  const before = known.get(plan);
  if (before) return before;
  const battery = effectBattery(randomStream(plan.seed, 'effects'), test.header.settings);
  const specifications = withCorpus(inputs, 'train', (train) => testSpecifications(test, train, count));
  const found = { specifications, effectOf: effectsOn(battery) };
  known.set(plan, found);
  return found;
}

/** exp of the mean loss per token of reference samples: grid tokens, and program tokens with END. */
function perplexities(engine: Engine, model: CodeGen, reader: CorpusReader, settings: Settings) {
  const sequences = Array.from({ length: settings.perplexitySamples }, (_, index) => reader.tokens(index));
  const prompt = promptLength(reader.header.settings);
  const total = { program: 0, programTokens: 0, grid: 0, gridTokens: 0 };
  tokenLosses(engine, model, sequences).forEach((losses, index) => {
    losses.forEach((loss, at) => {
      const token = sequences[index]![at + 1]!;
      if (at + 1 >= prompt) {
        total.program += loss;
        total.programTokens++;
      } else if (token >= TOKEN.WALL) {
        total.grid += loss;
        total.gridTokens++;
      }
    });
  });
  return {
    programPerplexity: exponential(total.program / total.programTokens),
    gridPerplexity: exponential(total.grid / total.gridTokens),
  };
}

/** The first specification whose reference program has a middling length and changes what is drawn. */
function typicalSpecification(records: readonly CorpusRecord[], { minLength, maxLength }: Settings): number {
  const length = Math.floor((minLength + maxLength) / 2);
  const index = records.findIndex(
    ({ program, inputs, outputs }) => program.length === length && !worldEqualsAsDrawn(inputs[0]!, outputs[0]!),
  );
  return Math.max(0, index);
}

function exampleOf(record: CorpusRecord, program: readonly ProgramWord[] | undefined): Evaluation['example'] {
  return {
    input: worldLines(record.inputs[0]!).join('\n'),
    output: worldLines(record.outputs[0]!).join('\n'),
    reference: record.program.join(' '),
    generated: program ? program.join(' ') : '(no program)',
    correct: program !== undefined && solves(record, program),
  };
}

/** The line that a person reads at a checkpoint. */
export function describeEvaluation(evaluation: Evaluation): string {
  const { step, generativeAccuracy, distinctPrograms, example } = evaluation;
  const inner = (world: string): string =>
    world
      .split('\n')
      .slice(1, -1)
      .map((line) => line.slice(1, -1))
      .join('/');
  const percent = `${(100 * generativeAccuracy).toFixed(1)}%`.padStart(6);
  return (
    `step ${String(step).padEnd(6)} ${percent} solved ${String(distinctPrograms).padStart(4)} programs  ` +
    `${inner(example.input)} -> ${inner(example.output)}: ${example.generated} (${example.correct ? 'right' : 'wrong'})`
  );
}
