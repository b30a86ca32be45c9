/** The book as a site, read as a person would: from a subfolder, on a phone and on a screen, light and dark. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WIDGETS, type WidgetName } from '../../chapters/.vitepress/markdown/widgets.ts';
import { sharedDirectory } from '../helpers/command.ts';
import { expectAccessible, launch, type Opened, open } from './browser.ts';
import { serveFolder } from './folder-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const BOOK = join(sharedDirectory(), 'book');
const CHAPTERS = readdirSync(join(ROOT, 'chapters')).filter((name) => name.endsWith('.md'));
const textOf = (name: string): string => readFileSync(join(ROOT, 'chapters', name), 'utf8');
let browser: Browser;
let server: Server;
let url: string;
const opened: Opened[] = [];
const missing: string[] = [];

async function visit(path: string, options = {}): Promise<Page> {
  const one = await open(browser, `${url}${path}`, options);
  opened.push(one);
  one.page.on('response', (response) => {
    if (response.status() >= 400) missing.push(response.url());
  });
  one.page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') missing.push(request.url());
  });
  return one.page;
}

const pageOf = (name: string): string => (name === 'README.md' ? 'index.html' : name.replace(/\.md$/, '.html'));
async function widget(name: WidgetName, options = {}): Promise<{ page: Page; box: Locator }> {
  const chapter = CHAPTERS.find((file) => textOf(file).includes(`\n<!-- widget: ${name} -->\n`));
  expect(chapter, `a chapter with the widget ${name}`).toBeDefined();
  const page = await visit(pageOf(chapter!), options);
  const box = page.locator(`.widget-${name}`);
  await box.scrollIntoViewIfNeeded();
  await box.locator('button').first().waitFor();
  return { page, box };
}

beforeAll(async () => {
  const made = spawnSync(process.execPath, [join(ROOT, 'scripts/book.mjs'), BOOK], { cwd: ROOT, encoding: 'utf8' });
  expect([made.status, made.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
  ({ server, url } = await serveFolder(BOOK, '/some/where/'));
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
});

describe('pages', () => {
  test('there is one for each chapter, and no link of any leads nowhere', () => {
    const files = readdirSync(BOOK, { recursive: true, encoding: 'utf8' });
    const pages = CHAPTERS.map(pageOf);
    expect(files).toEqual(expect.arrayContaining(pages));
    const texts = new Map(pages.map((page) => [page, readFileSync(join(BOOK, page), 'utf8')]));
    for (const [page, html] of texts) {
      const dead = [...html.matchAll(/<a\b[^>]* href="([^"]*)"/g)]
        .map(([, href]) => decodeURI(href!))
        .filter((href) => {
          if (/^[a-z]+:|^\.\.\/index\.html$|^#VPContent$/.test(href)) return false;
          const [path = '', hash] = href.replace(/^\.\//, '').split('#');
          const target = path === '' ? (href.startsWith('#') ? page : 'index.html') : path;
          const found = files.includes(target) || (hash === undefined && files.includes(`${target}.html`));
          return !found || (hash !== undefined && !texts.get(target)!.includes(` id="${hash}"`));
        });
      expect({ page, dead }).toEqual({ page, dead: [] });
    }
  });

  test('one goes on from chapter to chapter without a new page being loaded, and back', async () => {
    const page = await visit('index.html');
    await page.evaluate(() => Object.assign(window, { same: true }));
    await page.locator('.VPSidebar').getByRole('link', { name: '5. Autograd' }).click();
    await page.getByRole('heading', { level: 1, name: 'Autograd' }).waitFor();
    expect(page.url()).toBe(`${url}05-autograd.html`);
    await page.locator('.pager-link.next').click();
    await page.getByRole('heading', { level: 1, name: 'The Transformer' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Autograd' }).waitFor();
    expect(await page.evaluate(() => (window as unknown as { same?: boolean }).same)).toBe(true);
    expect(await page.locator('mjx-container svg').count()).toBeGreaterThan(3);
  });

  test('a source opens as text, and reads as in the repository', async () => {
    const page = await visit('05-autograd.html');
    const href = await page.locator('.source-caption a').first().getAttribute('href');
    const [, path] = /^\.\/source\/(.*)\.txt$/.exec(href!)!;
    const answer = await page.request.get(new URL(href!, page.url()).href);
    expect((await answer.text()).replace(/^\uFEFF/, '')).toBe(readFileSync(join(ROOT, path!), 'utf8'));
  });

  test('the search finds a word, and leads to it', async () => {
    const page = await visit('index.html');
    await page.keyboard.press('Control+k');
    await page.locator('.VPLocalSearchBox input').fill('gradcheck');
    const result = page.locator('.VPLocalSearchBox .result').first();
    await result.waitFor();
    await result.click();
    await expect.poll(() => page.url()).toContain('.html#');
    expect(await page.locator('main').textContent()).toContain('gradcheck');
  });

  test('a term explains itself when it is focused or pointed at, and Escape ends it', async () => {
    const page = await visit('09-probes.html');
    const tip = page.locator('.tip').first();
    const text = tip.getByRole('tooltip', { includeHidden: true });
    expect(await text.isVisible()).toBe(false);
    await tip.locator('.tip-term').focus();
    expect(await text.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await text.isVisible()).toBe(false);
    await page.locator('h1').hover();
    await tip.locator('.tip-term').hover();
    expect(await text.isVisible()).toBe(true);
  });

  test('figures are dark when the site is, whatever the system says', async () => {
    const name = CHAPTERS.find((file) => textOf(file).includes('](figures/'))!;
    const page = await visit(pageOf(name), { viewport: { width: 1400, height: 900 } });
    const colour = () =>
      page
        .locator('.figure svg')
        .first()
        .evaluate((svg) => getComputedStyle(svg).color);
    const before = await colour();
    await page.locator('.VPNavBar .VPSwitchAppearance').first().click();
    await expect.poll(() => page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(true);
    const brightness = (text: string) =>
      text
        .match(/\d+/g)!
        .slice(0, 3)
        .reduce((sum, part) => sum + Number(part), 0);
    await expect.poll(async () => brightness(await colour())).toBeGreaterThan(3 * 200);
    expect(brightness(before)).toBeLessThan(3 * 60);
  });
});

describe('widgets', () => {
  test('karel: one program goes three ways, step by step, by the keyboard too', async () => {
    const { box } = await widget('karel');
    const worlds = () => box.locator('.meaning .grid').evaluateAll((all) => all.map((one) => one.ariaLabel));
    const before = await worlds();
    await box.getByRole('textbox', { name: 'The program' }).fill('turnRight; move');
    await box.getByRole('button', { name: 'one step' }).focus();
    await box.page().keyboard.press('Enter');
    await box.getByText('did turnLeft').waitFor(); // flipped
    await box.getByText('did move').waitFor(); // adversarial
    const after = await worlds();
    expect(new Set(after.map((label) => label!.split(': ')[1])).size).toBeGreaterThan(1);
    await box.locator('.program .word').first().focus();
    await box.page().keyboard.press('ArrowLeft');
    await expect.poll(worlds).toEqual(before);
    await box.getByRole('textbox', { name: 'The program' }).fill('dance');
    expect(await box.getByRole('alert').textContent()).toContain('dance');
    await box.getByLabel('wall', { exact: true }).check();
    await box.locator('button.cell:not(.robot)').last().press('Enter');
    expect((await worlds()).every((label) => label!.includes('wall'))).toBe(true);
  });

  test('tokens: each says what it is, and changes with the program', async () => {
    const { box } = await widget('tokens');
    const row = box.locator('.token-row button');
    const count = await row.count();
    await box.getByRole('textbox', { name: 'The program' }).fill('move');
    await expect.poll(() => row.count()).toBeLessThan(count);
    await row.first().click();
    expect(await box.getByRole('status').textContent()).toContain('BOS');
    await box.page().keyboard.press('ArrowRight');
    await expect.poll(() => box.getByRole('status').textContent()).toContain('token 2, IN');
    expect(await row.last().getAttribute('title')).toBe('END');
  });

  test('tape: values forward, then gradients back to the first node', async () => {
    const { box } = await widget('tape');
    const next = box.getByRole('button', { name: 'one step' });
    const gradients = () => box.locator('tbody td:last-child').allTextContents();
    await next.focus();
    for (let step = 0; step < 5; step++) await box.page().keyboard.press('Enter');
    expect(await gradients()).toEqual(['·', '·', '·', '·', '·', '·', '1']);
    while (await next.isEnabled()) await next.press('Enter');
    // y = x + relu(x wT + b) by hand: only the second unit lets anything through.
    expect(await gradients()).toEqual(['0.75, 1', '0, 0, 0.5, 1', '0, 0.5', '0, 0.5', '0.5, 0.5', '0.5, 0.5', '1']);
    await box.getByLabel('x₁').fill('3');
    await expect.poll(async () => (await box.locator('tbody td:nth-child(2)').first().textContent())!).toBe('3, 2');
  });

  test('attention: weights of the committed model, by word, block and head, down to one number', async () => {
    const { box } = await widget('attention');
    const weights = () => box.locator('.tokens .token').allTextContents();
    await box.getByText('Where it looks').waitFor();
    const first = await weights();
    await box.getByRole('button', { name: /^head 2/ }).click();
    await expect.poll(weights).not.toEqual(first);
    await box.getByLabel('block').selectOption('0');
    await expect.poll(() => box.getByRole('button', { name: /^head/ }).count()).toBe(4);
    await box.locator('.program .word').first().focus();
    await box.page().keyboard.press('ArrowRight');
    await box.locator('.tokens .token').first().press('Enter');
    await box.getByRole('complementary', { name: 'One number' }).locator('.formula').waitFor();
    await box.getByRole('button', { name: 'close' }).click();
    expect(box.page().url()).not.toContain('?');
  });

  test('edit: without a push nothing changes, with one it is shown what is written instead', async () => {
    const { box } = await widget('edit');
    const told = () => box.locator('dl.edit b').textContent();
    await box.getByLabel('the push is on').uncheck();
    await expect.poll(told).toBe('unchanged');
    await box.getByLabel('the push is on').check();
    await box.getByLabel(/^size/).fill('4');
    let changed = false;
    for (let sample = 0; sample < 10 && !changed; sample++) {
      changed = (await told()) !== 'unchanged';
      await box.getByRole('button', { name: 'Next specification' }).click();
    }
    expect(changed).toBe(true);
  });
});

describe('every kind of page', () => {
  const PAGES = ['index.html', '05-autograd.html', 'h-glossary.html'];
  test.each([
    [360, 'light'],
    [360, 'dark'],
    [1400, 'light'],
    [1400, 'dark'],
  ] as const)('axe finds nothing serious at %i px, %s, and nothing is wider', async (width, colorScheme) => {
    const options = { colorScheme, viewport: { width, height: 800 } };
    const pages: Page[] = [];
    for (const path of PAGES) pages.push(await visit(path, options));
    for (const name of WIDGETS) {
      const { page, box } = await widget(name, options);
      await box.locator('.world, table').first().waitFor();
      pages.push(page);
    }
    for (const page of pages) {
      await page.waitForTimeout(300);
      await expectAccessible(page);
      expect([page.url(), await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([
        page.url(),
        width,
      ]);
      await page.close();
    }
  });

  test('no error on any console, no file missing, and no request to any network', () => {
    expect(opened.length).toBeGreaterThan(20);
    expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
    expect(missing).toEqual([]);
  });
});
