/** @file How long the stages of a run took, over all interruptions, and with what. Chapter 8. */
import { readJson, writeJson } from './files.ts';
import type { RunDirectory } from './run-directory.ts';

/** `progress.json`: the only file of a run, besides `metrics.jsonl` and `results.json`, that holds times. */
export interface Effort {
  /** Wall-clock seconds by stage. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Of the last process that worked on the run. */
  readonly threads: number;
  /** See `Engine.arithmetic`. */
  readonly arithmetic: string;
  /** Most resident memory of any process that worked on the run. */
  readonly peakMemoryBytes: number;
}

export function readEffort(run: RunDirectory): Effort {
  return readJson<Effort>(run.progress) ?? { seconds: {}, threads: 0, arithmetic: '', peakMemoryBytes: 0 };
}

/** Adds to what is recorded; a stage that is killed has added what it took until it last kept its work. */
export function addEffort(
  run: RunDirectory,
  stage: string,
  seconds: number,
  engine: { readonly threads: number; readonly arithmetic: string } | undefined,
): void {
  const before = readEffort(run);
  writeJson(run.progress, {
    seconds: { ...before.seconds, [stage]: (before.seconds[stage] ?? 0) + seconds },
    threads: engine?.threads ?? before.threads,
    arithmetic: engine?.arithmetic ?? before.arithmetic,
    peakMemoryBytes: Math.max(before.peakMemoryBytes, 1024 * process.resourceUsage().maxRSS),
  });
}
