// Runs an example of the chapters: `node scripts/example.mjs 03-strides`. Without a name it lists them.
import { existsSync, readdirSync } from 'node:fs';
import { register } from 'node:module';

const folder = new URL('../examples/', import.meta.url);
const name = process.argv[2]?.replace(/^.*\//, '').replace(/\.ts$/, '');
const file = new URL(`${name}.ts`, folder);
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(folder).map((entry) => entry.replace(/\.ts$/, ''));
  if (name !== undefined) console.error(`no example ${name}; there are:`);
  console.log(names.join('\n'));
  process.exitCode = name === undefined ? 0 : 1;
} else {
  register('./typescript-hooks.mjs', import.meta.url);
  await import(file.href);
}
