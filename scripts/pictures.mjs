// Makes the pictures of README and book in Chromium, from the page of the committed results:
//   npm run pictures
// pictures/digests.json says from which data each was made; `npm test` compares.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumPath } from './chromium.mjs';
import { digestOf, PICTURES } from './pictures-list.mjs';
import { committedPage } from './site.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'pictures');
const executablePath = chromiumPath();
const site = pathToFileURL(join(root, 'site', 'index.html')).href;
if (!existsSync(join(root, 'site', 'index.html'))) {
  console.error('site/index.html is missing: run npm run page');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const { data } = committedPage();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const digests = {};
for (const { name, hash, element, width, height } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1.5 });
  await page.goto(`${site}#${hash}`);
  await page.waitForTimeout(1500);
  const target = element ? page.locator(element) : page;
  await target.screenshot({ path: join(folder, `${name}.png`) });
  digests[name] = digestOf(name, data);
  await page.close();
  console.log(`pictures/${name}.png`);
}
await browser.close();
writeFileSync(join(folder, 'digests.json'), `${JSON.stringify(digests, null, 2)}\n`);
