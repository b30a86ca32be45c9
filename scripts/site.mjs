// Builds site/, a static folder for any host: the page with the committed results of `tiny` and its checkpoint.
//   npm run page, or with the book beside it npm run site
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtPage } from '../dist/node/page.js';
import { pageData } from '../dist/results/page-data.js';
import { checkpointScript, fillPage, samplesFor } from '../dist/study/page.js';
import { sha256 } from '../dist/transformer/index.js';
import { committedResults } from './committed-results.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const study = join(root, 'results', 'tiny');

/** What the page of the committed results is filled with, and the script of its checkpoint. */
export function committedPage() {
  const results = committedResults();
  const parts = Object.fromEntries(
    readdirSync(join(study, 'checkpoint')).map((name) => [
      name,
      new Uint8Array(readFileSync(join(study, 'checkpoint', name))),
    ]),
  );
  const digest = sha256(parts['model.safetensors']);
  const own = results.find(({ modelSha256 }) => modelSha256 === digest);
  if (!own) throw new Error('results/tiny/checkpoint is of none of the committed seeds');
  const step = own.checkpoints.at(-1).step;
  const name = `seed-${own.seed}-step-${String(step).padStart(7, '0')}`;
  const first = results[0].seed;
  const command = `karelscope reproduce tiny --seed ${first} --seeds ${results.length} --out STUDY`;
  const samples = samplesFor({ settings: own.settings, seed: own.seed });
  const data = pageData(results, { samples, checkpoints: [{ name, seed: own.seed, step }], command });
  return { data, name, script: checkpointScript(name, parts) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { data, name, script } = committedPage();
  const site = join(root, 'site');
  rmSync(site, { recursive: true, force: true });
  mkdirSync(join(site, 'checkpoints'), { recursive: true });
  writeFileSync(join(site, 'index.html'), fillPage(builtPage(), data));
  writeFileSync(join(site, 'checkpoints', `${name}.js`), script);
  console.log('site/index.html holds the page: open it, or put the folder on any host');
}
