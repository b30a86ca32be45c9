// `node --import ./scripts/typescript.mjs file.ts` runs TypeScript on Node 20, see typescript-hooks.mjs.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
