/** @file `metrics.jsonl`: one line a training step, each step once. Chapter 8. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { StudyError } from './errors.ts';
import { writeFileAtomically, writeFully } from './files.ts';

/** One line of `metrics.jsonl`. */
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
  readonly tokensPerSecond: number;
}

/** Appends lines to the file; a few at a time, and always before a checkpoint is written. */
export class MetricsFile {
  private readonly path: string;
  private waiting: string[] = [];

  /** Opens the file for a run that goes on after `step`: later lines of an interrupted run are dropped. */
  constructor(path: string, step: number) {
    this.path = path;
    const kept = readMetrics(path).filter((metrics) => metrics.step <= step);
    writeFileAtomically(path, kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join(''));
  }

  add(metrics: StepMetrics): void {
    this.waiting.push(`${JSON.stringify(metrics)}\n`);
    if (this.waiting.length >= 50) this.flush();
  }

  /** Puts what is waiting onto the disk, for good. */
  flush(): void {
    if (this.waiting.length === 0) return;
    const file = openSync(this.path, 'a');
    try {
      writeFully(file, new TextEncoder().encode(this.waiting.join('')));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.waiting = [];
  }
}

/** The file's lines; a last line that a crash cut off is left out. Throws {@link StudyError}, naming file and line, for any other that is damaged. */
export function readMetrics(path: string): StepMetrics[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop(); // what follows the last line end: empty, or a line cut off
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as StepMetrics;
    } catch (error) {
      throw new StudyError(`${path}: line ${index + 1} is truncated or altered (${(error as Error).message})`);
    }
  });
}
