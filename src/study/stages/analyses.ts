/** @file What is asked of a trained model beyond its probes: each analysis once. Chapter 10. */
import { SPLITS } from '../../karel/index.ts';
import { bySplit } from '../../probe/index.ts';
import type { AnalysisName } from '../../results/analysis-results.ts';
import { encodeText, jsonText } from '../../store/index.ts';
import type { Engine } from '../../tensor/index.ts';
import { analyseCausal } from '../analysis/causal.ts';
import { CAUSAL_CASES } from '../analysis/causal-material.ts';
import { analyseLayers, LAYER_PROGRAMS } from '../analysis/layers.ts';
import { analysePermutations } from '../analysis/permutations.ts';
import { analysisFile, corpusFile, hiddenStatesFile, modelFiles, programsFile } from '../names.ts';
import type { Progress } from '../progress.ts';
import { checkpointSteps, type Inputs, type RunPlan } from '../run.ts';
import type { Stage } from '../stage.ts';
import { traceCounts } from './trace.ts';

/** An analysis of the checkpoints at `traced`, with the weights at `models`. */
interface Analysis {
  readonly name: AnalysisName;
  readonly models: readonly number[];
  readonly traced: readonly number[];
  /** Programs that it works on, as often as it does. */
  readonly work: number;
  readonly analyse: (inputs: Inputs, engine: Engine, progress: Progress) => unknown;
}

export function analysisStages(plan: RunPlan): Stage[] {
  const steps = checkpointSteps(plan);
  const last = steps.slice(-1);
  const { settings } = plan;
  const programs = settings.traceTrain + settings.traceValidation + settings.traceTest;
  const mapped = bySplit((split) => Math.min(traceCounts(settings)[split], LAYER_PROGRAMS[split]));
  const read = (steps.length + 1) * (mapped.train + mapped.validation + mapped.test);
  const cases = Math.min(settings.traceTest, CAUSAL_CASES.test);
  const analyses: Analysis[] = [
    { name: 'permutations', models: [0], traced: last, work: programs, analyse: analysePermutations },
    { name: 'layers', models: steps, traced: steps, work: read, analyse: analyseLayers },
    { name: 'causal', models: last, traced: last, work: cases, analyse: analyseCausal },
  ];
  return analyses.map(({ name, models, traced, work, analyse }) => ({
    name: `analysis/${name}`,
    kind: 'analysis',
    needs: [
      ...SPLITS.map(corpusFile),
      ...models.flatMap(modelFiles),
      ...traced.flatMap((step) => [programsFile(step), hiddenStatesFile(step)]),
    ],
    makes: [analysisFile(name)],
    work,
    make: async (inputs, { engine: open, progress }) => {
      const engine = await open();
      const found = engine.scope(() => analyse(inputs, engine, progress));
      return { [analysisFile(name)]: encodeText(jsonText(found)) };
    },
  }));
}
