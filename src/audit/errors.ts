/** @file What can go wrong in an audit. Appendix D. */

/** An address that names no number; the message says which part. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}
