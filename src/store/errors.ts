/** @file What can be wrong with a stored file. Appendix B. */

/** The message begins with where the file lies, as a person finds it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`);
    this.file = file;
  }
}
