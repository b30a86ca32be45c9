/** @file How long stages took, and on what: facts of machines, apart from all artefacts. Appendix B. */
import type { RunFacts } from '../results/run-facts.ts';
import { encodeText, type Store } from '../store/index.ts';
import { JOURNAL_FILE } from './names.ts';

/** One line of `journal.jsonl`. */
export interface JournalLine {
  readonly stage: string;
  /** Wall-clock, since the stage began or last kept its work. */
  readonly seconds: number;
  readonly threads: number;
  /** Most resident memory of the process so far, where that is known. */
  readonly peakMemoryBytes: number;
  /** `Node.js v20.20.2`. */
  readonly runtime: string;
}

export function addToJournal(store: Store, line: JournalLine): void {
  store.append(JOURNAL_FILE, encodeText(`${JSON.stringify(line)}\n`));
}

/** A line that a crash has cut off, or that is none, is left out: no result depends on it. */
export function readJournal(store: Store): Omit<RunFacts, 'manifestSha256'> {
  const text = new TextDecoder().decode(store.read(JOURNAL_FILE));
  const lines = text.split('\n').flatMap((line) => {
    try {
      const parsed: unknown = JSON.parse(line);
      return isJournalLine(parsed) ? [parsed] : [];
    } catch {
      return [];
    }
  });
  const stageSeconds: Record<string, number> = {};
  for (const { stage, seconds } of lines) {
    const [kind = ''] = stage.split('/');
    stageSeconds[kind] = (stageSeconds[kind] ?? 0) + seconds;
  }
  return {
    seconds: lines.reduce((sum, { seconds }) => sum + seconds, 0),
    stageSeconds,
    threads: lines.at(-1)?.threads ?? 0,
    peakMemoryBytes: Math.max(0, ...lines.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    runtime: lines.at(-1)?.runtime ?? '',
  };
}

function isJournalLine(value: unknown): value is JournalLine {
  const { stage, runtime, ...numbers } = (value ?? {}) as Partial<JournalLine>;
  const { seconds, threads, peakMemoryBytes } = numbers;
  return (
    typeof stage === 'string' &&
    typeof runtime === 'string' &&
    [seconds, threads, peakMemoryBytes].every((number) => Number.isFinite(number))
  );
}
