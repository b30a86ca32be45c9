// The whole of smoke without fused multiply-add, in five engines: `npm run engines` says whether all give the same bits.
// Other versions of Node and the driver of the browsers come into a temporary folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromiumPath } from './chromium.mjs';

const NODES = ['22', '24'];
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
const SEED = 'test'; // whose model writes enough programs for all analyses
const root = resolve(import.meta.dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'karelscope-engines-'));
const results = [];
const tell = (engine, version, model, manifest) => {
  results.push({ engine, version, model, manifest });
  console.log(`${engine.padEnd(9)} ${version.padEnd(12)} model ${model}  manifest ${manifest}`);
};

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: root, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr || stdout}`);
  return stdout;
}
const install = (name) =>
  run('npm', ['install', '--no-fund', '--no-audit', '--prefix', join(place, name), name], { stdio: 'pipe' });

/** The digests that a run says at its end. */
const digestsIn = (text) => [/model ([0-9a-f]{12})/.exec(text)?.[1], /manifest ([0-9a-f]{64})/.exec(text)?.[1]];

function inNode(node, out) {
  const args = [
    'dist/main.js',
    'reproduce',
    'smoke',
    '--seed',
    SEED,
    '--arithmetic',
    'simd',
    '--threads',
    '1',
    '--out',
    out,
  ];
  tell('Node', run(node, ['--version']).trim(), ...digestsIn(run(node, args)));
}

async function inBrowser(puppeteer, engine, browser, executablePath, url) {
  const options = { browser, executablePath, headless: true, args: browser === 'chrome' ? ['--no-sandbox'] : [] };
  const launched = await puppeteer.launch(options);
  try {
    const page = await launched.newPage();
    await page.goto(url);
    await page.waitForSelector('.train select');
    await page.evaluate((seed) => {
      const select = [...document.querySelectorAll('.train select')].at(-1);
      select.value = 'simd';
      select.dispatchEvent(new Event('change', { bubbles: true }));
      const input = document.querySelector('.train input[size="8"]');
      input.value = seed;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, SEED);
    await page.evaluate(() => document.querySelector('.train button.primary').click());
    await page.waitForFunction(() => /Done\./.test(document.querySelector('.train')?.textContent ?? ''), {
      timeout: 600_000,
    });
    const said = await page.evaluate(() => document.querySelector('.train details pre')?.textContent ?? '');
    tell(engine, (await launched.version()).replace(/^\D*/, ''), ...digestsIn(said));
  } finally {
    await launched.close();
  }
}

try {
  const first = join(place, 'run');
  inNode(process.execPath, first);
  for (const version of NODES) {
    install(`node@${version}`);
    inNode(join(place, `node@${version}`, 'node_modules/.bin/node'), join(place, `run-${version}`));
  }
  install('puppeteer-core@24');
  const driver = join(place, 'puppeteer-core@24/node_modules/puppeteer-core');
  const { main, exports } = JSON.parse(readFileSync(join(driver, 'package.json'), 'utf8'));
  const entry = exports?.['.']?.import ?? main;
  const { default: puppeteer } = await import(pathToFileURL(join(driver, entry.default ?? entry)).href);
  const url = `${pathToFileURL(join(first, 'report/index.html')).href}#train`;
  await inBrowser(puppeteer, 'Chromium', 'chrome', chromiumPath(), url);
  await inBrowser(puppeteer, 'Firefox', 'firefox', FIREFOX.find(existsSync), url);
  const same = results.every(({ manifest }) => manifest !== undefined && manifest === results[0].manifest);
  console.log(same ? 'all the same' : 'NOT all the same');
  process.exitCode = same ? 0 : 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}
