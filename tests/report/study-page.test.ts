/** @file The page of several seeds: claims, verdicts, curves; any number of seeds, missing analyses. Chapter 11. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { claimMarks, VERDICTS } from '../../src/report/claim-plot.ts';
import { wrap } from '../../src/report/format.ts';
import { renderClaimsSvg, renderStudy } from '../../src/report/index.ts';
import { verdictsText } from '../../src/report/study-claims.ts';
import { seedSeries } from '../../src/report/study-curves.ts';
import { layersOverSeeds } from '../../src/report/study-model.ts';
import { LIGHT_THEME } from '../../src/report/theme.ts';
import { overSeeds } from '../../src/results/over-seeds.ts';
import type { Results } from '../../src/results/results.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { externalLoads, unlabelledFigures } from './page-checks.ts';
import { sampleAnalyses, sampleCausal, sampleEvidence } from './sample-analyses.ts';
import { sampleResults } from './sample-results.ts';

/** A seed whose evidence is shifted by a little of its own, so that nothing is equal over seeds. */
function seedOf(number: number): Results {
  const shift = 0.002 * number - 0.0001 * number ** 2;
  return {
    ...sampleResults(),
    ...sampleAnalyses(),
    seed: String(number),
    evidence: sampleEvidence(shift),
    causal: sampleCausal(0.1 + shift),
  };
}
const seeds = (count: number): Results[] => Array.from({ length: count }, (_, index) => seedOf(index + 1));
const studyOf = (runs: readonly Results[]) => collectStudy('made-up', runs);
type Parsed = ReturnType<typeof parseHTML>['document'];
const parse = (page: string): Parsed => parseHTML(page).document;

const COMMAND = 'karelscope reproduce tiny --seed 1 --seeds 3 --out STUDY';
const runs = seeds(3);
const study = studyOf(runs);
const page = renderStudy(study, runs, COMMAND);
const document = parse(page);

/** Figures and tables without a line that says where their numbers are. */
function unsourced(from: Parsed) {
  return [...from.querySelectorAll('figure, .scroll')].filter((element) => {
    const line = element.matches('figure') ? element.querySelector('figcaption .source') : element.nextElementSibling;
    return (
      !line?.matches('.source') || !/(study|results)\.json.*recompute: karelscope report STUDY/s.test(line.textContent!)
    );
  });
}

