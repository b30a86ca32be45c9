/** @file The report: page, numbers, unfinished runs, picture. Chapter 8. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { renderCurveSvg, renderReport } from '../../src/report/index.ts';
import type { Results } from '../../src/results/results.ts';
import { externalLoads, unlabelledFigures, unsourced } from './page-checks.ts';
import { sampleAnalyses } from './sample-analyses.ts';
import { FACTS, sampleResults } from './sample-results.ts';

const full = (): Results => ({ ...sampleResults(), ...sampleAnalyses() });
const results = full();
const page = renderReport(results, FACTS);
const { document } = parseHTML(page);

/** Whether `path`, such as `checkpoints[].example`, leads to a value in any element of its lists. */
function hasKey(value: unknown, path: string): boolean {
  const names = path.replaceAll('[]', '.[]').split('.').filter(Boolean);
  let found: unknown[] = [value];
  for (const name of names) {
    found = found.flatMap((one) => {
      if (name === '[]') return Array.isArray(one) ? one : [];
      return typeof one === 'object' && one !== null && name in one ? [(one as Record<string, unknown>)[name]] : [];
    });
  }
  return found.length > 0;
}

/** The body rows of the table whose caption begins with `caption`, as the texts of their cells. */
function rowsOf(caption: string, from = document): string[][] {
  const table = [...from.querySelectorAll('table')].find((one) =>
    one.querySelector('caption')!.textContent!.startsWith(caption),
  );
  if (!table) throw new Error(`no table ${caption}`);
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent!.replaceAll('\u00a0', ' ').trim()),
  );
}

describe('the page', () => {
  test('has one h1, eighteen sections with a heading each, and every link of the contents leads to one', () => {
    expect(document.querySelectorAll('h1').length).toBe(1);
    const sections = [...document.querySelectorAll('section')];
    expect(sections.length).toBe(18);
    for (const section of sections) expect(section.querySelectorAll('h2').length).toBe(1);
    const targets = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')!.slice(1));
    expect(targets).toEqual(sections.map((section) => section.id));
  });

  test('opens and closes the same number of every element that must be closed', () => {
    for (const name of ['section', 'figure', 'table', 'svg', 'g', 'text', 'div', 'p', 'li', 'td', 'details']) {
      const opened = page.match(new RegExp(`<${name}[\\s>]`, 'g'))?.length ?? 0;
      const selfClosed = page.match(new RegExp(`<${name}(\\s[^>]*)?/>`, 'g'))?.length ?? 0;
      expect([name, page.split(`</${name}>`).length - 1]).toEqual([name, opened - selfClosed]);
    }
  });

  test('loads nothing from outside, and the check finds what would', () => {
    expect(externalLoads(page)).toEqual([]);
    expect(externalLoads('<img src="https://example.org/a.png">').length).toBe(1);
    expect(externalLoads('<style>@import "x.css"</style>').length).toBe(1);
    expect(externalLoads('<style>a{background:url(//example.org/a)}</style>').length).toBe(1);
    expect(externalLoads('<link rel="stylesheet" href="a.css">').length).toBe(1);
    expect(externalLoads('<script>1</script>').length).toBe(1);
  });

  test('gives every figure a caption and every drawing a text alternative, and the check finds one without', () => {
    expect(document.querySelectorAll('figure').length).toBeGreaterThanOrEqual(11);
    expect(unlabelledFigures(page)).toEqual([]);
    expect(unlabelledFigures('<figure><svg role="img"></svg></figure>').length).toBe(2);
  });

  test('tells under every figure and table where its numbers lie and which command computes them, and the check finds one without', () => {
    expect(document.querySelectorAll('table').length).toBeGreaterThan(10);
    expect(unsourced(page)).toEqual([]);
    expect(unsourced('<figure><figcaption></figcaption></figure><div class="scroll"><table></table></div>')).toEqual([
      'figure',
      'table',
    ]);
  });

  test('names only commands that there are, and only keys that results.json has', () => {
    const main = readFileSync(join(import.meta.dirname, '../../src/main.ts'), 'utf8');
    const lines = [...document.querySelectorAll('.source')];
    const commands = new Set(lines.flatMap((line) => line.textContent!.match(/karelscope [a-z]+ RUN/g) ?? []));
    expect([...commands].sort()).toEqual([
      'karelscope analyse RUN',
      'karelscope probe RUN',
      'karelscope report RUN',
      'karelscope trace RUN',
    ]);
    for (const command of commands) expect(main).toContain(`['${command.split(' ')[1]}', `);
    const ofResults = lines.filter((line) => !line.querySelector('[href$=".jsonl"]'));
    const keys = ofResults.flatMap((line) => [...line.querySelectorAll('code')].map((code) => code.textContent!));
    const paths = new Set(keys.filter((key) => !/^karelscope|^node/.test(key)).map((key) => key.split(' ')[0]!));
    expect(paths.size).toBeGreaterThan(15);
    for (const path of paths) expect([path, hasKey(results, path)]).toEqual([path, true]);
    expect(hasKey(results, 'checkpoints[].nothing')).toBe(false);
  });

  test('shades the phases behind every curve over training, and names them with their steps once a group', () => {
    const charts = [...document.querySelectorAll('svg.plot')].filter(
      (svg) => svg.textContent!.includes('training steps →') && !svg.getAttribute('aria-label')!.startsWith('Heat map'),
    );
    expect(charts.length).toBe(2 + 4 + 3 * 3); // overview wide and narrow, writing, three panels of features
    for (const chart of charts) expect(chart.querySelectorAll('[fill="var(--phase-3)"]').length).toBe(1);
    const entries = [...document.querySelectorAll('.key li')].map((entry) => entry.textContent);
    expect(entries.filter((text) => text === 'meaning, steps 1,875 to 3,000').length).toBe(1 + 1 + 3);
  });

  test('follows the story: question, world, curves, content, intervention, baselines, edits, limits, paper', () => {
    const order = [...document.querySelectorAll('section')].map(({ id }) => id);
    const story = ['question', 'world', 'writing', 'content', 'semantics', 'baselines', 'use', 'limits', 'paper'];
    expect(order.filter((id) => story.includes(id))).toEqual(story);
  });

  test('holds no number that is not one: NaN, undefined, null, Infinity', () => {
    for (const word of ['NaN', 'undefined', '>null', 'Infinity', '[object']) expect(page).not.toContain(word);
  });

  test('is the same page for the same results', () => {
    expect(renderReport(full(), FACTS)).toBe(page);
  });

  test('escapes all text of the results', () => {
    const evil = '<script>alert("1")</script>&\'';
    const nasty = structuredClone(results);
    nasty.preset = nasty.seed = nasty.modelSha256 = nasty.arithmetic = evil;
    nasty.settings = { ...nasty.settings, [evil]: evil };
    for (const { example } of nasty.checkpoints) {
      Object.assign(example, { input: evil, output: evil, reference: evil, generated: evil });
    }
    nasty.probes = nasty.probes.map((probe) =>
      probe.semantics === 'flip' ? { ...probe, semantics: evil } : { ...probe, seed: evil },
    );
    const text = renderReport(nasty, { ...FACTS, runtime: evil, stageSeconds: { [evil]: 1 } });
    expect(text).toContain('&lt;script&gt;');
    expect(externalLoads(text)).toEqual([]);
    expect(externalLoads(renderCurveSvg(nasty))).toEqual([]);
  });
});

