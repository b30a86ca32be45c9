/** @file `metrics/step-N.jsonl`: one line for each training step since the checkpoint before. Appendix B. */
import { StudyError } from './errors.ts';

export interface StepMetrics {
  /** Steps done, this one included. */
  readonly step: number;
  /** How many times the corpus was gone through completely before this step's batch. */
  readonly epoch: number;
  /** Mean cross-entropy per counted token of this batch, natural log, before the update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Tokens that the model was trained on in this step. */
  readonly tokens: number;
}

export const metricsText = (metrics: readonly StepMetrics[]): string =>
  metrics.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Inverse of {@link metricsText}. Throws {@link StudyError}, naming file and line, for a line that is none. */
export function parseMetrics(bytes: Uint8Array, file: string): StepMetrics[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines.pop() !== '') throw new StudyError(`${file}: its last line is cut off`);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as StepMetrics;
    } catch (error) {
      throw new StudyError(`${file}: line ${index + 1} is truncated or altered (${(error as Error).message})`);
    }
  });
}
