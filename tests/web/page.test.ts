/** The page of a run, used as a person would. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodePrompt, promptLength } from '../../src/karel/index.ts';
import { DiskStore } from '../../src/node/disk-store.ts';
import { serve } from '../../src/node/serve.ts';
import { openEngine } from '../../src/node/threads.ts';
import { believe, readProbes } from '../../src/probe/index.ts';
import { decodeRows, type PageData } from '../../src/results/page-data.ts';
import type { Results } from '../../src/results/results.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { fillPage } from '../../src/study/page.ts';
import { Run } from '../../src/study/run.ts';
import { decodeModel, nextTokenProbabilities, readSequence } from '../../src/transformer/index.ts';
import { karelscope, sharedDirectory } from '../helpers/command.ts';
import { SMOKE_SIMD_MANIFEST } from '../helpers/smoke-manifest.ts';
import { expectAccessible, launch, type Opened, open } from './browser.ts';

const directory = sharedDirectory();
const RUN = join(directory, 'smoke');
const VIEWS = ['story', 'evidence', 'model', 'train'] as const;
let browser: Browser;
let results: Results;
let data: PageData;
const urlOf = (view: string): string => `${pathToFileURL(join(RUN, 'report/index.html')).href}#${view}`;
const opened: Opened[] = [];
async function visit(view: string, options = {}): Promise<Page> {
  const one = await open(browser, urlOf(view), options);
  opened.push(one);
  return one.page;
}

beforeAll(async () => {
  const made = await karelscope('reproduce', 'smoke', '--out', RUN);
  expect([made.code, made.stderr]).toEqual([0, '']);
  results = JSON.parse(readFileSync(join(RUN, 'results.json'), 'utf8'));
  const html = readFileSync(join(RUN, 'report/index.html'), 'utf8');
  data = JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(html)![1]!);
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

describe('story', () => {
  test('has its figures drawn, verdicts that one seed leaves undecided, and terms that explain themselves', async () => {
    const page = await visit('story');
    for (const id of ['learning', 'shortest', 'reading', 'baselines', 'semantics', 'edits', 'patching'])
      await page.locator(`figure#${id}`).waitFor();
    await page.locator('figure#learning svg').first().waitFor();
    expect(await page.locator('figure#learning svg').count()).toBe(3);
    expect(await page.locator('.prose .verdict').first().textContent()).toBe('undecided');
    const term = page.locator('.term').filter({ hasText: 'token' }).first();
    await term.hover();
    expect(await term.getByRole('tooltip').textContent()).toContain('one at a time');
    await page.mouse.move(0, 0);
    await term.getByRole('button').focus();
    expect(await term.getByRole('tooltip').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await term.getByRole('tooltip').count()).toBe(0);
  });

  test('a figure shows its values on hover, opens its rows, and names the command that makes them', async () => {
    const page = await visit('story');
    const figure = page.locator('figure#learning');
    const chart = figure.locator('svg').first();
    await chart.hover();
    await expect.poll(() => chart.textContent()).toMatch(/generated[\s\S]*%/);
    await figure.locator('summary').click();
    expect(await figure.getByText('karelscope trace RUN').isVisible()).toBe(true);
    expect(await figure.locator('tbody tr').count()).toBeGreaterThan(5);
  });
});

describe('evidence', () => {
  test('what is chosen is in the address, and a row of the table is a row of the run', async () => {
    const page = await visit('evidence?measure=perplexity&source=reference&part=grids');
    const rows = decodeRows(data.rows).filter(
      (row) => row.measure === 'perplexity' && row.source === 'reference' && row.part === 'grids',
    );
    expect(await page.locator('.evidence > .scroll').nth(0).locator('tbody tr').count()).toBe(rows.length);
    await page.locator('.choices label', { hasText: /^step/ }).locator('select').selectOption('1000');
    await expect.poll(() => page.url()).toContain('step=1000');
    expect(await page.locator('.evidence > .scroll').nth(0).locator('tbody tr').count()).toBe(1);
  });

  test('CSV and JSON downloads hold the rows that are shown', async () => {
    const page = await visit('evidence?measure=trainLoss');
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    const lines = readFileSync((await csv.path())!, 'utf8')
      .trim()
      .split('\n');
    expect(lines[0]).toMatch(/^run,measure,seed,step/);
    const rows = decodeRows(data.rows).filter(({ measure }) => measure === 'trainLoss');
    expect(lines).toHaveLength(1 + rows.length);
    const [json] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download JSON' }).click(),
    ]);
    const loaded = JSON.parse(readFileSync((await json.path())!, 'utf8'));
    expect(loaded.map(({ value }: { value: number }) => value)).toEqual(rows.map(({ value }) => value));
    expect(rows.at(-1)!.value).toBeCloseTo(results.checkpoints.at(-1)!.trainLoss!, 4);
  });

  test('another run can be laid over it, with the settings that differ; a file that is none is refused', async () => {
    const page = await visit('evidence?measure=trainLoss');
    const other = { ...results, seed: '2', settings: { ...results.settings, learningRate: 0.125 } };
    await page.getByLabel('results.json of another run').setInputFiles({
      name: 'results.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(other)),
    });
    await page.getByText('Settings that differ').waitFor();
    expect(await page.getByRole('row', { name: /learningRate/ }).textContent()).toContain('0.125');
    await page
      .getByLabel('results.json of another run')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    expect(await page.getByRole('alert').textContent()).toContain('no results.json');
  });
});

/** What the page says it has computed, to the last digit. */
async function downloaded(page: Page) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /Download all beliefs/ }).click(),
  ]);
  return JSON.parse(readFileSync((await file.path())!, 'utf8'));
}

