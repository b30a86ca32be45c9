// What the corpus of tiny-control holds: how often programs branch and loop, and which actions have a state to be asked about.
import {
  actionsOf,
  decodePrompt,
  ORIGINAL,
  type ProgramWord,
  promptLength,
  semanticsFromText,
  wordOfToken,
} from '../src/karel/index.ts';
import { alignExecutions, executeUnder } from '../src/probe/index.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { presetNamed } from '../src/study/presets.ts';
import { drawSamples } from '../src/study/stages/corpus.ts';

const { settings } = presetNamed('tiny-control');
const shape = corpusSettings(settings);
const prompt = promptLength(shape);
const programs = drawSamples(settings, 500, '0').map((tokens) => {
  const words = Array.from(tokens.subarray(prompt, -1), (token) => wordOfToken(token)!);
  return { ...decodePrompt(shape, tokens.subarray(0, prompt)), words, actions: actionsOf(words) };
});
const percent = (part: number, all: number) => `${Math.round((100 * part) / all)} %`;

// #region words
const holding = (...any: ProgramWord[]) => programs.filter(({ words }) => any.some((word) => words.includes(word)));
const blocks = ['repeat', 'if', 'ifelse', 'while'] as const;
console.log('any', percent(holding(...blocks).length, programs.length));
for (const word of blocks) console.log(word, percent(holding(word).length, programs.length));
// =>
// any 49 %
// repeat 21 %
// if 15 %
// ifelse 2 %
// while 12 %

// #endregion

// #region executed
const table = executeUnder(ORIGINAL, programs);
const never = table.first.filter((first) => first === 0).length;
console.log('never executed in the first example:', percent(never, table.first.length)); // => never executed in the first example: 8 %

const lengths = programs.map(({ actions }) => actions.length);
const tables = ['original', 'flip', 'adversarial'].map((name) => executeUnder(semanticsFromText(name), programs));
const { hidden, lost } = alignExecutions(lengths, tables, { offset: -1, lastState: 'dropped', runs: 1 });
console.log('pairs at offset -1:', hidden.length, 'left out:', percent(lost, hidden.length + lost)); // => pairs at offset -1: 1004 left out: 7 %
// #endregion
