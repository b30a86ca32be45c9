// How many words must be left for each kind of statement, by the mask that the model writes under.
import { allowedNextWords, type ProgramWord, tokenOfWord } from '../../src/karel/index.ts';

for (const word of ['move', 'repeat', 'while', 'if', 'ifelse'] satisfies ProgramWord[]) {
  let room = 1;
  while (allowedNextWords([], room)[tokenOfWord(word)] === 0) room++;
  console.log(word, room);
}
// =>
// move 1
// repeat 5
// while 5
// if 5
// ifelse 9
