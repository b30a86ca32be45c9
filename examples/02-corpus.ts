// From a program to the tokens that a language model is trained on.
import { encodeSample, parseWorld, sampleLength, solves, specify, tokensToText } from '../src/karel/index.ts';

const world = parseWorld('#####\n#>.1#\n#####');
const program = ['move', 'turnLeft'] as const;
const sample = { ...specify([world], program), program };

const shape = { width: 3, height: 1, examples: 1, maxLength: 4 };
const tokens = encodeSample(shape, sample);
console.log(sampleLength(shape), tokens.length); // => 15 15
console.log(tokens.join(' ')); // => 1 2 18 7 8 3 7 17 8 4 21 22 5 0 0
console.log(tokensToText(tokens)); // => BOS IN >.1 OUT .^1 CODE move turnLeft END PAD PAD

// Another program is right as well, if it does the same to the worlds as they are drawn.
console.log(solves(sample, ['move', 'putMarker', 'turnLeft'])); // => true
console.log(solves(sample, ['turnLeft', 'move'])); // => false
