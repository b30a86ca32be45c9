/** @file Under which names a run keeps what results are made of. Appendix B. */

export const stepName = (step: number): string => `step-${String(step).padStart(7, '0')}`;

/** One line for each training step since the checkpoint before. */
export const metricsFile = (step: number): string => `metrics/${stepName(step)}.jsonl`;
export const evaluationFile = (step: number): string => `traces/${stepName(step)}/evaluation.json`;
export const probesFile = (step: number): string => `probes/${stepName(step)}.json`;
export const analysisFile = (name: string): string => `analysis/${name}.json`;