describe('model', () => {
  test('probabilities and beliefs are those of Node, bit for bit, at every checkpoint', async () => {
    const page = await visit('model?sample=2&at=0&offset=0');
    const run = Run.open(new DiskStore(RUN));
    const engine = await openEngine({ threads: 2 });
    const slider = page.getByRole('slider').first();
    for (const [index, { name, step }] of data.checkpoints.entries()) {
      await slider.fill(String(index));
      await expect.poll(() => page.url()).toContain(name);
      await page.getByText(`Step ${step.toLocaleString('en-US')},`).waitFor();
      const shown = await downloaded(page);
      expect(shown.step).toBe(step);
      const files = ['config.json', 'model.safetensors'].map((file) => [file, run.read(`checkpoints/${name}/${file}`)]);
      const model = decodeModel(engine, Object.fromEntries(files));
      const reading = readSequence(engine, model, shown.tokens);
      const at = promptLength(corpusSettings(run.plan.settings)) - 1 + shown.place;
      const probabilities = nextTokenProbabilities(reading, at);
      for (const [token, probability] of shown.probabilities) expect(probability).toBe(probabilities[token]);
      const { probes } = readProbes(run.read(`probes/${name}.safetensors`), name);
      const { data: states, width } = reading.activations.get('hidden_states.mean')!;
      const asked = probes.filter(({ source }) => source === 'trained');
      expect(asked.length).toBeGreaterThanOrEqual(3);
      for (const probe of asked) {
        const belief = shown.beliefs.find((one: Record<string, unknown>) =>
          (['source', 'semantics', 'feature', 'offset'] as const).every((key) => one[key] === probe[key]),
        );
        expect(belief.probabilities).toEqual(believe(probe, states.subarray(at * width, (at + 1) * width)));
      }
    }
    await engine.close();
  });

  test('writes word by word, takes another choice, and is forced to read any program in any dialect', async () => {
    const page = await visit('model?sample=1');
    await page.getByRole('button', { name: 'from the start' }).click();
    await expect.poll(() => page.locator('.program .word').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'END', exact: true }).isDisabled()).toBe(true); // forbidden: no word yet
    await page.locator('.bars').getByRole('button', { name: 'turnRight', exact: true }).click();
    await expect.poll(() => page.locator('.program .word').first().textContent()).toBe('turnRight');
    await page.getByRole('button', { name: 'one more →' }).click();
    await page.getByRole('button', { name: 'write to the end' }).click();
    await expect.poll(() => page.locator('.program .word').last().textContent()).toBe('END');
    for (const text of ['move(); turnLeft();', 'DEF run m( move turnLeft m)', 'def run():\n  move()\n  turnLeft()']) {
      await page.getByLabel('Make it read another program:').fill(text);
      await page.getByRole('button', { name: 'force it' }).click();
      await expect.poll(() => page.locator('.program .word').allTextContents()).toEqual(['move', 'turnLeft', 'END']);
    }
    await page.getByLabel('Make it read another program:').fill('dance();');
    await page.getByRole('button', { name: 'force it' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('dance');
  });

  test('a world that the reader draws is what the model is asked, and can be shared by its address', async () => {
    const page = await visit('model?sample=0');
    await page.getByRole('button', { name: 'draw your own' }).click();
    await page.getByLabel('wall', { exact: true }).check();
    const cell = page.locator('.world').first().locator('button.cell:not(.robot)').first();
    const before = await cell.getAttribute('title');
    await cell.click();
    await expect.poll(() => page.url()).toContain('worlds=');
    await expect
      .poll(() =>
        page
          .locator('.world')
          .first()
          .locator(`[title="${before!.split(':')[0]}: wall"]`)
          .count(),
      )
      .toBe(1);
    await page.getByLabel('Outputs from a program:').fill('turnLeft(); turnLeft();');
    await page.getByRole('button', { name: 'run it' }).click();
    const again = await open(browser, page.url());
    opened.push(again);
    await again.page.getByText('a specification of your own').waitFor();
    const shown = await downloaded(again.page);
    const shape = corpusSettings(Run.open(new DiskStore(RUN)).plan.settings);
    const { inputs, outputs } = decodePrompt(shape, Uint8Array.from(shown.tokens).subarray(0, promptLength(shape)));
    expect(outputs[0]!.facing).toBe((inputs[0]!.facing + 2) & 3);
  });

  test('attention adds up to 100 %, and from a probability one walks down to a parameter', async () => {
    const page = await visit('model?sample=2&at=0');
    await page.locator('.token').first().waitFor();
    expect(await page.locator('#looks').isVisible()).toBe(true);
    await page.locator('.bars .figure-number').first().click();
    const panel = page.getByRole('complementary', { name: 'One number' });
    await panel.waitFor();
    for (let depth = 0; depth < 40; depth++) {
      const text = (await panel.locator('.formula').textContent())!;
      if (text.includes('a parameter')) break;
      await panel.locator('tbody .figure-number').first().click();
    }
    expect(await panel.locator('.formula').textContent()).toContain('a parameter: training made it');
    await panel.getByRole('button', { name: '← back' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => panel.count()).toBe(0);
  });

  test('words are chosen with the keyboard', async () => {
    const page = await visit('model?sample=1&at=0');
    await page.locator('.program .word').first().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.url()).toContain('at=1');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.url()).toContain('at=0');
  });
});

