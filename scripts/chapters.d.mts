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
export function homeChapter(source: string): string | undefined;
export function labelOf(path: string): string | undefined;
export function fileIndex(sources: ReadonlyMap<string, string>, chapters: readonly string[]): string[];
export function strays(sources: ReadonlyMap<string, string>, chapters: readonly string[]): string[];
export function unsolved(markdown: string): string[];
export function unlinkedTerms(
  chapters: readonly { readonly path: string; readonly text: string }[],
  glossary: string | undefined,
): string[];
export function proseOf(markdown: string): string;
export function filesIn(folder: string, ending: string): string[];
export function check(options?: { write?: boolean }): string[];
