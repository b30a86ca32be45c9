/** @file Any step of a run is found again; what was changed since is named. */
import { expect, test } from 'vitest';
import { complaints, describeReplay, holds, replay } from '../../src/audit/index.ts';
import { encodeText } from '../../src/store/index.ts';
import { metricsFile } from '../../src/study/names.ts';
import { silent } from '../../src/study/progress.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { memoryRun } from '../study/memory-runs.ts';
import { changeCheckpoint, changeToken, copyAs, trainedRun } from './fast-runs.ts';

const [run, engine] = [await trainedRun(), await createEngine()];

test.each([0, 1, 2, 5])(
  'step %i of a run: all bits, all bounds, its metrics, its checkpoint where there is one',
  async (step) => {
    const result = replay(run, engine, step, silent);
    expect(complaints(result)).toEqual([]);
    expect(holds(result)).toBe(true);
    expect(result.compared).toEqual({ checkpoint: step % 3 === 2, metrics: true });
    const text = describeReplay('run', result);
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(2)
          .map(({ length }) => length),
      ),
    ).toBeLessThan(180);
    expect(text).toContain('each with the bits of the exact kernels and within its bound');
  },
);

test('simd arithmetic and Muon: all bits, all bounds, the checkpoint', async () => {
  const muon = await trainedRun({ optimizer: 'muon' }, { arithmetic: 'simd' });
  const result = replay(muon, await createEngine({ arithmetic: 'simd' }), 2, silent);
  expect([complaints(result), result.compared.checkpoint]).toEqual([[], true]);
});

test('a checkpoint with one changed weight, all its checksums right, is named with the weight and both values', async () => {
  const forged = copyAs(run, 'forged');
  await changeCheckpoint(forged, 3, (model) => {
    model.parameter('transformer.h.1.mlp.fc_in.weight').value.data[35]! += 1e-6;
  });
  const result = replay(forged, engine, 2, silent);
  expect(holds(result)).toBe(false);
  expect(complaints(result)).toHaveLength(1);
  expect(complaints(result)[0]).toMatch(
    /^NOT THE SAME: checkpoint 3: transformer\.h\.1\.mlp\.fc_in\.weight\[2,3\] is -?[\d.]+, and training gives -?[\d.]+ \(1 differ\)$/,
  );
});

test('a changed token of the corpus, all its checksums right, is named: its sample, the checkpoint, and the metrics', async () => {
  const forged = copyAs(run, 'forged');
  changeToken(forged, 11, 3, (token) => (token === 7 ? 8 : 7));
  const found = complaints(replay(forged, engine, 2, silent)).join('\n');
  expect(found).toMatch(/checkpoint 3 was made from another corpus\/train\.karel/);
  expect(found).toMatch(/sample 11/);
  expect(found).toMatch(/metrics, step 3: loss is/);
});

test('changed metrics are named', () => {
  const forged = copyAs(run, 'forged');
  const lines = new TextDecoder().decode(run.read(metricsFile(3))).split('\n');
  const changed = lines.map((line, i) => (i === 1 ? line.replace(/"loss":\d/, '"loss":7') : line)).join('\n');
  forged.keep('train/3', [], { [metricsFile(3)]: encodeText(changed) });
  expect(complaints(replay(forged, engine, 1, silent)).join()).toMatch(/metrics, step 2: loss is 7/);
});

test.each([-1, 6, 1.5])('step %d of a training of 6 is an AuditError that says which there are', (step) => {
  expect(() => replay(run, engine, step, silent)).toThrow(/no step starts from state .*from state 0 to 6/);
});

test('a run that has computed nothing, and an engine of another arithmetic, are AuditErrors', async () => {
  expect(() => replay(memoryRun(), engine, 0, silent)).toThrow(/no arithmetic yet/);
  const other = await createEngine({ arithmetic: 'simd' });
  expect(() => replay(run, other, 0, silent)).toThrow(/computed with relaxed-simd arithmetic, and this is simd/);
});