describe('the page', () => {
  test('claims come first, every link of the contents leads to a section, every figure is labelled and sourced', () => {
    const sections = [...document.querySelectorAll('section')].map(({ id }) => id);
    expect(sections[0]).toBe('claims');
    const targets = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')!.slice(1));
    expect(targets).toEqual(sections);
    expect(externalLoads(page)).toEqual([]);
    expect(unlabelledFigures(page)).toEqual([]);
    expect(unsourced(document)).toEqual([]);
    expect(unsourced(parse('<html><body><figure><figcaption></figcaption></figure></body></html>')).length).toBe(1);
  });

  test('flip, adversarial, record, generative accuracy and change point are told before the table; a glossary ends the page', () => {
    const before = page.slice(0, page.indexOf('<table>'));
    for (const word of ['Flip', 'adversarial', 'record', 'Generative accuracy', 'change point'])
      expect(before).toContain(`<em>${word}</em>`);
    expect(before).toContain('<a href="#glossary">');
    const terms = [...document.querySelectorAll('#glossary dt')].map((term) => term.textContent!);
    for (const term of ['generative accuracy', 'sign-flip test', 'counting error', 'change point', 'record'])
      expect(terms).toContain(term);
    expect(terms).toEqual(terms.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(document.querySelector('main > section:last-child')!.id).toBe('glossary');
  });

  test('beside the claim about information stands the slope of accuracy, which the paper calls semantic content', () => {
    const slope = (name: string) =>
      study.regressions
        .find(({ measure, feature, hiddenLayers }) => measure === name && feature === 'mean' && hiddenLayers === 1)!
        .slope.mean!.toFixed(3)
        .replace('-', '−');
    const text = document.querySelector('#regressions')!.textContent!;
    expect(text).toContain(`one hidden layer: ${slope('gain')}`);
    expect(text).toContain(`the trained model alone is ${slope('informationShare')}`);
    expect(text).toContain(`semantic content, is ${slope('accuracy')}`);
  });

  test('links to the page and the results of every seed', () => {
    const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    for (const seed of study.seeds) {
      expect(links).toContain(`seed-${seed}/report/index.html`);
      expect(links).toContain(`seed-${seed}/results.json`);
    }
    expect(links).toContain('claims.md');
  });

  test('the command for all seeds is the one given; without one the page says that there is none', () => {
    expect(document.querySelector('#data')!.textContent).toContain(`All seeds anew: ${COMMAND}.`);
    const without = parse(renderStudy(study, runs, null)).querySelector('#data')!.textContent!;
    expect(without).toContain('no one command makes all of them anew');
    expect(without).not.toContain('karelscope reproduce');
  });

  test('a row for each claim in the order of the plan: verdict as word and symbol, mean, p, seeds', () => {
    const rows = [...document.querySelector('table')!.querySelectorAll('tbody tr')];
    expect(rows.length).toBe(study.claims.length);
    rows.forEach((row, index) => {
      const claim = study.claims[index]!;
      const cells = [...row.children].map((cell) => cell.textContent!);
      expect(cells[0]).toContain(claim.claim);
      expect(cells[1]).toBe(`${VERDICTS[claim.verdict].symbol} ${claim.verdict}`);
      const digits = claim.id === 'rank' ? 2 : 3;
      expect(cells[2]!.replace('−', '-')).toContain(claim.mean!.toFixed(digits));
      expect(cells[5]).toBe(`3 of ${claim.fewestSeeds}`);
    });
    const verdicts = new Set(study.claims.map(({ verdict }) => verdict));
    expect([...verdicts].sort()).toEqual(['refuted', 'supported', 'undecided']); // the table is seen with each
    expect(page).toContain(verdictsText(study.claims));
  });

  test('the phases’ table and the edits’ table have a row for each seed', () => {
    for (const caption of ['Change points and phases', 'Chosen edits by seed', 'The runs']) {
      const found = [...document.querySelectorAll('table')].find((one) =>
        one.querySelector('caption')!.textContent!.startsWith(caption),
      );
      expect(found!.querySelectorAll('tbody tr').length).toBe(3);
    }
  });

  test('is the same page for the same results, and escapes their text', () => {
    expect(renderStudy(studyOf(seeds(3)), seeds(3), COMMAND)).toBe(page);
    const evil = '<script>alert("1")</script>';
    const nasty = runs.slice(0, 1).map((run) => ({ ...run, preset: evil, seed: evil, modelSha256: evil }));
    expect(externalLoads(renderStudy(studyOf(nasty), nasty, evil))).toEqual([]);
    expect(externalLoads(renderClaimsSvg(studyOf(nasty)))).toEqual([]);
  });
});

describe('any number of seeds', () => {
  const bare = (run: Results): Results => ({ ...run, evidence: null, permutations: null, layers: null, causal: null });
  const cases: [string, Results[]][] = [
    ['one seed', seeds(1)],
    ['five seeds', seeds(5)],
    ['two seeds, one of them without analyses', [seedOf(1), bare(seedOf(2))]],
    ['two seeds without analyses', seeds(2).map(bare)],
    ['a seed with one checkpoint', [{ ...sampleResults(1), seed: '1' }]],
  ];
  test.each(cases)('%s: no NaN, figures labelled, undecided where there are fewer than three', (_, some) => {
    const made = studyOf(some);
    const text = renderStudy(made, some, null);
    for (const word of ['NaN', 'undefined', '>null', 'Infinity', '[object']) expect(text).not.toContain(word);
    expect(unlabelledFigures(text)).toEqual([]);
    expect(unsourced(parse(text))).toEqual([]);
    expect(renderClaimsSvg(made)).not.toMatch(/NaN|undefined|Infinity/);
    if (some.length < 3) expect(text).toContain(`none are supported, none are refuted and 14 are undecided`);
    expect(text.includes('nothing:</b> with fewer than three')).toBe(some.length < 3);
  });
});

describe('figures', () => {
  test('a claim’s mean lies right of the middle if as claimed, left if not; a low rank is as claimed', () => {
    const x = (id: string, values: number[]): number => {
      const claim = { ...study.claims.find((one) => one.id === id)!, ...overSeeds(values) };
      return Number(/<path d="M(-?[\d.]+),-6L/.exec(claimMarks(claim, LIGHT_THEME, 150))![1]);
    };
    expect(x('flip', [0.1, 0.2, 0.3])).toBeGreaterThan(10);
    expect(x('flip', [-0.1, -0.2, -0.3])).toBeLessThan(-10);
    expect(x('rank', [1, 1, 2])).toBeGreaterThan(10);
    expect(x('rank', [6, 6, 5])).toBeLessThan(-10);
    expect(x('rank', [3, 4])).toBe(0);
  });

  test('a circle for each seed that has a value', () => {
    const claim = { ...study.claims[4]!, ...overSeeds([0.1, null, 0.3]) };
    expect(claimMarks(claim, LIGHT_THEME, 150).match(/<circle/g)!.length).toBe(2);
  });

  test('the picture has a row for each claim, and colours that do not depend on a page', () => {
    const svg = renderClaimsSvg(study);
    expect(svg.match(/<g transform/g)!.length).toBe(14);
    expect(svg).not.toContain('var(--');
    expect(svg).toMatch(/role="img" aria-label="Claims of tiny, seeds 1, 2, 3\./);
    for (const { verdict } of study.claims) expect(svg).toContain(`${VERDICTS[verdict].symbol} ${verdict}`);
  });

  test('a wrapped claim keeps its words, on lines of no more than the given length', () => {
    for (const { claim } of study.claims) {
      const lines = wrap(claim, 40);
      expect(lines.join(' ')).toBe(claim);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
      expect(wrap(claim, 1000)).toEqual([claim]);
    }
  });

  test('curves: a thin line a seed and the mean; a single seed is its own mean', () => {
    const rows = [0, 1].map((x) => ({ x, of: overSeeds([x, x + 1, x + 5]) }));
    const series = seedSeries('mean', 'red', rows);
    expect(series.map(({ thin }) => !!thin)).toEqual([true, true, true, false]);
    expect(series.at(-1)!.points.map(({ y }) => y)).toEqual([2, 3]);
    expect(seedSeries('mean', 'red', [{ x: 0, of: overSeeds([4]) }]).length).toBe(1);
  });

  test('layers: the mean over the seeds that have the cell', () => {
    const other = { ...runs[0]!, layers: runs[0]!.layers!.map((row) => ({ ...row, informationShare: 0.9 })) };
    const cell = layersOverSeeds([runs[0]!, other, { ...other, layers: null }]).find(
      ({ step, layer, feature }) => step === 3000 && layer === 2 && feature === 'obstacle',
    );
    expect(cell!.share).toBeCloseTo((0.14 + 0.9) / 2, 12);
  });
});
