// Stage 9: does the model, halfway through a program, know where the robot stands and faces?
import { abstractTrace, ORIGINAL, promptLength, type Semantics } from '../../src/karel/index.ts';
import { randomStream } from '../../src/random.ts';
import { PAPER_PROBE_TRAINING, testProbe, trainProbe } from '../../src/probe/index.ts';
import { type CodeGen, hiddenStates } from '../../src/transformer/index.ts';
import { encode, shape, splits } from './02-tokens.ts';
import { engine, newModel } from './06-model.ts';
import { model } from './07-train.ts';
import { write } from './08-write.ts';

/** For each split, every task with the program that the trained model writes for it. */
const written = Object.entries(splits).map(([name, tasks]) => {
  const programs = write(model, tasks);
  return [name, tasks.map((task, i) => ({ task, program: programs[i]! }))] as const;
});
type Split = keyof typeof splits;
type Written = (typeof written)[number][1];
const byName = Object.fromEntries(written) as Record<Split, Written>;

export const features = { facing: 4, x: 3 };
export type Feature = keyof typeof features;

// #region pairs
/** Hidden states after each action but the last, and the robot's state there: neither is in the prompt. */
function pairsOf(reader: CodeGen, split: Split, feature: Feature, semantics: Semantics) {
  const list = byName[split];
  const between = ({ program }: Written[number]) => program.slice(1).map((_, i) => promptLength(shape) + i);
  const sequences = list.map(({ task, program }) => encode(task, program));
  const hidden = hiddenStates(engine, reader, sequences, list.map(between));
  const labels = list.flatMap(({ task, program }) =>
    abstractTrace(task.inputs[0]!, program, semantics)
      .slice(1, -1)
      .map((state) => state[feature]),
  );
  return { x: engine.tensor([labels.length, hidden.length / labels.length], hidden), labels: Int32Array.from(labels) };
}
// #endregion

/** Accuracy on test of a linear probe, and of the answer that is most frequent there. */
export function probe(reader: CodeGen, feature: Feature, semantics: Semantics = ORIGINAL): string {
  const [train, validation, test] = (['train', 'validation', 'test'] as const).map((split) =>
    pairsOf(reader, split, feature, semantics),
  );
  const classes = features[feature];
  const random = randomStream('0', 'probe');
  const data = { train: train!, validation: validation! };
  const fitted = trainProbe(engine, data, 0, { heads: 1, classes }, PAPER_PROBE_TRAINING, random);
  const { accuracy, crossEntropy } = testProbe(engine, fitted.probe, test!);
  const counts = Array.from({ length: classes }, (_, c) => test!.labels.filter((label) => label === c).length);
  return `${train!.labels.length} ${test!.labels.length} ${accuracy.toFixed(3)} ${crossEntropy.toFixed(3)} ${(Math.max(...counts) / test!.labels.length).toFixed(3)}`;
}

export function show(): void {
  for (const feature of ['facing', 'x'] as const) {
    console.log(feature, 'trained', probe(model, feature));
    console.log(feature, 'untrained', probe(newModel(), feature));
  }
}
