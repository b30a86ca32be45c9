/** @file The errors that the tensor engine throws. Chapter 3. */

/** Shapes or sizes that do not fit together. The message names the operation and the shapes. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** The engine's memory is used up. The message says what was asked for and what there is. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
  readonly requestedBytes: number;
  readonly availableBytes: number;

  constructor(
    requestedBytes: number,
    availableBytes: number,
    limitBytes: number,
    message = `out of memory: ${requestedBytes} bytes asked for, ${availableBytes} available of ${limitBytes} bytes in all`,
  ) {
    super(message);
    this.requestedBytes = requestedBytes;
    this.availableBytes = availableBytes;
  }
}

/** A thread of the pool stopped working. The message says which one and, where known, why. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
}

/** This machine, or what runs JavaScript on it, has no fused multiply-add for WebAssembly. */
export class ArithmeticError extends Error {
  override readonly name = 'ArithmeticError';

  constructor() {
    super('relaxed-simd arithmetic needs a fused multiply-add, which is not here');
  }
}
