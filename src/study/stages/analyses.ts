/** @file What is asked of a trained model beyond its probes: each analysis once. Chapter 10. */
import { SPLITS } from '../../karel/index.ts';
import type { AnalysisName } from '../../results/analysis-results.ts';
import { encodeText, jsonText } from '../../store/index.ts';
import type { Engine } from '../../tensor/index.ts';
import { analyseCausal } from '../analysis/causal.ts';
import { analyseLayers } from '../analysis/layers.ts';
import { analysePermutations } from '../analysis/permutations.ts';
import { analysisFile, corpusFile, hiddenStatesFile, modelFiles, programsFile } from '../names.ts';
import type { Progress } from '../progress.ts';
import { checkpointSteps, type Inputs, type RunPlan } from '../run.ts';
import type { Stage } from '../stage.ts';

/** An analysis of the checkpoints at `traced`, with the weights at `models`. */
interface Analysis {
  readonly name: AnalysisName;
  readonly models: readonly number[];
  readonly traced: readonly number[];
  readonly analyse: (inputs: Inputs, engine: Engine, progress: Progress) => unknown;
}

export function analysisStages(plan: RunPlan): Stage[] {
  const steps = checkpointSteps(plan);
  const last = steps.slice(-1);
  const analyses: Analysis[] = [
    { name: 'permutations', models: [0], traced: last, analyse: analysePermutations },
    { name: 'layers', models: steps, traced: steps, analyse: analyseLayers },
    { name: 'causal', models: last, traced: last, analyse: analyseCausal },
  ];
  return analyses.map(({ name, models, traced, analyse }) => ({
    name: `analysis/${name}`,
    kind: 'analysis',
    needs: [
      ...SPLITS.map(corpusFile),
      ...models.flatMap(modelFiles),
      ...traced.flatMap((step) => [programsFile(step), hiddenStatesFile(step)]),
    ],
    makes: [analysisFile(name)],
    make: async (inputs, { engine: open, progress }) => {
      const engine = await open();
      const found = engine.scope(() => analyse(inputs, engine, progress));
      return { [analysisFile(name)]: encodeText(jsonText(found)) };
    },
  }));
}
