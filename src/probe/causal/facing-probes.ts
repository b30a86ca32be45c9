/** @file Linear probes for the direction in which a robot faces now, at one layer, one for each example. Chapter 14. */

import type { Semantics } from '../../karel/index.ts';
import type { Engine } from '../../tensor/engine.ts';
import { square } from '../../tensor/functions/power.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import { type BySplit, bySplit } from '../checkpoint-traces.ts';
import { ProbeError } from '../errors.ts';
import { featureLabels, featureShape } from '../features.ts';
import { frequencyCrossEntropy, majorityAccuracy, usableInformation } from '../information.ts';
import { executeUnder, type GeneratedProgram } from '../intervention.ts';
import { trainLinear } from '../linear.ts';
import { testProbe } from '../score.ts';
import { type Standardization, standardizationOf, standardize } from '../standardize.ts';
import { alignPairs, type Pairs } from '../traces.ts';
import type { FacingProbeScore } from './results.ts';

/** What a model wrote, and its hidden states of one layer. */
export interface LayerTraces {
  readonly layer: number;
  readonly width: number;
  readonly programs: BySplit<readonly GeneratedProgram[]>;
  /** From which each action was generated, program after program, without END. [actions in all, width] */
  readonly hidden: BySplit<FloatArray>;
}

/** Hidden states before each action but a program's first, on the training traces: where edits are made. */
export interface LayerGeometry {
  readonly standardization: Standardization;
  /** Root mean square of a hidden state's distance from the mean. */
  readonly distance: number;
}

/** The robot has done all actions but the one that is being generated: h_i is asked about s_{i - 1}, from i = 2 on. */
const NOW = { offset: -1, lastState: 'dropped', runs: 1 } as const;

function pairsOf({ programs }: LayerTraces): BySplit<Pairs> {
  return bySplit((split) =>
    alignPairs(
      programs[split].map(({ actions }) => actions.length),
      NOW,
    ),
  );
}

/** Throws {@link ProbeError} if no training program has two actions. */
export function layerGeometry(traces: LayerTraces): LayerGeometry {
  const { width, hidden } = traces;
  const rows = pairsOf(traces).train.hidden;
  if (rows.length === 0) throw new ProbeError('edit: no training program of 2 actions or more');
  const standardization = standardizationOf(hidden.train, rows, width);
  let squares = 0;
  for (const row of rows) {
    for (let j = 0; j < width; j++) squares += square(hidden.train[row * width + j]! - standardization.mean[j]!);
  }
  return { standardization, distance: Math.sqrt(squares / rows.length) };
}

export interface FacingProbes {
  /** For each example, the weights of the four facings for standardised hidden states. [4, width] */
  readonly weights: readonly FloatArray[];
  /** [4] */
  readonly biases: readonly FloatArray[];
  readonly scores: readonly FacingProbeScore[];
}

/**
 * Trains one probe for each example on facings under `semantics`. Throws {@link ProbeError} if a
 * split has too few pairs.
 */
export function trainFacingProbes(
  engine: Engine,
  traces: LayerTraces,
  geometry: LayerGeometry,
  semantics: Semantics,
): FacingProbes {
  const { layer, programs } = traces;
  const world = programs.train[0]!.inputs[0]!;
  const shape = featureShape('direction', world);
  const pairs = pairsOf(traces);
  if (pairs.test.state.length === 0) throw new ProbeError('edit: no test program of 2 actions or more');
  return engine.scope(() => {
    const x = bySplit((s) => standardize(engine, traces.hidden[s], pairs[s].hidden, geometry.standardization));
    const trained = programs.train[0]!.inputs.map((_, example) => {
      const labels = bySplit((s) => {
        const table = executeUnder(semantics, programs[s], example);
        return featureLabels('direction', table, pairs[s].state, world);
      });
      return engine.scope(() => {
        const data = bySplit((s) => ({ x: x[s], labels: labels[s] }));
        const { probe } = trainLinear(engine, data, shape);
        const { accuracy, crossEntropy } = testProbe(engine, probe, data.test);
        const known = usableInformation(frequencyCrossEntropy(labels.train, labels.test, shape), crossEntropy);
        const score: FacingProbeScore = {
          semantics: semantics.name,
          layer,
          example,
          accuracy,
          majority: majorityAccuracy(labels.train, labels.test, shape),
          information: known.bits,
          informationShare: known.share,
          n: labels.test.length,
        };
        return { weights: probe.weight.slice(), bias: probe.bias.slice(), score };
      });
    });
    return {
      weights: trained.map(({ weights }) => weights),
      biases: trained.map(({ bias }) => bias),
      scores: trained.map(({ score }) => score),
    };
  });
}

/** The facing that the probe for this example finds most probable in a hidden state [width]; of equals the lowest. */
export function readFacing(
  { weights, biases }: FacingProbes,
  { standardization: { mean, deviation } }: LayerGeometry,
  example: number,
  hidden: FloatArray,
): number {
  const width = mean.length;
  const logits = Array.from(biases[example]!, (bias, facing) => {
    let sum = bias;
    for (let j = 0; j < width; j++) {
      sum += (weights[example]![facing * width + j]! * (hidden[j]! - mean[j]!)) / deviation[j]!;
    }
    return sum;
  });
  return logits.indexOf(Math.max(...logits));
}
