/** @file Explanations of a run's numbers, held against each other and against the run. */
import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  AuditError,
  type Explanation,
  explainRun,
  explainStudy,
  formatBits,
  openStudy,
  RUN_ROUTES,
  RunAudit,
  walk,
} from '../../src/audit/index.ts';
import type { Results } from '../../src/results/results.ts';
import { encodeText, MemoryStore, within } from '../../src/store/index.ts';
import { type Run, readJson } from '../../src/study/run.ts';
import { runStages } from '../../src/study/runner.ts';
import { reportStudy } from '../../src/study/seeds.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { uniform } from '../helpers/numbers.ts';
import { sampleEvidence, withDiffering } from '../results/sample-analyses.ts';
import { cloneOf, contextWith, memoryRun } from '../study/memory-runs.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const SETTINGS = {
  steps: 60,
  checkpoints: 2,
  trainSamples: 640,
  validationSamples: 60,
  testSamples: 80,
  perplexitySamples: 20,
  traceTrain: 60,
  traceValidation: 40,
  traceTest: 60,
  probeSamples: 1000,
  probeSamplesTwoHidden: 300,
  n_embd: 16,
  rotary_dim: 4,
} as const;

let run: Run;
let audit: RunAudit;
const explain = (address: string): Promise<Explanation> => explainRun(audit, address);

beforeAll(async () => {
  run = memoryRun(SETTINGS);
  await runStages(run, contextWith({ openEngine: () => createEngine() }));
  audit = new RunAudit(run, await createEngine());
}, 120_000);

/** Walks from `address` down, each time to an operand that is drawn at random, and says what it saw. */
async function randomWalk(address: string, random: () => number, most = 40): Promise<string[]> {
  const seen: string[] = [];
  for (let at: string | undefined = address; at !== undefined && seen.length < most; ) {
    const explanation = await explain(at);
    if (explanation.again) expect(Object.is(explanation.again.value, explanation.value), at).toBe(true);
    const ways = explanation.operands.flatMap(({ address: own, value, factor }) => [
      ...(own ? [{ to: own, value }] : []),
      ...(factor?.address ? [{ to: factor.address, value: factor.value }] : []),
    ]);
    seen.push(at);
    const way = ways[Math.floor(random() * ways.length)];
    if (way) expect((await explain(way.to)).value, `${at} says ${way.to}`).toBe(way.value);
    at = way?.to;
  }
  return seen;
}

describe('whatever operand one takes, its own explanation has the same value, and all are found again to the bit', () => {
  const starts = [
    'generative accuracy',
    'claims/solves',
    'step 30/generative accuracy',
    'sample 3/token 22/logits[move]',
    'step 60/transformer.h.1.attn.qkv_proj.weight[3,9]',
    'step 45/gradient/transformer.h.0.mlp.fc_out.weight[2,7]',
    'step 7/loss',
    'results/checkpoints/1/generativeAccuracy',
  ];
  for (const start of starts) {
    test(start, async () => {
      const random = uniform(start.length);
      const ends = new Set<string>();
      for (let turn = 0; turn < 4; turn++) ends.add((await randomWalk(start, random)).at(-1)!);
      expect(ends.size).toBeGreaterThan(1);
    }, 120_000);
  }
});

test('an accuracy leads to a parameter, the step that moved it, its gradient and a sample of the corpus', async () => {
  const seen: string[] = [];
  for await (const { address } of walk(explain, 'sample 0/token 22/logits[move]')) seen.push(address);
  for (const part of [
    /\/transformer\.wte\.weight/,
    /\/m\//,
    /\/gradient\//,
    /\/gradient\/batch \d+\/token/,
    /^corpus\/train/,
  ]) {
    expect(
      seen.some((address) => part.test(address)),
      String(part),
    ).toBe(true);
  }
});

test('the examples of all routes, with the steps of this run, are explained', async () => {
  for (const { example } of RUN_ROUTES) {
    if (/probe|results|claims\/flip/.test(example)) continue; // programs of one action have no such pairs
    const address = example
      .replace(/1[78]\d\d/, '59')
      .replaceAll('h.2', 'h.1')
      .replace('881', '88')
      .replace('fc_in.weight[3,9]', 'fc_in.weight[3,1]')
      .replace(/token 3[78]/, 'token 22')
      .replace('act[17]', 'act[5]')
      .replace('step 59/generative', 'step 60/generative');
    expect((await explain(address)).formula.length, address).toBeGreaterThan(0);
  }
});

