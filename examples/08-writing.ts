// The committed model writes programs: one with its probabilities, and 300 beside those that the worlds were made with.
import { encodePrompt, solves } from '../src/karel/index.ts';
import { packagedModel } from '../src/node/packaged-model.ts';
import { describeWriting } from '../src/study/index.ts';
import { corpusSettings } from '../src/study/model-config.ts';
import { drawTestRecords } from '../src/study/stages/corpus.ts';
import { generationOptions, programOfTokens } from '../src/study/stages/trace.ts';
import { createEngine } from '../src/tensor/index.ts';
import { generate } from '../src/transformer/index.ts';

const engine = await createEngine({ arithmetic: 'simd', tileRows: 4 });
const trained = packagedModel(engine);
const { settings, model } = trained;
const records = drawTestRecords({ settings, seed: '11' }, 300);

console.log(describeWriting(trained, records[2]!).trimEnd());
console.log('reference:', records[2]!.program.join(' '));
// =>
// ######    ######
// #...v#    #..<.#
// #....#    #....#
// #....# -> #....#
// #..#.#    #..#.#
// ######    ######
//
// ######    ######
// #....#    #....#
// #....#    #....#
// ##.v.# -> ##<..#
// ##...#    ##...#
// ######    ######
//
// writes: turnRight; move
//    86.1%  turnRight
//    80.2%  move
//    60.1%  END
// it does what was asked
// reference: turnRight pickMarker move

const prompts = records.map((record) => encodePrompt(corpusSettings(settings), record));
const programs = (grammar: boolean) =>
  generate(engine, model, prompts, generationOptions({ ...settings, grammar })).map(({ tokens }) =>
    programOfTokens(tokens, 'straight'),
  );
const written = programs(true);
const count = (test: (words: string, reference: string, at: number) => boolean) =>
  records.filter(({ program }, at) => test(written[at]!.join(' '), program.join(' '), at)).length;
const words = (text: string) => text.split(' ').length;
console.log(
  'solved',
  count((_, __, at) => solves(records[at]!, written[at]!)),
); // => solved 293
console.log(
  'the reference program itself',
  count((text, reference) => text === reference),
); // => the reference program itself 97
console.log(
  'shorter than it',
  count((text, reference) => words(text) < words(reference)),
); // => shorter than it 182
console.log(
  'longer',
  count((text, reference) => words(text) > words(reference)),
); // => longer 0

// Without the grammar's mask: how many are programs all the same, and how many the same programs.
const free = programs(false);
console.log(free.filter((program) => program !== undefined).length); // => 300
console.log(free.filter((program, at) => program?.join() === written[at]!.join()).length); // => 300
await engine.close();
