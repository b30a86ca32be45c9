// Draws the figures of the book from committed data: `npm run figures` writes chapters/figures/NAME.svg for each
// scripts/figures/NAME.ts, whose default export makes the figure. `npm test` draws them again and compares.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

register('./typescript-hooks.mjs', import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { picture } = await import('./figures/svg.ts');
const only = process.argv.slice(2);
mkdirSync(join(root, 'chapters', 'figures'), { recursive: true });
for (const file of readdirSync(join(root, 'scripts', 'figures')).sort()) {
  const name = file.replace(/\.ts$/, '');
  const { default: draw } = await import(`./figures/${file}`);
  if (draw === undefined || (only.length > 0 && !only.includes(name))) continue;
  writeFileSync(join(root, 'chapters', 'figures', `${name}.svg`), picture(await draw()));
  console.log(`chapters/figures/${name}.svg`);
}
