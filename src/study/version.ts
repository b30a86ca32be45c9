/** @file The version of the package. Chapter 8. */
import { readFileSync } from 'node:fs';

/** As `package.json` says, which lies two folders up both from `src/study` and from `dist/study`. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
