/** @file The error for wrong input: shown in one line, without a stack. Chapter 8. */

/** Wrong settings, arguments or files. The message names the thing and the value. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
}
