/** @file The linear probes that a run keeps, tested again by the exact kernels. Appendix E. */
import { CheckpointExecutions, splitPairs } from '../../../probe/checkpoint-traces.ts';
import { countsOf } from '../../../probe/evaluate.ts';
import {
  type BySplit,
  bySplit,
  featureLabels,
  frequencyCrossEntropy,
  type KeptProbe,
  type KeptProbes,
  majorityAccuracy,
  Probe,
  readProbes,
  testProbe,
  usableInformation,
} from '../../../probe/index.ts';
import { probesFile, probeWeightsFile } from '../../../study/names.ts';
import { checkpointSteps, type Run, readJson } from '../../../study/run.ts';
import { gridOf, labellingOf, type ProbeFile } from '../../../study/stages/probe.ts';
import { type StoredSplit, storedTraces, worldSizeOf } from '../../../study/stored-traces.ts';
import type { Engine } from '../../../tensor/index.ts';
import { differencesOfValues } from '../difference.ts';
import { type Grounds, SLOWNESS, secondsPerWork } from '../grounds.ts';
import type { Kind } from '../kind.ts';
import { inputsOfRecords, inputsOfStates } from './probe-inputs.ts';
import { lastOf } from './programs.ts';

/** What all probes of a checkpoint share. */
interface Material {
  readonly stored: BySplit<StoredSplit>;
  readonly executions: CheckpointExecutions;
  readonly kept: KeptProbes;
  readonly file: ProbeFile;
  readonly semantics: readonly string[];
}

/**
 * Labels from executing the programs, inputs from the stored hidden states, answers from the kept weights: what the run says of
 * the probe must follow, to the bit. That training leads to these weights is checked where checkpoints are probed again.
 */
export function keptProbeKind(grounds: Grounds): Kind {
  const { run, exact } = grounds;
  const steps = checkpointSteps(run.plan).filter((step) => run.has(probeWeightsFile(step)));
  const items = steps.flatMap((step) => probesAt(run, step).probes.map((_, number) => ({ step, number })));
  const materialAt = lastOf((step) => materialOf(run, step));
  const nameOf = ({ source, offset, semantics, feature }: KeptProbe) => `${source}/${offset}/${semantics}/${feature}`;
  const { traceTest, traceTrain } = run.plan.settings;
  return {
    name: 'kept linear probes',
    path: 'exact',
    count: items.length,
    address: (item) => {
      const { step, number } = items[item]!;
      return `${probesFile(step)}: ${nameOf(probesAt(run, step).probes[number]!)}`;
    },
    seconds: () => (SLOWNESS / 50) * secondsPerWork(grounds, 'probe') * (traceTest + traceTrain),
    check: (item) => {
      const { step, number } = items[item]!;
      const material = materialAt(step);
      const probe = material.kept.probes[number]!;
      const { inputsDiffer, recorded, computed } = testAgain(exact, run, material, probe);
      const name = nameOf(probe);
      return [
        ...inputsDiffer.map(({ address, ...values }) => ({
          address: `${probeWeightsFile(step)}: ${address}`,
          ...values,
        })),
        ...differencesOfValues(`${probesFile(step)}: ${name}`, recorded, computed),
      ];
    },
  };
}

const probesAt = (run: Run, step: number): KeptProbes =>
  readProbes(run.read(probeWeightsFile(step)), probeWeightsFile(step));

function materialOf(run: Run, step: number): Material {
  const { settings } = run.plan;
  const stored = storedTraces(run, step);
  return {
    stored,
    executions: new CheckpointExecutions(stored, labellingOf(settings)),
    kept: probesAt(run, step),
    file: readJson<ProbeFile>(run, probesFile(step)),
    semantics: [...new Set(gridOf(settings, step === settings.steps).map(({ semantics }) => semantics))],
  };
}

function testAgain(engine: Engine, run: Run, material: Material, probe: KeptProbe) {
  const { stored, executions, kept, file, semantics } = material;
  const { settings } = run.plan;
  const { feature, shape, source, offset } = probe;
  const pairs = splitPairs(stored, offset, labellingOf(settings), semantics, executions);
  const table = executions.under(probe.semantics);
  const world = worldSizeOf(settings);
  const labels = bySplit((s) => featureLabels(feature, table[s], pairs[s].stateUnder.get(probe.semantics)!, world));
  const { x, differences } =
    source === 'trained'
      ? inputsOfStates(engine, settings.n_embd, stored, pairs, probe)
      : inputsOfRecords(engine, stored, kept, pairs, probe);
  const again = new Probe(engine, x.shape[1]!, 0, shape, () => 0.5);
  again.restore([probe.weight, probe.bias]);
  const { accuracy, crossEntropy } = testProbe(engine, again, { x, labels: labels.test });
  const { bits, share } = usableInformation(frequencyCrossEntropy(labels.train, labels.test, shape), crossEntropy);
  const computed = { accuracy, information: bits, informationShare: share };
  const outcome = file.outcomes.find(
    (one) =>
      one.hiddenLayers === 0 &&
      one.seed === '0' &&
      one.feature === feature &&
      one.offset === offset &&
      one.semantics === probe.semantics,
  );
  if (source !== 'trained')
    return { inputsDiffer: differences, recorded: pick(outcome?.records?.grids, computed), computed };
  const base = { ...countsOf(stored, pairs), majority: majorityAccuracy(labels.train, labels.test, shape) };
  const all = { ...base, ...computed };
  return { inputsDiffer: differences, recorded: pick(outcome, all), computed: all };
}

/** The fields of `recorded` that `computed` has. */
const pick = (recorded: object | null | undefined, computed: object): object =>
  Object.fromEntries(Object.keys(computed).map((key) => [key, (recorded as Record<string, unknown> | null)?.[key]]));
