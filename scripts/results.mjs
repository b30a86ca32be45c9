// Copies the small files of a study of several seeds, or of a run of one seed, into results/:
//   npm run results -- runs/tiny-seeds results/tiny [seed whose last checkpoint is kept]
//   npm run results -- runs/medium results/medium   (seed-N.json.gz)
// All is read before anything is written.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const USAGE = `usage: npm run results -- STUDY|RUN RESULTS [SEED]
STUDY holds study.json, RUN results.json and settings.json; of SEED the last checkpoint is kept`;

function fail(message, code) {
  console.error(message);
  process.exit(code);
}

function bytesOf(path, madeBy) {
  if (!existsSync(path)) fail(`results: ${path} is missing${madeBy ? `: make it with karelscope ${madeBy}` : ''}`, 1);
  return readFileSync(path);
}

function jsonOf(path, madeBy) {
  const text = bytesOf(path, madeBy).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`results: ${path}: truncated or altered (${error.message})`, 1);
  }
}

const packed = (results) => gzipSync(JSON.stringify(results), { level: 9 });

/** By name, the files that a study gives. */
function filesOfStudy(study) {
  const report = `report ${study}`;
  const { seeds } = jsonOf(join(study, 'study.json'), report);
  const texts = ['study.json', 'claims.txt', 'claims.md', 'baselines.md'].map((name) => [
    name,
    bytesOf(join(study, name), report),
  ]);
  const results = seeds.map((seed) => [
    `seed-${seed}.json.gz`,
    packed(jsonOf(join(study, `seed-${seed}`, 'results.json'), `report ${join(study, `seed-${seed}`)}`)),
  ]);
  return [...texts, ...results];
}

/** By name, the files that a run gives. */
function filesOfRun(run) {
  const results = jsonOf(join(run, 'results.json'), `report ${run}`);
  if (!/^[\w.-]+$/.test(results.seed)) fail(`results: seed ${JSON.stringify(results.seed)} is no file name`, 1);
  return [[`seed-${results.seed}.json.gz`, packed(results)]];
}

/** By name, the weights of a run's last checkpoint, its linear probes and the directions of its edits; what a crash left unfinished is called step-N.tmp, and is none. */
function filesOfCheckpoint(run) {
  const checkpoints = join(run, 'checkpoints');
  const steps = existsSync(checkpoints) ? readdirSync(checkpoints).filter((name) => /^step-\d+$/.test(name)) : [];
  const last = steps.sort().at(-1);
  if (last === undefined) fail(`results: ${checkpoints} holds no checkpoint`, 1);
  const files = {
    'config.json': join(checkpoints, last, 'config.json'),
    'model.safetensors': join(checkpoints, last, 'model.safetensors'),
    'probes.safetensors': join(run, 'probes', `${last}.safetensors`),
    'directions.safetensors': join(run, 'analysis', 'directions.safetensors'),
  };
  return Object.entries(files).map(([name, path]) => [
    join('checkpoint', name),
    bytesOf(path, `reproduce --out ${run}`),
  ]);
}

const [from, to, keep] = process.argv.slice(2);
const isStudy = from !== undefined && existsSync(join(from, 'study.json'));
const isRun = from !== undefined && existsSync(join(from, 'results.json')) && existsSync(join(from, 'settings.json'));
if (!to || !(isStudy || isRun)) fail(USAGE, 2);
const files = isStudy ? filesOfStudy(from) : filesOfRun(from);
if (keep !== undefined) {
  if (!files.some(([name]) => name === `seed-${keep}.json.gz`)) fail(`results: ${from} has no seed ${keep}`, 1);
  files.push(...filesOfCheckpoint(isStudy ? join(from, `seed-${keep}`) : from));
}
for (const [name, bytes] of files) {
  mkdirSync(dirname(join(to, name)), { recursive: true });
  writeFileSync(join(to, name), bytes);
}
