/** @file Which state each hidden state of a loop is asked about, at offsets 0 and -1. Chapter 15. */
import { actionsOf, ORIGINAL, type ProgramWord, parseWorld } from '../../src/karel/index.ts';
import { alignExecutions, executeUnder } from '../../src/probe/index.ts';
import { COLOURS, escaped, type Figure } from './svg.ts';

const words = 'while frontIsClear { move } turnLeft'.split(' ') as ProgramWord[];
const input = parseWorld('######\n#>...#\n######');
const actions = actionsOf(words);
const table = executeUnder(ORIGINAL, [{ inputs: [input], actions, words }]);
const pairsAt = (offset: number) => {
  const { hidden, states } = alignExecutions([actions.length], [table], { offset, lastState: 'kept', runs: 1 });
  return Array.from(hidden, (row, pair) => ({ row, state: states[0]![pair]! }));
};

const [WIDTH, HEIGHT] = [740, 250];
const TOKEN_Y = 40;
const STATE_Y = 185;
const GLYPH = ['▲', '▶', '▼', '◀'];

/** Left edge and width of each word's box. */
const boxes = words.map((word) => ({ word, width: 16 + 8.2 * word.length }));
const starts = boxes.map((_, at) => 110 + boxes.slice(0, at).reduce((sum, { width }) => sum + width + 8, 0));
const middleOf = (at: number): number => starts[at]! + boxes[at]!.width / 2;
const placeOfAction = (action: number): number =>
  words.flatMap((word, at) => (actionsOf([word]).length > 0 ? [at] : []))[action]!;
const stateX = (state: number): number => 110 + 124 * state;

function token({ word, width }: (typeof boxes)[number], at: number): string {
  const isAction = actionsOf([word]).length > 0;
  return `<rect x="${starts[at]}" y="${TOKEN_Y - 18}" width="${width}" height="27" rx="4" fill="none" stroke="${isAction ? COLOURS.blue : COLOURS.line}" stroke-width="${isAction ? 2 : 1}"/>
<text class="code" x="${middleOf(at)}" y="${TOKEN_Y}" text-anchor="middle">${escaped(word)}</text>`;
}

/** The corridor with its robot. */
function state(at: number): string {
  const cells = [0, 1, 2, 3].map((column) => {
    const x = stateX(at) + 24 * column;
    const here = input.x + table.dx[at]! === column;
    const robot = here
      ? `<text x="${x + 12}" y="${STATE_Y + 17}" text-anchor="middle">${GLYPH[table.facing[at]!]}</text>`
      : '';
    return `<rect x="${x}" y="${STATE_Y}" width="24" height="24" fill="none" stroke="${COLOURS.line}"/>${robot}`;
  });
  return `${cells.join('')}<text x="${stateX(at) + 48}" y="${STATE_Y + 44}" text-anchor="middle">s${at}</text>`;
}

const arrows = ([0, -1] as const).flatMap((offset) =>
  pairsAt(offset).map(({ row, state: to }) => {
    const [x1, x2] = [middleOf(placeOfAction(row)), stateX(to) + 48];
    const dash = offset === 0 ? '' : ' stroke-dasharray="5 4"';
    const colour = offset === 0 ? COLOURS.blue : COLOURS.orange;
    return `<path d="M${x1} 84 L${x2} ${STATE_Y - 8}" stroke="${colour}" stroke-width="2" fill="none"${dash}/><circle cx="${x2}" cy="${STATE_Y - 8}" r="4" fill="${colour}"/>`;
  }),
);

export default function draw(): Figure {
  const hidden = actions.map(
    (_, action) => `<text x="${middleOf(placeOfAction(action))}" y="76" text-anchor="middle">h${action + 1}</text>`,
  );
  const legend = [
    `<path d="M560 30 h36" stroke="${COLOURS.blue}" stroke-width="2"/><text x="604" y="34">offset 0</text>`,
    `<path d="M560 54 h36" stroke="${COLOURS.orange}" stroke-width="2" stroke-dasharray="5 4"/><text x="604" y="58">offset -1</text>`,
  ];
  const states = Array.from({ length: table.dx.length }, (_, at) => state(at));
  const body = [
    `<text x="14" y="${TOKEN_Y}">the text</text>`,
    `<text x="14" y="${STATE_Y + 17}">the execution</text>`,
    ...boxes.map(token),
    ...hidden,
    ...arrows,
    ...states,
    ...legend,
  ].join('\n');
  return {
    title: 'Pairs of hidden states and executed states in a program with a loop',
    width: WIDTH,
    height: HEIGHT,
    body,
  };
}
