/** The page is filled from runs; pictures are of the committed data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { believe, readDirections, readProbes } from '../../src/probe/index.ts';
import { DIRECTIONS_FILE, probeWeightsFile } from '../../src/study/names.ts';
import { fillPage, pageFiles, pageOf } from '../../src/study/page.ts';
import { createReferenceEngine } from '../../src/tensor/reference-engine.ts';
import { decodeModel } from '../../src/transformer/index.ts';
import { linesOf, memoryRun } from './memory-runs.ts';

const run = memoryRun({
  ...{ trainSamples: 40, validationSamples: 20, testSamples: 30, perplexitySamples: 5 },
  ...{ n_embd: 8, n_layer: 1, rotary_dim: 2, steps: 2, checkpoints: 1, batchSize: 4 },
  ...{ probeSamples: 32, probeSamplesTwoHidden: 32, probeBatch: 16, probePatience: 1 },
});
await linesOf(run);

test('what is put into a page cannot end its element', () => {
  const { data } = pageOf([run]);
  const filled = fillPage('<script><!-- data --></script>', { ...data, preset: '</script><script>$&' });
  expect(filled.match(/<\/?script/g)).toHaveLength(2);
  expect(JSON.parse(filled.slice(8, -9)).preset).toBe('</script><script>$&');
});

test('each checkpoint is a script that hands over the files of the run', () => {
  const files = pageFiles([run], '<!-- data -->');
  const { data } = pageOf([run]);
  expect(Object.keys(files)).toHaveLength(1 + data.checkpoints.length);
  for (const { name } of data.checkpoints) {
    const handed: Record<string, Uint8Array> = {};
    const karelscope = (_: string, parts: Record<string, string>) => {
      for (const [part, text] of Object.entries(parts)) handed[part] = Uint8Array.from(Buffer.from(text, 'base64'));
    };
    new Function('karelscope', new TextDecoder().decode(files[`report/checkpoints/${name}.js`]))(karelscope);
    expect(handed['model.safetensors']).toEqual(run.read(`checkpoints/${name}/model.safetensors`));
    decodeModel(createReferenceEngine('float32'), handed);
    for (const probe of readProbes(handed['probes.safetensors']!, name).probes) {
      const inputs = probe.source === 'trained' ? probe.mean!.length : 0;
      if (inputs === 0) continue;
      for (const head of believe(probe, new Float32Array(inputs)))
        expect(head.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
  }
});

test('probes and directions are kept with the run, or an empty file where no edit could be made', () => {
  expect(readProbes(run.read(probeWeightsFile(0)), 'probes').probes.length).toBeGreaterThan(0);
  const directions = readDirections(run.read(DIRECTIONS_FILE), 'directions');
  if (directions) expect(directions.geometry).toHaveLength(run.plan.settings.n_layer + 1);
});

test('the pictures were made from the committed results: npm run pictures makes them anew', async () => {
  const { digestOf, PICTURES } = await import('../../scripts/pictures-list.mjs');
  const { committedPage } = await import('../../scripts/site.mjs');
  const digests = JSON.parse(readFileSync(join(import.meta.dirname, '../../pictures/digests.json'), 'utf8'));
  const { data } = committedPage();
  for (const { name } of PICTURES) expect(digests[name], name).toBe(digestOf(name, data));
});
