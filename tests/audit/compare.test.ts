/** @file Two runs are followed to the first number that differs; equal ones are equal. */
import { expect, test } from 'vitest';
import { compareRuns } from '../../src/audit/index.ts';
import { checkpointFile } from '../../src/study/names.ts';
import { silent } from '../../src/study/progress.ts';
import type { Run } from '../../src/study/run.ts';
import { createEngine } from '../../src/tensor/fast-engine.ts';
import { changeCheckpoint, changeToken, copyAs, trainedRun } from './fast-runs.ts';

const run = await trainedRun();
const compared = async (other: Run): Promise<string> => {
  const { equal, lines } = await compareRuns(run, other, (arithmetic) => createEngine({ arithmetic }), silent);
  return `${equal ? 'equal' : 'different'}\n${lines.join('\n')}`;
};

test('a run and one with the same settings are equal', async () => {
  expect(await compared(await trainedRun({}, { place: 'again' }))).toMatch(
    /^equal\nthe same: all settings, and \d+ files/,
  );
});

test('one other token of sample 17, in the batch of the fourth step: sample, token, step, op, element and operands are named', async () => {
  const other = await trainedRun(
    {},
    { place: 'other', between: (one) => changeToken(one, 17, 3, (t) => (t === 7 ? 8 : 7)) },
  );
  const found = await compared(other);
  expect(found).toMatch(/^different\nother bytes: .*corpus\/train\.karel/);
  expect(found).toMatch(/^training corpora: sample 17, token 3: \d+ and [78]$/m);
  expect(found).toMatch(/^the first checkpoint that differs: 6; 3 is the same$/m);
  expect(found).toMatch(/^first difference: the step from state 3 to 4, after which transformer\./m);
  expect(found).toMatch(/^ {2}sample 17 of the batch: token 3 is \d+ and [78]$/m);
  expect(found).toMatch(
    /^op embedding, forward: hidden_states\.0\[\d+,0\]\n {2}-?[\d.e-]+ in run\n {2}-?[\d.e-]+ in other$/m,
  );
  expect(found).toMatch(
    /^ {2}operand 0: transformer\.wte\.weight\[\d+,0\] = .* and transformer\.wte\.weight\[[78],0\] = /m,
  );
  expect(found.match(/checkpoint 6 of (run|other) is what its own/g)).toHaveLength(2);
});

test('another learning rate: the step, its rates, and that the same gradients move the parameters differently', async () => {
  const found = await compared(await trainedRun({ learningRate: 0.003 }, { place: 'other' }));
  expect(found).toMatch(/^setting learningRate: 0\.004 and 0\.003$/m);
  expect(found).toMatch(/^first difference: the step from state 0 to 1, /m);
  expect(found).toMatch(/op update: the same gradients.*\n {2}learningRate: 0\.00\d+ and 0\.00\d+/);
});

test('another arithmetic: the first op that rounds differently, from the same operands', async () => {
  const found = await compared(await trainedRun({}, { place: 'other', arithmetic: 'simd' }));
  expect(found).toMatch(/^setting arithmetic: relaxed-simd and simd$/m);
  expect(found).toMatch(/^op linear, forward: h\.0\.attn\.qkv_proj\[\d+,\d+\]\n.* in run\n.* in other\n/m);
  expect(found).not.toContain('which its operands do not give');
});

test('a forged checkpoint: both come to the same again, and which of them is not what its inputs give', async () => {
  const forged = copyAs(run, 'forged');
  await changeCheckpoint(forged, 6, (model) => {
    model.parameter('lm_head.bias').value.data[4]! += 0.5;
  });
  const found = await compared(forged);
  expect(found).toMatch(/from checkpoint 3, .* come to the same checkpoint 6: it is not their inputs that differ/);
  expect(found).toMatch(/^checkpoint 6 of run is what its own settings/m);
  expect(found).toMatch(/^checkpoint 6 of forged IS NOT what its own .*lm_head\.bias\[4\] is/m);
});

test('a file that was changed after it was made is named, and explains the difference', async () => {
  const damaged = copyAs(run, 'damaged');
  const name = checkpointFile(3, 'model.safetensors');
  const bytes = damaged.store.read(name)!;
  bytes[2000]! ^= 1;
  damaged.store.write(name, bytes);
  expect(await compared(damaged)).toMatch(/^damaged\/checkpoints\/step-0000003\/model\.safetensors was changed after/m);
});

test('models of other shapes are not compared number by number', async () => {
  const found = await compared(await trainedRun({ n_embd: 32 }, { place: 'other' }));
  expect(found).toMatch(/^setting n_embd: 16 and 32$/m);
  expect(found).toMatch(/the models have other shapes/);
});
