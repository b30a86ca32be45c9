/** @file Edits at one place for all kinds, against flip where it differs, and the most that they could reach. Chapter 11. */

import { EDIT_STYLES, type EditKind, type Edits, editPlaceName } from './causal-figures.ts';
import { contrastText, patchTable } from './causal-prose.ts';
import { decimal, percent, points, rangeText, SHARES } from './format.ts';
import { type Html, html } from './html.ts';
import { analysed } from './source.ts';
import { type Column, table } from './tables.ts';

type Matched = Edits['matched'];

/** What the places that succeed most do to programs. */
export function placeText({ chosen }: Edits): string {
  const [probe, random] = (['probe', 'random'] as const).map((kind) => chosen.find((one) => one.kind === kind));
  if (!probe || !random) return '';
  const { estimate } = probe.unchanged;
  const much =
    estimate < 0.2 ? 'nearly everything' : estimate < 0.5 ? 'most programs' : 'less than half of the programs';
  return `At the chosen place of the probe’s direction ${percent(estimate)} of programs stay unchanged, at that of random edits ${percent(random.unchanged.estimate)}: ${estimate < 0.5 ? `a push that large changes ${much}, and success follows how many programs change as well as what the push says` : `such a push changes ${much}`}.`;
}

/** Where all kinds are compared, and why there. */
export function matchedText({ layer, size, gentle, validationDifference, validationUnchanged }: Matched): string {
  const among = gentle
    ? 'among the places where random edits leave at least half of the programs unchanged'
    : 'among all places, since nowhere do random edits leave half of the programs unchanged';
  return `One place for all kinds is fairer: the one where, on validation specifications, edits along the probe’s direction succeed most beyond random ones at that same place, ${among}. It is from ${editPlaceName(layer)} on, size ${String(size)}: ${points(validationDifference)} on validation, where random edits leave ${percent(validationUnchanged)} unchanged. The comparison is made on test specifications.`;
}

/** Where the flip probe is a control. */
function flipDiffersText({ flipDiffers: { cases }, test }: Pick<Edits, 'flipDiffers' | 'test'>): string {
  return `Under flip semantics left and right are exchanged, so that after an even number of quarter turns robots face as under the original, and the flip probe is no control. The two differ in ${decimal(cases)} of ${decimal(test.counted)} test cases.`;
}

function differingPart(flipDiffers: Edits['flipDiffers'], test: Edits['test']): Html {
  const { chosen, matched } = flipDiffers;
  return html`<p>${flipDiffersText({ flipDiffers, test })}${chosen || matched ? ' In these alone:' : ''}</p>
${chosen && matched ? html`<ul><li>Each kind at its own chosen place. ${contrastText(chosen)}</li><li>Both at the matched place. ${contrastText(matched)}</li></ul>` : undefined}`;
}

interface Row {
  kind: EditKind;
  edit: Matched['edits'][number];
  moved: number | undefined;
}

const COLUMNS: Column<Row>[] = [
  { name: 'edit', cell: ({ kind }) => EDIT_STYLES[kind].long, kind: 'whole' },
  { name: 'success', cell: ({ edit }) => percent(edit.success.estimate), numeric: true },
  { name: '95 % interval', cell: ({ edit }) => rangeText(edit.success.interval, SHARES), numeric: true },
  { name: 'unchanged', cell: ({ edit }) => percent(edit.unchanged.estimate), numeric: true },
  { name: '95 % interval', cell: ({ edit }) => rangeText(edit.unchanged.interval, SHARES), numeric: true },
  { name: 'changed cases', cell: ({ edit }) => decimal(edit.successAmongChanged?.n ?? 0), numeric: true },
  { name: 'success among them', cell: ({ edit }) => percent(edit.successAmongChanged?.estimate), numeric: true },
  {
    name: '95 % interval',
    cell: ({ edit }) => rangeText(edit.successAmongChanged?.interval, SHARES),
    numeric: true,
  },
  { name: 'moved', cell: ({ moved }) => decimal(moved, 2), numeric: true },
];

function matchedTable(matched: Matched, sweep: Edits['sweep']): Html {
  const rows = matched.edits.map((edit): Row => {
    const { layer, size } = matched;
    const found = sweep.find((one) => one.kind === edit.kind && one.layer === layer && one.size === size);
    return { kind: edit.kind, edit, moved: found?.moved };
  });
  return html`${table('The matched place', COLUMNS, rows, analysed('causal.edits.matched', 'causal.edits.sweep[].moved'))}
<p class="unit">moved: how far the last hidden state of the first edited token ends from where it is without the edit, in usual distances of that layer from its mean. An edit pushes at its first layer and at all above, and these pushes add up as far as they point the same way, so that kinds of equal size need not move it equally far.</p>`;
}

/** The most that edits could reach: programs of robots that do stand turned. */
export function wholeStatesText(
  { cases, ceiling, layers }: NonNullable<Edits['wholeStates']>,
  counted: number,
): string {
  const range = rangeText(ceiling.interval, SHARES);
  const below = layers.slice(0, -1);
  const best = below.reduce<(typeof layers)[number] | undefined>(
    (most, one) => (most && most.success.estimate >= one.success.estimate ? most : one),
    undefined,
  );
  const one = best
    ? ` Of single layers below the last, the states of ${editPlaceName(best.layer)} do most: ${percent(best.success.estimate)}.`
    : '';
  return `How much could an edit reach? For ${decimal(cases)} of ${decimal(counted)} test cases there are other inputs from which the same actions lead to the turned robots: call the case A, and that with these inputs B. Reading B and the actions, the model goes on as needed in ${percent(ceiling.estimate)} of them${range && ` (95 % interval ${range})`}. Its hidden states are then those for robots that do stand turned: put in the place of A’s from the point on, at any layer and all above, they make it write just that.${one}`;
}

export function matchedPart({ matched, flipDiffers, wholeStates, sweep, test }: Edits): Html {
  return html`<h3>At one place for all</h3>
<p>${matchedText(matched)}</p>
<ul>${matched.contrasts.map((one) => html`<li>${contrastText(one)}</li>`)}</ul>
${matchedTable(matched, sweep)}
${differingPart(flipDiffers, test)}
${
  wholeStates
    ? html`<h3>The most that an edit could do</h3>
<p>${wholeStatesText(wholeStates, test.counted)}</p>
${patchTable('Whole states between the actions, one layer at a time', wholeStates.layers, 'causal.edits.wholeStates.layers[]')}`
    : undefined
}`;
}
