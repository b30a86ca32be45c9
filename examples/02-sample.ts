// A sample of the real test set, and what the trained model writes for it.
import { agreesOn, encodeSample, isInputCell, promptLength, solves, tokensToText } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/index.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { drawTestRecords } from '../src/study/stages/corpus.ts';
import { createReferenceEngine } from '../src/tensor/reference-engine.ts';

const model = packagedModel(createReferenceEngine('float32'));
const shape = corpusSettings(model.settings);
const record = drawTestRecords({ settings: model.settings, seed: '11' }, 13)[12]!;
const tokens = encodeSample(shape, record);
console.log(tokensToText(tokens));
// =>
// BOS IN 1.1..<....1.#... OUT 1>1.......1.#... IN .1.#....1>#..1.. OUT .1.#....1.#..<.. CODE turnRight move turnRight END PAD
console.log(promptLength(shape), tokens.length); // => 70 75
const inputCells = Array.from(tokens.keys()).filter((at) => isInputCell(shape, at));
console.log(inputCells.length, record.unseen.length); // => 32 5

const { words } = model.write(record);
console.log(words!.join(' ')); // => turnRight move turnRight
console.log(solves(record, words!), agreesOn(record.unseen, record.program, words!)); // => true true
