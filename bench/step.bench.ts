/** @file Whole training steps of the presets: forward, backward, clipping, AdamW. */
import { openEngine } from '../src/platform.ts';
import { randomStream } from '../src/random.ts';
import { modelConfig } from '../src/study/model-config.ts';
import { presetNamed } from '../src/study/presets.ts';
import { CodeGen, Trainer } from '../src/transformer/index.ts';
import { measure } from './suite.ts';

const cases = [];
const engines = [await openEngine({ threads: 1 }), await openEngine()];
for (const preset of ['tiny', 'small', 'medium']) {
  for (const engine of engines) {
    const { settings } = presetNamed(preset);
    const config = modelConfig(settings);
    const random = randomStream('bench', preset);
    const model = CodeGen.initialize(engine, config, random);
    const trainer = new Trainer(engine, model, {
      schedule: () => 1e-4,
      clip: 1,
      beta1: 0.9,
      beta2: 0.95,
      epsilon: 1e-8,
      weightDecay: 0,
    });
    const tokens = config.n_positions - 1;
    const sequences = Array.from({ length: settings.batchSize }, () =>
      Uint8Array.from({ length: tokens }, () => Math.floor(random() * config.vocab_size)),
    );
    const threads = engine.threads === 1 ? '1 thread' : `${engine.threads} threads`;
    const work = settings.batchSize * tokens;
    cases.push({ name: `${preset}, ${threads}`, work, run: () => void trainer.step({ sequences }) });
  }
}
await measure('training step', 'tokens/s', cases);
for (const engine of engines) await engine.close();
