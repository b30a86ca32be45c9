/** @file The errors that the language model throws. Chapter 6. */

/** A setting of the model that is unknown, out of range or does not fit another one. The message names key and value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Token sequences, targets or weights that the model cannot take. The message names the sequence and the value. */
export class BatchError extends Error {
  override readonly name = 'BatchError';
}

/** A checkpoint's file that is missing, truncated, altered or does not fit the others. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly file: string;
  readonly reason: string;

  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`);
    this.file = file;
    this.reason = reason;
  }
}

/** A training step's loss or gradient norm is not a finite number. Weights and optimizer are as before that step. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
  /** Number of the step that failed, from 1. */
  readonly step: number;
  readonly value: number;

  constructor(step: number, quantity: 'loss' | 'gradient norm', value: number) {
    super(`training: the ${quantity} of step ${step} is ${value}`);
    this.step = step;
    this.value = value;
  }
}