describe('the numbers', () => {
  test('checkpoint table: one row a checkpoint, with its accuracy, diversity and perplexity', () => {
    const rows = rowsOf('Every checkpoint');
    expect(rows.length).toBe(results.checkpoints.length);
    rows.forEach((row, index) => {
      const one = results.checkpoints[index]!;
      expect(row[0]).toBe(one.step.toLocaleString('en-US'));
      expect(row[2]).toBe(`${(one.generativeAccuracy * 100).toFixed(1)} %`);
      expect(row[4]).toBe(String(one.distinctPrograms));
      expect(row[7]).toBe(one.programPerplexity.toFixed(3));
    });
    expect(rows[0]!.at(-1)).toBe('–');
  });

  test('probe tables: every probe of the last checkpoint, with n, majority and untrained', () => {
    const last = results.probes.filter(({ step }) => step === 3000);
    const rows = [...rowsOf('Probes at offset 0'), ...rowsOf('Probes at the other offsets')];
    expect(rows.length).toBe(last.length);
    const [first] = rowsOf('Probes at offset 0');
    const probe = last.find(({ offset }) => offset === 0)!;
    expect(first!.slice(3, 5)).toEqual([String(probe.n), String(probe.programs)]);
    const share = (value: number) => `${(value * 100).toFixed(1)} %`;
    expect(first!.slice(8, 11)).toEqual([share(probe.accuracy), share(probe.majority), share(probe.untrained)]);
  });

  test('fewer than 500 test pairs are marked in the table, and only those', () => {
    const marked = rowsOf('Probes at the other offsets').filter((row) => row.some((cell) => cell.includes('too few')));
    const few = results.probes.filter(({ step, offset, tooFew }) => step === 3000 && offset !== 0 && tooFew);
    expect(marked.length).toBe(few.length);
    expect(few.length).toBeGreaterThan(0);
    expect(rowsOf('Probes at offset 0').flat().join()).not.toContain('too few');
  });

  test('the paper’s numbers stand beside ours, each with a verdict and a reason', () => {
    const rows = rowsOf('The paper');
    const text = rows.flat().join(' ');
    for (const number of ['92.4 %', '63.2 %', '79.1 %', '82.3 %', '0.878']) expect(text).toContain(number);
    for (const row of rows) expect(row.map((cell) => cell.length > 0)).toEqual([true, true, true, true, true]);
    for (const row of rows) expect(['in kind', 'no']).toContain(row[3]);
  });

  test('labels: position class 24 of 49 is the start, and shares are of all pairs', () => {
    const row = rowsOf('Labels of the test traces').find((one) => one[0] === 'position' && one[1] === 'original')!;
    expect(row[2]).toMatch(/^\(0, 0\) 58\.6 %/);
  });
});

