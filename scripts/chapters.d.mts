export class ChapterError extends Error {}
export const ROOT: string;
export const MAX_LINES: number;
export function extract(source: string, name: string, path?: string): string;
export function promises(source: string): string[];
export function brokenPromise(source: string, printed: readonly string[]): string | undefined;
export function printedBy(body: () => unknown): Promise<string[]>;
export function brokenLinks(markdown: string, path: string, root: string): string[];
export function refresh(
  markdown: string,
  path: string,
  read: (path: string) => string | undefined,
  files?: readonly string[],
): { text: string; stale: string[] };
export function homeChapter(source: string): number | undefined;
export function fileLists(sources: ReadonlyMap<string, string>): Map<number | undefined, string[]>;
export function strays(sources: ReadonlyMap<string, string>, numbers: readonly number[]): string[];
export function filesIn(folder: string, ending: string): string[];
export function check(options?: { write?: boolean }): string[];