describe('train', () => {
  test('smoke, paused and gone on with after a reload, ends with the model of Node and opens', async () => {
    const { page, faults } = await open(browser, urlOf('train'));
    opened.push({ page, faults });
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.locator('.progress').filter({ hasText: 'train' }).waitFor();
    await expect
      .poll(() => page.locator('.progress').textContent(), { timeout: 60_000 })
      .toMatch(/train: [3-9]\d\d of/);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ timeout: 110_000 });
    await page.getByRole('button', { name: 'Open in the model view' }).click();
    await page.getByText('Step 1,000').waitFor();
    await page.goto(urlOf('evidence'));
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.goto(urlOf('train')).then(() => page.getByRole('button', { name: 'Download the model' }).click()),
    ]);
    expect(file.suggestedFilename()).toMatch(/config\.json|model\.safetensors/);
    await page.getByText('What it said').click();
  });

  test('the same digests: its manifest says what that of Node says', async () => {
    const { page } = await open(browser, urlOf('train'));
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ timeout: 110_000 });
    await page.getByText('What it said').click();
    const said = await page.locator('details pre').textContent();
    expect(said).toContain(`model ${results.modelSha256.slice(0, 12)}`);
    expect(said).toContain(data.runs[0]!.facts!.manifestSha256);
  });

  test('without fused multiply-adds it has the manifest that is pinned for every machine and engine', async () => {
    const { page } = await open(browser, urlOf('train'));
    await page.getByLabel('arithmetic').selectOption('simd');
    await page.getByLabel('seed').fill('test');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor({ timeout: 110_000 });
    await page.getByText('What it said').click();
    expect(await page.locator('details pre').textContent()).toContain(SMOKE_SIMD_MANIFEST);
  });

  test('served, the page is isolated and trains with more threads; other names and other folders are refused', async () => {
    const { server, url } = await serve(join(RUN, 'report'), 0);
    try {
      const one = await open(browser, `${url}#train`);
      opened.push(one);
      expect(await one.page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
      await one.page.getByText(/computes with [2-9] threads/).waitFor();
      await one.page.getByRole('button', { name: 'Train', exact: true }).click();
      await expect
        .poll(() => one.page.locator('.progress').textContent(), { timeout: 60_000 })
        .toMatch(/train: [1-9]\d+ of/);
      await one.page.getByRole('button', { name: 'Pause' }).click();
      const status = async (path: string, host?: string) =>
        (await one.page.request.get(`${url}${path}`, host ? { headers: { host } } : {})).status();
      expect(await status('index.html')).toBe(200);
      expect(await status('%2e%2e/results.json')).toBe(404);
      expect(await status('checkpoints')).toBe(404);
      expect(await status('index.html', 'example.org')).toBe(421);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('every view', () => {
  test.each(VIEWS)('%s: axe finds nothing serious, light and dark; nothing is wider than 360 px', async (view) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await visit(view, { colorScheme, viewport: { width: 360, height: 700 } });
      await page.waitForTimeout(400);
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });

  test('markup in names and settings stays text', async () => {
    const evil = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">';
    const folder = join(directory, 'evil');
    mkdirSync(folder);
    const template = readFileSync(join(import.meta.dirname, '../../dist/page/index.html'), 'utf8');
    const spoilt = { ...data, preset: evil, plan: evil, settings: { ...data.settings, programs: evil } };
    writeFileSync(join(folder, 'index.html'), fillPage(template, { ...spoilt, checkpoints: [] }));
    const { page } = await open(browser, `${pathToFileURL(join(folder, 'index.html')).href}#evidence`);
    await page.getByText('Settings', { exact: true }).click();
    expect(await page.textContent('body')).toContain(evil);
    expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  });

  test('a page without its checkpoints says so in a line', async () => {
    const folder = join(directory, 'bare');
    mkdirSync(folder);
    copyFileSync(join(RUN, 'report/index.html'), join(folder, 'index.html'));
    const { page } = await open(browser, `${pathToFileURL(join(folder, 'index.html')).href}#model`);
    expect(await page.getByRole('alert').textContent()).toMatch(/checkpoints\/step-\d+\.js is not beside the page/);
  });

  test('no error on any console, and no request to any network', () => {
    expect(opened.length).toBeGreaterThan(10);
    expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
