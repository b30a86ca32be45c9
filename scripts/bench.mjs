// Runs the benchmarks in bench/: `npm run bench`, or `npm run bench -- matmul` for one. They measure this machine, now.
import { readdirSync } from 'node:fs';
import { register } from 'node:module';

const folder = new URL('../bench/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''))
  .sort();
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`no benchmark ${unknown}; there are: ${names.join(', ')}`);
  process.exit(1);
}
register('./typescript-hooks.mjs', import.meta.url);
for (const name of asked.length > 0 ? asked : names) await import(new URL(`${name}.bench.ts`, folder).href);
