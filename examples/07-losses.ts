// How surprised the committed model is by each kind of token, and how surprised the best model that there can be would be.
import {
  ACTION_WEIGHTS,
  ACTIONS,
  type Action,
  encodeProgramTokens,
  encodePrompt,
  isInputCell,
  promptLength,
  runActions,
  TOKEN,
  type World,
  worldEqualsAsDrawn,
} from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { drawTestRecords } from '../src/study/stages/corpus.ts';
import { createEngine } from '../src/tensor/index.ts';
import { tokenLosses } from '../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd', tileRows: 4 });
const { model, settings } = packagedModel(engine);
const shape = corpusSettings(settings);
const records = drawTestRecords({ settings, seed: '11' }, 250);
type Kind = 'input grids' | 'output grids' | 'programs' | 'IN, OUT, CODE' | 'all';
const totals = new Map<Kind, { tokens: number; model: number; best: number }>();
const count = (kind: Kind, tokens: number, losses: { model?: number; best?: number }) => {
  for (const key of [kind, 'all'] as const) {
    const total = totals.get(key) ?? { tokens: 0, model: 0, best: 0 };
    total.tokens += tokens;
    total.model += losses.model ?? 0;
    total.best += losses.best ?? 0;
    totals.set(key, total);
  }
};

// The model: the loss of each token, sorted by what the token is.
const sequences = records.map((record) => [...encodePrompt(shape, record), ...encodeProgramTokens(record.program)]);
const prompt = promptLength(shape);
const kindOf = (token: number, at: number): Kind => {
  if (at >= prompt) return 'programs';
  if (token < TOKEN.WALL) return 'IN, OUT, CODE';
  return isInputCell(shape, at) ? 'input grids' : 'output grids';
};
tokenLosses(engine, model, sequences).forEach((losses, sample) => {
  for (const [at, loss] of losses.entries()) count(kindOf(sequences[sample]![at + 1]!, at + 1), 1, { model: loss });
});

// The best model knows how worlds are drawn ...
const surpriseOfWorld = ({ walls, markers }: World) => {
  const others = walls.reduce((sum, wall, cell) => sum - Math.log(wall ? 0.1 : markers[cell] ? 0.09 : 0.81), 0);
  return Math.log(walls.length) + Math.log(4) + others + Math.log(0.81); // no wall and no marker where the robot is
};
// ... and how programs are: it tries all of them, and believes each that fits as far as it was likely to begin with.
const weightOf = (action: Action) => ACTION_WEIGHTS.released[action] / 15;
type Belief = { readonly program: readonly Action[]; readonly p: number };
let longest: Belief[] = [{ program: [], p: 1 / 4 }];
const beliefs = [1, 2, 3, 4].flatMap(() => {
  longest = longest.flatMap(({ program, p }) =>
    ACTIONS.map((action) => ({ program: [...program, action], p: p * weightOf(action) })),
  );
  return longest;
});
const mass = (some: readonly Belief[]) => some.reduce((sum, { p }) => sum + p, 0);
for (const { inputs, outputs, program } of records) {
  let left = beliefs;
  inputs.forEach((input, at) => {
    count('input grids', 0, { best: surpriseOfWorld(input) });
    const fits = left.filter((belief) => worldEqualsAsDrawn(runActions(input, belief.program), outputs[at]!));
    count('output grids', 0, { best: Math.log(mass(left) / mass(fits)) });
    left = fits;
  });
  const own = left.filter((belief) => belief.program.join() === program.join());
  count('programs', 0, { best: Math.log(mass(left) / mass(own)) });
}

for (const kind of ['input grids', 'output grids', 'IN, OUT, CODE', 'programs', 'all'] as const) {
  const { tokens, model: ours, best } = totals.get(kind)!;
  console.log(
    `${kind}: ${tokens} tokens, ${(ours / tokens).toFixed(3)} nats each, at best ${(best / tokens).toFixed(3)}`,
  );
}
// =>
// input grids: 8000 tokens, 0.856 nats each, at best 0.855
// output grids: 8000 tokens, 0.096 nats each, at best 0.084
// IN, OUT, CODE: 1250 tokens, 0.000 nats each, at best 0.000
// programs: 900 tokens, 0.845 nats each, at best 0.758
// all: 18150 tokens, 0.461 nats each, at best 0.452

await engine.close();
