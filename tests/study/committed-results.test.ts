/** The files under results/ say what the program computes from each other. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { claimsMarkdown, describeClaims } from '../../src/results/claims-text.ts';
import { planRemark } from '../../src/results/plan.ts';
import type { Results } from '../../src/results/results.ts';
import { baselinesMarkdown } from '../../src/results/sources.ts';
import type { StudyResults } from '../../src/results/study-results.ts';
import { collectStudy } from '../../src/study/seeds.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { decodeModel, parameterCount } from '../../src/transformer/index.ts';

const ROOT = join(import.meta.dirname, '../../results');
const textOf = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const studies = readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'study.json')));
const studyOf = (name: string): StudyResults => JSON.parse(textOf(name, 'study.json'));
const resultsOf = (name: string, seed: string): Results =>
  JSON.parse(gunzipSync(readFileSync(join(ROOT, name, `seed-${seed}.json.gz`))).toString('utf8'));

describe.each(studies)('results/%s', (name) => {
  const study = studyOf(name);

  test('study.json is what collectStudy makes of the committed seeds: claims, tests and means over seeds', () => {
    const runs = study.seeds.map((seed) => resultsOf(name, seed));
    expect(JSON.parse(JSON.stringify(collectStudy(name, runs)))).toEqual(study);
  });

  test('baselines.md is made of the committed seeds', () => {
    const runs = study.seeds.map((seed) => resultsOf(name, seed));
    expect(textOf(name, 'baselines.md')).toBe(baselinesMarkdown(runs));
  });

  test('its seeds are the planned ones', () => {
    expect(planRemark(name, study.seeds)).toMatch(/^these are the planned seeds/);
  });

  test('claims.txt says what study.json says', () => {
    expect(textOf(name, 'claims.txt')).toBe(`${describeClaims(study.claims).join('\n')}\n`);
  });

  test('claims.md is made of study.json', () => {
    expect(textOf(name, 'claims.md')).toBe(claimsMarkdown(study));
  });
});

test('results/tiny/checkpoint is a model of the study, of less than 2 MB, and can be loaded', () => {
  const path = join(ROOT, 'tiny/checkpoint');
  const files = Object.fromEntries(
    ['config.json', 'model.safetensors'].map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]),
  );
  const sha256 = createHash('sha256').update(files['model.safetensors']!).digest('hex');
  expect(studyOf('tiny').modelSha256).toContain(sha256);
  expect(files['model.safetensors']!.length).toBeLessThan(2e6);
  const model = decodeModel(createReferenceEngine('float32'), files);
  expect(parameterCount(model.config)).toBe(resultsOf('tiny', studyOf('tiny').seeds[0]!).parameters);
});
