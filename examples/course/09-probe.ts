// Stage 9: does the model know, halfway through its program, which way the robot faces by now?
import { type Action, abstractTrace, ORIGINAL, promptLength, type Semantics } from '../../src/karel/index.ts';
import { PAPER_PROBE_TRAINING, testProbe, trainProbe } from '../../src/probe/index.ts';
import { randomStream } from '../../src/random.ts';
import { type CodeGen, hiddenStates } from '../../src/transformer/index.ts';
import { encode, shape, splits, type Task } from './02-tokens.ts';
import { engine, newModel } from './06-model.ts';
import { model } from './07-train.ts';
import { write } from './08-write.ts';

export interface Written {
  readonly task: Task;
  readonly program: readonly Action[];
}

const writtenFor = (tasks: readonly Task[]): Written[] =>
  write(model, tasks).map((program, i) => ({ task: tasks[i]!, program }));
const written = {
  train: writtenFor(splits.train),
  validation: writtenFor(splits.validation),
  test: writtenFor(splits.test),
};

/** Hidden states right after each action but the last, and the robot's facing there: the prompt shows neither. */
function pairsOf(reader: CodeGen, list: readonly Written[], layer: number | 'mean', semantics: Semantics) {
  const sequences = list.map(({ task, program }) => encode(task, program));
  const between = list.map(({ program }) => program.slice(1).map((_, i) => promptLength(shape) + i));
  const hidden = hiddenStates(engine, reader, sequences, between, { layer });
  const facings = list.flatMap(({ task, program }) =>
    abstractTrace(task.inputs[0]!, program, semantics)
      .slice(1, -1)
      .map(({ facing }) => facing),
  );
  return {
    x: engine.tensor([facings.length, hidden.length / facings.length], hidden),
    labels: Int32Array.from(facings),
  };
}

/** On test: the share of right answers of a linear probe, and that of the answer which is right most often. */
export function probe(reader: CodeGen, layer: number | 'mean', semantics: Semantics = ORIGINAL) {
  const pairs = (split: keyof typeof written) => pairsOf(reader, written[split], layer, semantics);
  const [data, test] = [{ train: pairs('train'), validation: pairs('validation') }, pairs('test')];
  const shapeOfFacing = { heads: 1, classes: 4 };
  const fitted = trainProbe(engine, data, 0, shapeOfFacing, PAPER_PROBE_TRAINING, randomStream('0', 'probe'));
  const counts = [0, 1, 2, 3].map((facing) => test.labels.filter((label) => label === facing).length);
  return {
    accuracy: testProbe(engine, fitted.probe, test).accuracy,
    majority: Math.max(...counts) / test.labels.length,
    pairs: test.labels.length,
  };
}

export function show(): void {
  console.log(probe(model, 1).pairs, probe(model, 1).majority.toFixed(2)); // => 253 0.49
  for (const layer of [0, 1, 2, 'mean'] as const) {
    const [trained, untrained] = [probe(model, layer), probe(newModel(), layer)];
    console.log(layer, trained.accuracy.toFixed(2), untrained.accuracy.toFixed(2));
  }
  // =>
  // 0 0.45 0.44
  // 1 0.80 0.47
  // 2 0.64 0.64
  // mean 0.70 0.64
}
