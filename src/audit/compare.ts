/** @file Two runs that should be the same: where they begin to differ, down to one number of one op. Appendix E. */

import { modelConfig } from '../study/model-config.ts';
import { checkpointFiles, corpusFile } from '../study/names.ts';
import type { Progress } from '../study/progress.ts';
import { checkpointSteps, type Run } from '../study/run.ts';
import type { Engine } from '../tensor/index.ts';
import { parameterSpecs } from '../transformer/index.ts';
import { arithmeticOf } from './arithmetic.ts';
import { corpusDifference } from './compare-corpus.ts';
import { byFolder, fileDifferences, settingDifferences } from './compare-manifests.ts';
import { compareBetween, compareInitial, type Side } from './compare-training.ts';

export interface Comparison {
  readonly equal: boolean;
  /** What was found, from the whole to the parts. */
  readonly lines: readonly string[];
}

/** `engineOf` gives an engine of an arithmetic, and is asked only where training has to be done again. */
export async function compareRuns(
  one: Run,
  other: Run,
  engineOf: (arithmetic: 'simd' | 'relaxed-simd') => Promise<Engine>,
  progress: Progress,
): Promise<Comparison> {
  const settings = settingDifferences(one, other);
  const files = fileDifferences(one, other);
  const found = [...files.others, ...files.onlyInOne, ...files.onlyInOther, ...files.damaged];
  if (settings.length + found.length === 0) {
    return { equal: true, lines: [`the same: all settings, and ${one.artefacts.length} files, byte for byte`] };
  }
  const differing = new Set(files.others);
  const lines = [
    ...settings.map((text) => `setting ${text}`),
    ...(files.others.length > 0 ? [`other bytes: ${byFolder(files.others)}`] : []),
    ...(files.onlyInOne.length > 0 ? [`in ${one.store.place} alone: ${byFolder(files.onlyInOne)}`] : []),
    ...(files.onlyInOther.length > 0 ? [`in ${other.store.place} alone: ${byFolder(files.onlyInOther)}`] : []),
    ...files.damaged.map(
      ({ run, name }) => `${run.store.place}/${name} was changed after it was made: not as its manifest says`,
    ),
  ];
  const result = (more: readonly string[]): Comparison => ({ equal: false, lines: [...lines, ...more] });
  if (differing.has(corpusFile('train'))) lines.push(`training corpora: ${corpusDifference(one, other)}`);
  if (one.plan.imported ?? other.plan.imported) return result(['a model was imported: its training is not known']);
  if (shapeOf(one) !== shapeOf(other))
    return result(['the models have other shapes: no number of one is one of the other']);

  const needed = (step: number) => checkpointFiles(step);
  const steps = checkpointSteps(one.plan).filter(
    (step) =>
      checkpointSteps(other.plan).includes(step) && needed(step).every((name) => one.has(name) && other.has(name)),
  );
  const at = steps.findIndex((step) => needed(step).some((name) => differing.has(name)));
  if (at < 0) return result(['no checkpoint that both have differs']);
  const damaged = files.damaged.find(({ name }) => [corpusFile('train'), ...needed(steps[at]!)].includes(name));
  if (damaged) return result([`the first checkpoint that differs is ${steps[at]}: what was changed explains it`]);
  const sides: [Side, Side] = [
    { run: one, engine: await engineOf(arithmeticOf(one)) },
    { run: other, engine: await engineOf(arithmeticOf(other)) },
  ];
  lines.push(`the first checkpoint that differs: ${steps[at]}${at > 0 ? `; ${steps[at - 1]} is the same` : ''}`);
  return result(at === 0 ? compareInitial(sides) : compareBetween(sides, steps[at - 1]!, steps[at]!, progress));
}

const shapeOf = ({ plan }: Run): string => JSON.stringify(parameterSpecs(modelConfig(plan.settings)));
