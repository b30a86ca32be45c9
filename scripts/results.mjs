// Copies the small files of a study of several seeds into results/:
//   npm run results -- runs/tiny-seeds results/tiny [seed whose last checkpoint is kept]
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [from, to, keep] = process.argv.slice(2);
if (!from || !to || !existsSync(join(from, 'study.json'))) {
  console.error('usage: npm run results -- STUDY RESULTS [SEED]; STUDY holds study.json');
  process.exit(2);
}
mkdirSync(to, { recursive: true });
for (const name of ['study.json', 'claims.txt', 'claims.md', 'claims.svg']) {
  if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
}
const { seeds } = JSON.parse(readFileSync(join(from, 'study.json'), 'utf8'));
for (const seed of seeds) {
  const results = JSON.parse(readFileSync(join(from, `seed-${seed}`, 'results.json'), 'utf8'));
  writeFileSync(join(to, `seed-${seed}.json.gz`), gzipSync(JSON.stringify(results), { level: 9 }));
}
if (keep) {
  const checkpoints = join(from, `seed-${keep}`, 'checkpoints');
  const last = join(checkpoints, readdirSync(checkpoints).sort().at(-1));
  mkdirSync(join(to, 'checkpoint'), { recursive: true });
  for (const name of ['config.json', 'model.safetensors']) copyFileSync(join(last, name), join(to, 'checkpoint', name));
}
