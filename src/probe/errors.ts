/** @file What can be wrong with the material for a probe. Chapter 9. */

/** Traces, settings or questions that do not fit each other; the message names the thing and the value. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
}
