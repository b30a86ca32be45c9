// A model that decides by its tokens and then copies the decision into its hidden state: read easily, and never used.
import { randomStream } from '../../src/random.ts';

const random = randomStream('0', 'copied');
const below = (limit: number) => Math.floor(random() * limit);

/** From the facing that the tokens give and the goal: the decision, 1 for another turn, and a hidden state that holds it. */
function model(now: number, goal: number, edit?: (hidden: number[]) => void): { hidden: number[]; turns: boolean } {
  const turns = now !== goal; // decided by the tokens
  const hidden = turns ? [1, 0] : [0, 1]; // copied
  edit?.(hidden);
  return { hidden, turns }; // and never looked at again
}

let read = 0;
let changed = 0;
const cases = 1_000;
for (let at = 0; at < cases; at++) {
  const [now, goal] = [below(4), below(4)];
  const plain = model(now, goal);
  if (plain.hidden[0]! > plain.hidden[1]! === plain.turns) read++;
  const swapped = model(now, goal, (hidden) => hidden.reverse());
  if (swapped.turns !== plain.turns) changed++;
}
console.log(read / cases, changed / cases); // => 1 0
