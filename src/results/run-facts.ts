/** @file How long a run took, and on what machine: no result depends on it. Appendix B. */

/** Summed over interruptions. */
export interface RunFacts {
  /** Wall-clock. */
  readonly seconds: number;
  /** By kind of stage. */
  readonly stageSeconds: Readonly<Record<string, number>>;
  /** Of the last process that worked on the run. */
  readonly threads: number;
  readonly peakMemoryBytes: number;
  /** `Node.js v20.20.2`. */
  readonly runtime: string;
  /** SHA-256 of the manifest, which knows every artefact of the run. */
  readonly manifestSha256: string;
}
