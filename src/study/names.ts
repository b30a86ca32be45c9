/** @file What lies where in a run. Appendix B. */
import type { Split } from '../karel/index.ts';
import { stepName } from '../results/artefact-names.ts';
import { CHECKPOINT_FILES, MODEL_FILES } from '../transformer/index.ts';

export { analysisFile, evaluationFile, metricsFile, probesFile, stepName } from '../results/artefact-names.ts';

export const SETTINGS_FILE = 'settings.json';
export const RESULTS_FILE = 'results.json';
/** Seconds, threads and memory of each stage: facts of machines, which no artefact reads. */
export const JOURNAL_FILE = 'journal.jsonl';
/** Training between two checkpoints, from which it goes on after an interruption. */
export const UNFINISHED_FOLDER = 'unfinished';
/** Pages and pictures, which can be drawn again at any time. */
export const REPORT_FOLDER = 'report';

/** May lie in a run without being in its manifest. */
export const isNoArtefact = (name: string): boolean =>
  name === JOURNAL_FILE || [UNFINISHED_FOLDER, REPORT_FOLDER].includes(name.split('/')[0]!);

export const corpusFile = (split: Split): string => `corpus/${split}.karel`;
export const modelFiles = (step: number): string[] => MODEL_FILES.map((file) => checkpointFile(step, file));
/** Those of step 0 are the initial weights: training cannot go on from them, it begins there. */
export const checkpointFiles = (step: number): string[] =>
  (step === 0 ? MODEL_FILES : CHECKPOINT_FILES).map((file) => checkpointFile(step, file));
export const checkpointFile = (step: number, file: string): string => `checkpoints/${stepName(step)}/${file}`;
export const programsFile = (step: number): string => `traces/${stepName(step)}/programs.json`;
export const hiddenStatesFile = (step: number): string => `traces/${stepName(step)}/hidden-states.safetensors`;
/** Of programs that a checkpoint did not write, where probes read such. */
export const readStatesFile = (step: number): string => `traces/${stepName(step)}/read-hidden-states.safetensors`;
/** The linear probes themselves. */
export const probeWeightsFile = (step: number): string => `probes/${stepName(step)}.safetensors`;
/** In which directions edits push, layer by layer. */
export const DIRECTIONS_FILE = 'analysis/directions.safetensors';
