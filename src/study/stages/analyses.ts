/** @file What is asked of a trained model beyond its probes: each analysis once. Chapter 14. */
import { SPLITS } from '../../karel/index.ts';
import { bySplit, encodeDirections } from '../../probe/index.ts';
import type { AnalysisName } from '../../results/analysis-results.ts';
import { encodeText, jsonText } from '../../store/index.ts';
import type { Engine } from '../../tensor/index.ts';
import { analyseCausal } from '../analysis/causal.ts';
import { CAUSAL_CASES } from '../analysis/causal-material.ts';
import { analyseLayers, LAYER_PROGRAMS } from '../analysis/layers.ts';
import { analysePermutations } from '../analysis/permutations.ts';
import { analysisFile, corpusFile, DIRECTIONS_FILE, modelFiles } from '../names.ts';
import type { Progress } from '../progress.ts';
import { checkpointSteps, type Inputs, type RunPlan } from '../run.ts';
import type { Made, Stage } from '../stage.ts';
import { traceCounts, traceFiles } from './trace.ts';

/** An analysis of the checkpoints at `traced`, with the weights at `models`. */
interface Analysis {
  readonly name: AnalysisName;
  readonly models: readonly number[];
  readonly traced: readonly number[];
  /** Programs that it works on, as often as it does. */
  readonly work: number;
  /** Its results, and what else it makes. */
  readonly analyse: (inputs: Inputs, engine: Engine, progress: Progress) => { results: unknown; files?: Made };
  readonly makes?: readonly string[];
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
    {
      name: 'permutations',
      models: [0],
      traced: last,
      work: programs,
      analyse: (...on) => ({ results: analysePermutations(...on) }),
    },
    {
      name: 'layers',
      models: steps,
      traced: steps,
      work: read,
      analyse: (...on) => ({ results: analyseLayers(...on) }),
    },
    {
      name: 'causal',
      models: last,
      traced: last,
      work: cases,
      makes: [DIRECTIONS_FILE],
      analyse: (...on) => {
        const { results, directions } = analyseCausal(...on);
        return { results, files: { [DIRECTIONS_FILE]: encodeDirections(directions) } };
      },
    },
  ];
  return analyses.map(({ name, models, traced, work, makes = [], analyse }) => ({
    name: `analysis/${name}`,
    kind: 'analysis',
    needs: [
      ...SPLITS.map(corpusFile),
      ...models.flatMap(modelFiles),
      ...traced.flatMap((step) => traceFiles(settings, step)),
    ],
    makes: [analysisFile(name), ...makes],
    work,
    make: async (inputs, { engine: open, progress }) => {
      const engine = await open();
      const { results, files } = engine.scope(() => analyse(inputs, engine, progress));
      return { [analysisFile(name)]: encodeText(jsonText(results)), ...files };
    },
  }));
}
