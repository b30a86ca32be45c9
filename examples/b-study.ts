// Settings that are checked, batches that a resumed run finds again, and a run whose files lead back to each other.
import { encodeText, MemoryStore, verify } from '../src/store/index.ts';
import { BatchOrder } from '../src/study/batches.ts';
import { presetNamed } from '../src/study/presets.ts';
import { Run } from '../src/study/run.ts';
import { checkSettings } from '../src/study/settings.ts';

// #region wrong settings
const { settings } = presetNamed('tiny');
for (const wrong of [{ learnRate: 0.1 }, { wallRatio: 2 }, { minLength: 5, maxLength: 4 }]) {
  try {
    checkSettings({ ...settings, ...wrong });
  } catch (error) {
    console.log((error as Error).message);
  }
}
// =>
// unknown setting learnRate (did you mean learningRate?)
// wallRatio: 2, expected between 0 and 1
// minLength: 5 is above maxLength, 4

// #endregion

// #region five batches
// Ten samples, four a step: the second epoch begins in the middle of step 2, in an order of its own.
const order = new BatchOrder(10, 4, 'seed');
for (let step = 0; step < 5; step++) console.log(`step ${step}: ${order.batch(step).join(' ')}`);
// =>
// step 0: 0 1 2 3
// step 1: 4 5 6 7
// step 2: 8 9 7 4
// step 3: 1 8 5 2
// step 4: 9 6 3 0

// #endregion

// #region a run
// The run that was done by hand: a corpus, a model made from it, a result made from both.
const store = new MemoryStore();
const run = Run.create(store, { preset: 'tiny', seed: '1', settings });
run.keep('corpus', [], { corpus: encodeText('move') });
run.keep('train', ['corpus'], { model: encodeText('0.5') });
run.keep('results', ['corpus', 'model'], { results: encodeText('95 %') });
const findings = () => verify(store, () => false).map(({ name, fault, reason }) => `${name} ${fault}: ${reason}`);
console.log(findings().length); // => 0

store.write('corpus', encodeText('movf')); // somebody changes a byte ...
console.log(findings().join('; ')); // => corpus damaged: its SHA-256 is 0c726f8c757f..., not 683a62ce15fb...
run.keep('corpus', [], { corpus: encodeText('movf') }); // ... or has the stage make another corpus
for (const line of findings()) console.log(line);
// =>
// model orphaned: was made from another corpus
// results orphaned: was made from another corpus

// #endregion