describe('unfinished runs', () => {
  const without = (change: (copy: Results) => void, from = sampleResults()): Results => {
    const copy = structuredClone(from);
    change(copy);
    return copy;
  };
  const cases: [string, Results][] = [
    ['no checkpoint', without((copy) => Object.assign(copy, { checkpoints: [], probes: [], skippedProbes: [] }))],
    ['one checkpoint', sampleResults(1)],
    ['two checkpoints', sampleResults(2)],
    ['no probes', without((copy) => Object.assign(copy, { probes: [] }))],
    ['neither evidence nor analyses', sampleResults()],
    [
      'evidence and analyses that are empty',
      without(
        (copy) =>
          Object.assign(copy, {
            evidence: { shares: [], contrasts: [], before: { shares: [], contrasts: [] }, lookAhead: [] },
            permutations: { rows: [], ranks: [] },
            layers: [],
            causal: { step: 0, edits: null, editsSkipped: 'too few', patching: null, patchingSkipped: 'too few' },
          }),
        results,
      ),
    ],
    [
      'shares that are null and intervals without width',
      without((copy) => {
        const bare = (_: string, value: unknown) =>
          typeof value === 'object' && value !== null && 'interval' in value ? { ...value, interval: null } : value;
        const { evidence, causal, permutations, layers } = copy;
        Object.assign(copy, JSON.parse(JSON.stringify({ evidence, causal }, bare)));
        Object.assign(copy, {
          permutations: {
            ...permutations!,
            rows: permutations!.rows.map((row) => ({ ...row, informationShare: null })),
          },
          layers: layers!.map((row) => ({ ...row, informationShare: null })),
        });
      }, results),
    ],
    [
      'one specification, without intervals',
      without((copy) => {
        const bare = (value: unknown): unknown => {
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
          if ('interval' in value) return { ...value, interval: null, n: 1 };
          return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, bare(one)]));
        };
        for (const one of copy.checkpoints) Object.assign(one, { programs: bare(one.programs), specifications: 1 });
      }),
    ],
    [
      'no label distribution',
      without((copy) => {
        for (const one of copy.checkpoints) one.labelDistribution = {};
      }),
    ],
    [
      'one semantics',
      without((copy) => Object.assign(copy, { probes: copy.probes.filter((p) => p.semantics === 'original') })),
    ],
    [
      'probes of one layer',
      without((copy) => Object.assign(copy, { probes: copy.probes.map((p) => ({ ...p, layer: 2 })) })),
    ],
    [
      'probes of the first checkpoint only',
      without((copy) => Object.assign(copy, { probes: copy.probes.filter((p) => p.step === 0) })),
    ],
    [
      'zero pairs',
      without((copy) =>
        Object.assign(copy, { probes: copy.probes.map((p) => ({ ...p, n: 0, programs: 0, tooFew: true })) }),
      ),
    ],
    [
      'nulls where numbers were not finite',
      without((copy) => {
        const nothing = null as unknown as number;
        for (const one of copy.checkpoints)
          Object.assign(one, { meanLength: nothing, programPerplexity: nothing, trainLoss: null });
        copy.probes = copy.probes.map((p) => ({
          ...p,
          informationShare: null,
          untrainedInformationShare: null,
          information: nothing,
          untrained: nothing,
        }));
      }),
    ],
    [
      'very negative information',
      without((copy) => {
        copy.probes = copy.probes.map((p) => ({ ...p, informationShare: -4, information: -8 }));
      }),
    ],
    [
      'programs that say nothing',
      without((copy) => {
        for (const one of copy.checkpoints) Object.assign(one.example, { generated: '', input: '', output: '' });
      }),
    ],
  ];
  test.each(cases)('%s: a page and a picture without NaN, all figures labelled', (_, unfinished) => {
    const text = renderReport(unfinished, FACTS);
    const picture = renderCurveSvg(unfinished);
    for (const word of ['NaN', 'undefined', 'Infinity']) {
      expect(text).not.toContain(word);
      expect(picture).not.toContain(word);
    }
    expect(unlabelledFigures(text)).toEqual([]);
  });
});

describe('the picture', () => {
  test('is one SVG of 900 by 420 with a background, a text alternative, all three curves and phases', () => {
    const picture = renderCurveSvg(results);
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 900 420"/);
    expect(picture).toMatch(/role="img" aria-label="Three curves over 3,000 training steps\./);
    for (const word of [
      'babbling',
      'syntax',
      'meaning',
      'Test specifications solved',
      'Different programs',
      'Direction',
    ]) {
      expect(picture).toContain(word);
    }
    expect(picture).not.toContain('var(--');
    expect(picture).toContain('<rect width="900" height="420"');
  });
});
