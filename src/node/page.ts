/** @file The built page, and how a person opens a file. Appendix B. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { StudyError } from '../study/index.ts';

/** In the package it lies beside this folder; from the sources too, once it has been built. */
const BUILT = ['../page/index.html', '../../dist/page/index.html'];

/** The page that `npm run build` makes. Throws {@link StudyError} where it has not. */
export function builtPage(): string {
  const path = BUILT.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
  if (path === undefined) throw new StudyError('dist/page/index.html is missing: run npm run build');
  return readFileSync(path, 'utf8');
}

/** `file:///...`, which terminals let one press. */
export const linkTo = (path: string): string => pathToFileURL(resolve(path)).href;
