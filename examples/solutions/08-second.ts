// What if the first word is not the most probable one, but the next most probable?
import { allowedNextTokens, encodePrompt, solves, TOKEN } from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/packaged-model.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { drawTestRecords } from '../../src/study/stages/corpus.ts';
import { programOfTokens } from '../../src/study/stages/trace.ts';
import { createEngine } from '../../src/tensor/index.ts';
import { generate } from '../../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd', tileRows: 4 });
const { model, settings } = packagedModel(engine);
const records = drawTestRecords({ settings, seed: '11' }, 300);
const prompts = records.map((record) => encodePrompt(corpusSettings(settings), record));

/** Programs whose first word is none of `not`, one for each prompt. */
function write(not: readonly number[] = []) {
  const allowed = (soFar: readonly number[], prompt: number) => {
    const mask = allowedNextTokens(soFar, 4).slice();
    if (soFar.length === 0 && not.length > 0) mask[not[prompt]!] = 0;
    return mask;
  };
  const written = generate(engine, model, prompts, { maxNewTokens: 5, endToken: TOKEN.END, allowed });
  const words = written.map(({ tokens }) => programOfTokens(tokens, 'straight')!);
  return {
    first: written.map(({ tokens }) => tokens[0]!),
    solved: words.filter((w, i) => solves(records[i]!, w)).length,
  };
}
const best = write();
console.log(best.solved, write(best.first).solved); // => 293 273
await engine.close();
