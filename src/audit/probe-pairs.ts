/** @file A kept linear probe, asked again about each test pair. Appendix D. */
import {
  CheckpointExecutions,
  type FeatureName,
  featureLabels,
  featureShape,
  hiddenRows,
  type KeptProbe,
  Probe,
  type ProbeScore,
  probeInputs,
  splitPairs,
  standardizationOf,
  testProbe,
} from '../probe/index.ts';
import { labellingOf } from '../study/stages/probe.ts';
import { storedTraces, worldSizeOf } from '../study/stored-traces.ts';
import { AuditError } from './errors.ts';
import type { RunAudit } from './run-audit.ts';

export interface ProbeAbout {
  readonly feature: string;
  readonly semantics: string;
  readonly offset: number;
}

/** The pairs of hidden states and labels on which a probe is tested, and what it made of them. */
export interface ProbedPairs {
  readonly score: ProbeScore;
  /** [pairs, heads] */
  readonly labels: Int32Array;
  readonly heads: number;
  readonly classes: number;
  /** Of each pair: the test sample, its program, the action, and the token whose hidden state is read. */
  readonly pairs: readonly {
    readonly sample: number;
    readonly program: readonly string[];
    readonly action: number;
    readonly token: number;
  }[];
}

/** Throws {@link AuditError} where no such probe was kept. */
export function probedPairs(audit: RunAudit, step: number, { feature, semantics, offset }: ProbeAbout): ProbedPairs {
  const kept = keptProbe(audit.probes(step), { feature, semantics, offset });
  const traces = storedTraces(audit.run, step);
  const labelling = labellingOf(audit.settings);
  const all = audit.settings.semantics.split(' ');
  const executions = new CheckpointExecutions(traces, labelling);
  const pairs = splitPairs(traces, offset, labelling, all, executions);
  const world = worldSizeOf(audit.settings);
  const shape = featureShape(feature as FeatureName, world);
  const states = pairs.test.stateUnder.get(semantics)!;
  const labels = featureLabels(feature as FeatureName, executions.under(semantics).test, states, world);
  const by = standardizationOf(traces.train.hidden, pairs.train.hidden, audit.settings.n_embd);
  const { engine } = audit;
  const score = engine.scope(() => {
    const { test } = probeInputs(engine, (split) => traces[split].hidden, pairs, by);
    const probe = new Probe(engine, audit.settings.n_embd, 0, shape, () => 0);
    probe.restore([kept.weight, kept.bias]);
    return testProbe(engine, probe, { x: test, labels });
  });
  const { samples, positions, programs } = traces.test;
  const rows = hiddenRows(programs.map(({ actions }) => actions.length));
  return {
    score,
    labels,
    heads: shape.heads,
    classes: shape.classes,
    pairs: Array.from(pairs.test.hidden, (row) => {
      const [program, action] = [rows.program[row]!, rows.action[row]!];
      return {
        sample: samples[program]!,
        program: programs[program]!.actions,
        action,
        token: positions[program]![action - 1]!,
      };
    }),
  };
}

function keptProbe(probes: readonly KeptProbe[], { feature, semantics, offset }: ProbeAbout): KeptProbe {
  const found = probes.find(
    (one) =>
      one.source === 'trained' && one.feature === feature && one.semantics === semantics && one.offset === offset,
  );
  if (!found) {
    const known = probes
      .filter(({ source }) => source === 'trained')
      .map((one) => `${one.feature}/${one.semantics}/${one.offset}`);
    throw new AuditError(
      `audit: no linear probe ${feature}/${semantics}/${offset} was kept at this step${known.length > 0 ? `; kept are ${known.join(', ')}` : ''}`,
    );
  }
  return found;
}
