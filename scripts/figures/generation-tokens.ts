/** A program word by word: the trained model's probabilities, and those that follow from how programs were drawn. */
import {
  ACTION_WEIGHTS,
  ACTIONS,
  type Action,
  encodePrompt,
  runActions,
  TOKEN,
  tokenOfAction,
  worldEqualsAsDrawn,
} from '../../src/karel/index.ts';
import { packagedModel } from '../../src/node/packaged-model.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { drawTestRecords } from '../../src/study/stages/corpus.ts';
import { createReferenceEngine } from '../../src/tensor/index.ts';
import { nextTokenProbabilities, readSequence } from '../../src/transformer/index.ts';
import { COLOURS, type Figure } from './svg.ts';

const WORDS = [...ACTIONS, 'END'] as const;

export default function draw(): Figure {
  const engine = createReferenceEngine('float32');
  const trained = packagedModel(engine);
  const { settings, model } = trained;
  const record = drawTestRecords({ settings, seed: '11' }, 3)[2]!;
  const prompt = Array.from(encodePrompt(corpusSettings(settings), record));

  let longest: { program: readonly Action[]; p: number }[] = [{ program: [], p: 1 / 4 }];
  const programs = [1, 2, 3, 4].flatMap(() => {
    longest = longest.flatMap(({ program, p }) =>
      ACTIONS.map((action) => ({ program: [...program, action], p: (p * ACTION_WEIGHTS.released[action]) / 15 })),
    );
    return longest;
  });
  const fits = programs.filter(({ program }) =>
    record.inputs.every((input, at) => worldEqualsAsDrawn(runActions(input, program), record.outputs[at]!)),
  );
  const exact = (soFar: readonly string[]) => {
    const begin = fits.filter(({ program }) => soFar.every((word, at) => program[at] === word));
    const total = begin.reduce((sum, { p }) => sum + p, 0);
    return WORDS.map((word) => {
      const next = begin.filter(({ program }) => (program[soFar.length] ?? 'END') === word);
      return next.reduce((sum, { p }) => sum + p, 0) / total;
    });
  };

  const written: string[] = [];
  const columns: string[] = [];
  while (written.at(-1) !== 'END') {
    const place = written.length;
    const tokens = [...prompt, ...written.map((word) => tokenOfAction(word as Action))];
    const all = nextTokenProbabilities(readSequence(engine, model, tokens), tokens.length - 1);
    const own = WORDS.map((word) => all[word === 'END' ? TOKEN.END : tokenOfAction(word)]!);
    const best = exact(written);
    const chosen = own.indexOf(Math.max(...own));
    const left = 96 + place * 215;
    const heading = ['CODE', ...written].slice(-3).join(' ');
    columns.push(
      `<text x="${left}" y="16" class="code" font-size="12">${heading} …</text>`,
      ...WORDS.flatMap((word, row) => {
        const y = 28 + row * 31;
        const bar = (p: number, at: number, colour: string) =>
          `<rect x="${left}" y="${y + at}" width="${Math.max(1, 150 * p).toFixed(1)}" height="10" fill="${colour}"/><text x="${(left + 150 * p + 5).toFixed(1)}" y="${y + at + 9}" font-size="11">${(100 * p).toFixed(1)}</text>`;
        const name =
          place === 0 ? `<text x="88" y="${y + 15}" text-anchor="end" class="code" font-size="12">${word}</text>` : '';
        const mark =
          row === chosen
            ? `<rect x="${left - 5}" y="${y - 4}" width="206" height="30" rx="4" fill="none" stroke="${COLOURS.muted}"/>`
            : '';
        return [mark, bar(own[row]!, 0, COLOURS.blue), bar(best[row]!, 12, COLOURS.orange), name];
      }),
    );
    written.push(WORDS[chosen]!);
  }
  const legend = [
    `<rect x="96" y="222" width="14" height="10" fill="${COLOURS.blue}"/><text x="116" y="232" font-size="12">the model, %</text>`,
    `<rect x="226" y="222" width="14" height="10" fill="${COLOURS.orange}"/><text x="246" y="232" font-size="12">exact, from all ${programs.length} programs: ${fits.length} of them meet the specification, %</text>`,
  ];
  return {
    title: 'Probabilities of each next word',
    width: 96 + written.length * 215 + 5,
    height: 242,
    body: [...columns, ...legend].join('\n'),
  };
}
