/** @file Sentences and tables on edits and patches, computed from the numbers. Chapter 11. */

import { EDIT_STYLES, type Edits, editLayerName, editPlaceName, type Patching } from './causal-figures.ts';
import { decimal, differenceRangeText, percent, points, pText, rangeText, SHARES } from './format.ts';
import { type Html, html } from './html.ts';
import { ascending } from './select.ts';
import { analysed } from './source.ts';
import { type Column, table } from './tables.ts';

type Chosen = Edits['chosen'][number];

/** How the cases came about. */
export function casesText({ test }: Edits | Patching): string {
  const { specifications, solved, considered, withoutRemainder, unknown, counted } = test;
  const lost = [
    withoutRemainder > 0
      ? `${decimal(withoutRemainder)} from which no program of the allowed length leads to the outputs`
      : '',
    unknown > 0 ? `${decimal(unknown)} for which the search gave up` : '',
  ].filter(Boolean);
  return `Of ${decimal(specifications)} test specifications that were looked at, the model solves ${decimal(solved)}; ${decimal(considered)} have a point where robots can be turned${lost.length > 0 ? `, less ${lost.join(' and ')}` : ''}: ${decimal(counted)} cases.`;
}

/** What each chosen edit does. */
export function chosenText({ kind, layer, size, success }: Chosen): string {
  const range = rangeText(success.interval, SHARES);
  return `Edits ${EDIT_STYLES[kind].long} do best from ${editPlaceName(layer)} on, with size ${size}: on test they succeed in ${percent(success.estimate)} of cases${range && ` (95 % interval ${range})`}.`;
}

const AGAINST_WORDS = { random: 'random directions', flip: 'the flip probe’s direction', none: 'no edit' } as const;

/** Success along the probe's direction, less that of another. */
export function contrastText({ against, difference, p }: Edits['contrasts'][number]): string {
  const range = differenceRangeText(difference.interval, SHARES);
  return `The probe’s direction against ${AGAINST_WORDS[against]}: ${points(difference.estimate)}${range && ` (95 % interval ${range})`}, p ${p < 0.001 ? pText(p) : `= ${pText(p)}`}, not corrected.`;
}

/** The last layer, which decides alone what is written, is left out. */
export function patchingText({ layers, ceiling, test }: Patching): string {
  const below = layers.slice(0, -1);
  const possible = `${percent(ceiling.estimate)} is what the model reaches on B itself`;
  const best = below.reduce((most, one) => (one.success.estimate > most.success.estimate ? one : most));
  const where = editPlaceName(best.layer);
  if (best.success.estimate === 0)
    return `Below the last layer no patch makes the program solve B, in ${decimal(test.counted)} cases; ${possible}.`;
  const range = rangeText(best.success.interval, SHARES);
  return `Below the last layer, the program solves B most often with the states of ${where}: in ${percent(best.success.estimate)} of ${decimal(test.counted)} cases${range && ` (95 % interval ${range})`}; ${possible}.`;
}

const CHOSEN_COLUMNS: Column<Chosen>[] = [
  { name: 'edit', cell: ({ kind }) => EDIT_STYLES[kind].long, kind: 'whole' },
  { name: 'from', cell: ({ layer }) => editLayerName(layer), kind: 'whole' },
  { name: 'size', cell: ({ size }) => String(size), numeric: true },
  { name: 'success, validation', cell: ({ validationSuccess }) => percent(validationSuccess), numeric: true },
  { name: 'success, test', cell: ({ success }) => percent(success.estimate), numeric: true },
  { name: '95 % interval', cell: ({ success }) => rangeText(success.interval, SHARES), numeric: true },
  { name: 'unchanged', cell: ({ unchanged }) => percent(unchanged.estimate), numeric: true },
  { name: 'solves unturned', cell: ({ solvesUnturned }) => percent(solvesUnturned.estimate), numeric: true },
];

type Facing = Edits['probes'][number];
const FACING_COLUMNS: Column<Facing>[] = [
  { name: 'layer', cell: ({ layer }) => editLayerName(layer), kind: 'whole' },
  { name: 'semantics', cell: ({ semantics }) => semantics, kind: 'whole' },
  { name: 'example', cell: ({ example }) => decimal(example + 1), numeric: true },
  { name: 'accuracy', cell: ({ accuracy }) => percent(accuracy), numeric: true },
  { name: 'majority', cell: ({ majority }) => percent(majority), numeric: true },
  { name: 'information', cell: ({ informationShare }) => percent(informationShare), numeric: true },
  { name: 'pairs', cell: ({ n }) => decimal(n), numeric: true },
];

export function editTables({ chosen, probes }: Edits): Html {
  return html`${table('The chosen places', CHOSEN_COLUMNS, chosen, analysed('causal.edits.chosen[]'))}
<details><summary>The probes whose directions were used</summary>${table('Linear probes for where each robot faces before the action that is written', FACING_COLUMNS, probes, analysed('causal.edits.probes[]'))}</details>`;
}

export const patchingTable = ({ layers }: Patching): Html =>
  patchTable('Patches by layer', layers, 'causal.patching.layers[]');

export function patchTable(caption: string, layers: Patching['layers'], key: string): Html {
  const columns: Column<Patching['layers'][number]>[] = [
    { name: 'layer', cell: ({ layer }) => editLayerName(layer), kind: 'whole' },
    { name: 'solves B', cell: ({ success }) => percent(success.estimate), numeric: true },
    { name: '95 % interval', cell: ({ success }) => rangeText(success.interval, SHARES), numeric: true },
    { name: 'solves A', cell: ({ solvesUnturned }) => percent(solvesUnturned.estimate), numeric: true },
    { name: '95 % interval', cell: ({ solvesUnturned }) => rangeText(solvesUnturned.interval, SHARES), numeric: true },
  ];
  return table(caption, columns, layers, analysed(key));
}

/** Whether the chosen edit convinces its own probe. */
export function readingText(edits: Edits): string {
  const place = edits.chosen.find(({ kind }) => kind === 'probe');
  const found = edits.readings.find(({ layer, size }) => layer === place?.layer && size === place.size);
  if (!found) return '';
  const { before, after } = found;
  return `At the chosen place the probes themselves read the turned facing for ${percent(before.estimate)} of robots before the edit and for ${percent(after.estimate)} after it.`;
}

/** The accuracy of the linear probes by layer, in a sentence: their mean over the examples. */
export function facingText({ probes }: Edits): string {
  const layers = ascending(probes.map(({ layer }) => layer));
  const mean = (layer: number, semantics: string) => {
    const found = probes.filter((probe) => probe.layer === layer && probe.semantics === semantics);
    return found.length === 0 ? null : found.reduce((sum, { accuracy }) => sum + accuracy, 0) / found.length;
  };
  const each = layers.map(
    (layer) => `${editLayerName(layer)} ${percent(mean(layer, 'original'))} (flip ${percent(mean(layer, 'flip'))})`,
  );
  return `Their accuracy, mean over the examples: ${each.join(', ')}.`;
}
