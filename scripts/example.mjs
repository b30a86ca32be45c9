// Runs an example of the book: `npm run example 03-tensors`. Without a name it lists them.
import { existsSync, readdirSync } from 'node:fs';
import { register } from 'node:module';

const folder = new URL('../examples/', import.meta.url);
const name = process.argv[2]?.replace(/^.*examples\//, '').replace(/\.ts$/, '');
const file = new URL(`${name}.ts`, folder);
if (name === undefined || !existsSync(file)) {
  const files = readdirSync(folder, { recursive: true }).filter((entry) => entry.endsWith('.ts'));
  const names = files.map((entry) => entry.replaceAll('\\', '/').replace(/\.ts$/, '')).sort();
  if (name !== undefined) console.error(`no example ${name}; there are:`);
  console.log(names.join('\n'));
  process.exitCode = name === undefined ? 0 : 1;
} else {
  register('./typescript-hooks.mjs', import.meta.url);
  const { show } = await import(file.href);
  await show?.(); // a file that others import prints in `show`
}
