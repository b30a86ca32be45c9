/** @file How much all analyses of a trained model have to do, counted before the run. Chapter 8. */
import type { AnalysisName } from '../../results/analysis-results.ts';
import type { Settings } from '../settings.ts';
import type { AnalysisWork } from './analysis-work.ts';
import { causalWork } from './causal-work.ts';
import { layersWork } from './layers-work.ts';
import { permutationsWork } from './permutations-work.ts';

export type AnalysesWork = { readonly [name in AnalysisName]: AnalysisWork };

export function analysesWork(settings: Settings): AnalysesWork {
  return {
    permutations: rounded(permutationsWork(settings)),
    layers: rounded(layersWork(settings)),
    causal: rounded(causalWork(settings)),
  };
}

/** Shares of programs are no whole numbers. */
function rounded({ probing, ...counts }: AnalysisWork): AnalysisWork {
  const whole = Object.entries(counts).map(([name, count]) => [name, Math.round(count)]);
  return { ...(Object.fromEntries(whole) as typeof counts), probing };
}
