/** A sample of the test set of `tiny`, token by token, and the worlds that go with it unseen. */
import { encodeSample, encodeWorld, promptLength, TOKEN, VOCABULARY } from '../../src/karel/index.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import { presetNamed } from '../../src/study/presets.ts';
import { drawTestRecords } from '../../src/study/stages/corpus.ts';
import { COLOURS, escaped, type Figure } from './svg.ts';

const { settings } = presetNamed('tiny');
const LEFT = 32;
const STEP = 42;
const HEIGHT = 36;
const SMALL = 20;

const KINDS = [
  { colour: COLOURS.purple, words: 'layout' },
  { colour: COLOURS.muted, words: 'wall or empty cell' },
  { colour: COLOURS.orange, words: 'markers' },
  { colour: COLOURS.blue, words: 'robot' },
  { colour: COLOURS.teal, words: 'action' },
] as const;

function colourOf(token: number): string {
  if (token < TOKEN.WALL) return COLOURS.purple;
  if (token <= TOKEN.EMPTY) return COLOURS.muted;
  if (token < TOKEN.ROBOT_UP) return COLOURS.orange;
  return token < TOKEN.MOVE ? COLOURS.blue : COLOURS.teal;
}

function box(token: number, x: number, y: number, width: number, height: number): string {
  const colour = colourOf(token);
  const solid = token === TOKEN.WALL ? 0.35 : 0.16;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="${colour}" fill-opacity="${solid}" stroke="${colour}"/>`;
}

function word(token: number): string {
  return escaped(VOCABULARY[token]!.text);
}

export default function draw(): Figure {
  const shape = corpusSettings(settings);
  const record = drawTestRecords({ settings, seed: '11' }, 13)[12]!;
  const tokens = [...encodeSample(shape, record)];
  const cells = shape.width * shape.height;
  const prompt = promptLength(shape);
  const body: string[] = [];
  const heading = (y: number, words: string): void => {
    body.push(`<text x="${LEFT}" y="${y}" style="font-weight:600">${words}</text>`);
  };

  let x = LEFT;
  for (const { colour, words } of KINDS) {
    body.push(
      `<rect x="${x}" y="6" width="14" height="14" rx="3" fill="${colour}" fill-opacity="0.16" stroke="${colour}"/>`,
      `<text x="${x + 20}" y="18">${words}</text>`,
    );
    x += 44 + 7 * words.length;
  }

  // BOS, then a line for each grid, then CODE and the program.
  const starts = [0, ...Array.from({ length: 2 * shape.examples }, (_, grid) => 1 + grid * (1 + cells)), prompt - 1];
  let y = 56;
  heading(y - 8, `The prompt: tokens 1 to ${prompt}`);
  starts.forEach((start, line) => {
    const isProgram = start === prompt - 1;
    const end = starts[line + 1] ?? tokens.length;
    body.push(
      `<text x="${LEFT - 6}" y="${y + 22}" text-anchor="end" style="font-size:11px;fill:${COLOURS.muted}">${start + 1}</text>`,
    );
    for (let at = start; at < end; at++) {
      const token = tokens[at]!;
      const width = isProgram && at > start ? 2 * STEP : STEP;
      const left = LEFT + (isProgram && at > start ? STEP + (at - start - 1) * width : (at - start) * STEP);
      const middle = left + (width - 3) / 2;
      body.push(
        box(token, left, y, width - 3, HEIGHT),
        `<text x="${middle}" y="${y + 16}" text-anchor="middle" class="code" style="font-size:12px">${word(token)}</text>`,
        `<text x="${middle}" y="${y + 31}" text-anchor="middle" style="font-size:11px">${token}</text>`,
      );
    }
    if (isProgram) {
      body.push(
        `<text x="${LEFT + STEP}" y="${y + HEIGHT + 16}" style="font-weight:600">The program: tokens ${prompt + 1} to ${tokens.length}</text>`,
      );
    }
    y += HEIGHT + 5;
  });

  y += 52;
  heading(y - 10, `Kept with the sample, for checks only: ${record.unseen.length} unseen worlds`);
  record.unseen.forEach((world, index) => {
    encodeWorld(world).forEach((token, cell) => {
      const left = LEFT + index * (shape.width * SMALL + 36) + (cell % shape.width) * SMALL;
      const top = y + Math.floor(cell / shape.width) * SMALL;
      body.push(
        box(token, left, top, SMALL - 2, SMALL - 2),
        `<text x="${left + SMALL / 2 - 1}" y="${top + 13}" text-anchor="middle" class="code" style="font-size:12px">${word(token)}</text>`,
      );
    });
  });
  return {
    title: `A sample of tiny: ${tokens.length} tokens with their numbers, and ${record.unseen.length} worlds that the model never sees`,
    width: LEFT + (1 + cells) * STEP + 6,
    height: y + shape.height * SMALL + 8,
    body: body.join('\n'),
  };
}