test("a study's claim is the mean of its seeds, and leads into each", async () => {
  const other = memoryRun(SETTINGS, '2');
  await runStages(other, contextWith({ openEngine: () => createEngine() }));
  const store = new MemoryStore('study');
  for (const [seed, one] of [
    ['1', run],
    ['2', other],
  ] as const) {
    for (const name of one.store.list()) within(store, `seed-${seed}`).write(name, one.store.read(name)!);
  }
  reportStudy(store, contextWith());
  const study = openStudy(store, (one) => new RunAudit(one, audit.engine));
  const claim = await explainStudy(study, 'report/claims/solves');
  expect(claim.operands.map(({ address }) => address)).toEqual(['seed 1/claims/solves', 'seed 2/claims/solves']);
  expect(claim.value).toBe(claim.operands.reduce((sum, { value }) => sum + value, 0) / 2);
  const ofSeed = await explainStudy(study, claim.operands[0]!.address!);
  expect(ofSeed.value).toBe(claim.operands[0]!.value);
  expect(ofSeed.operands.map(({ address }) => address)).toContain('seed 1/results/checkpoints/2/generativeAccuracy');
  await expect(explainStudy(study, 'seed 3/solved')).rejects.toThrow('there is no run of seed 3; seeds are 1, 2');
}, 120_000);

test('a contrast where labels differ leads to the shares of these pairs, and not to those of other ones', async () => {
  const results = readJson<Results>(run, 'results.json');
  const evidence = withDiffering(sampleEvidence(), 0.25);
  const made = cloneOf(run);
  made.keep('results', [], { 'results.json': encodeText(JSON.stringify({ ...results, evidence })) });
  const { contrasts, shares } = evidence.differing!;
  const at = contrasts.findIndex((row) => row.differsFrom === 'adversarial' && row.against && row.over === 'untrained');
  const address = `results/evidence/differing/contrasts/${at}/difference/estimate`;
  const { value, operands } = await explainRun(new RunAudit(made, await createEngine()), address);
  expect(value).toBe(contrasts[at]!.difference.estimate);
  const rows = operands.map(({ address: own }) => {
    const [, index] = /^results\/evidence\/differing\/shares\/(\d+)\/share\/estimate$/.exec(own!)!;
    return shares[Number(index)]!;
  });
  const { feature, hiddenLayers, offset } = contrasts[at]!;
  for (const row of rows) expect(row).toMatchObject({ differsFrom: 'adversarial', feature, hiddenLayers, offset });
  expect(rows.map(({ semantics, source }) => `${semantics} ${source}`)).toEqual([
    ...['original trained', 'original untrained', 'adversarial trained', 'adversarial untrained'],
  ]);
  expect(operands.map(({ part, value: share }) => Math.sign(part! / share))).toEqual([1, -1, -1, 1]);
});

test('an address that names nothing says which part', async () => {
  const wrong: Record<string, string> = {
    nonsense: 'names nothing',
    'step 61/loss': 'there is none from step 61 on',
    'step 60/loss': 'training ends after 60 steps',
    'step 10/sample 0/solved': 'there is no checkpoint at step 10',
    'sample 999/solved': 'there is no sample 999',
    'sample 0/token 99': 'there is no token 99',
    'sample 0/token 3/h.7.mlp.act[0]': 'has no h.7.mlp.act',
    'sample 0/token 3/h.0.mlp.act[64]': 'there is no number 64',
    'step 3/transformer.h.0.ln_1.weight[16]': 'there is no [16]',
    'step 3/transformer.h.9.ln_1.weight[1]': 'there is no transformer.h.9.ln_1.weight',
    'claims/none': 'there is no claim none',
    'results/nowhere': 'no number at nowhere',
    'corpus/train/640/token 0': 'there is no sample 640',
  };
  for (const [address, part] of Object.entries(wrong)) {
    const failure = await explain(address).catch((error: unknown) => error);
    expect(failure, address).toBeInstanceOf(AuditError);
    expect((failure as Error).message, address).toContain(part);
  }
});

test('bits are shown as sign, exponent and fraction', () => {
  expect(formatBits(1)).toBe('0 01111111 00000000000000000000000');
  expect(formatBits(-0.15625)).toBe('1 01111100 01000000000000000000000');
});
