/** @file The error for wrong input: shown in one line, without a stack. Appendix B. */

/** Wrong settings, arguments or files. The message names the thing and the value. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
}
