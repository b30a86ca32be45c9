/** @file Does the model use what probes find? Edits and patches, explained. Chapter 11. */

import type { Results } from '../results/results.ts';
import { chosenFigure, patchingFigure, readingFigure, sweepFigure } from './causal-figures.ts';
import { matchedPart, placeText } from './causal-matched.ts';
import {
  casesText,
  chosenText,
  contrastText,
  editTables,
  facingText,
  patchingTable,
  patchingText,
  readingText,
} from './causal-prose.ts';
import { type Html, html, raw } from './html.ts';
import { worldSvg } from './world-svg.ts';

/** Made up, to explain: `program` solves it, and once its first action is done with the robot then turned, `remainder` does. */
export const EDIT_EXAMPLE = {
  start: '######\n#....#\n#.^..#\n#....#\n#....#\n######',
  first: 'turnRight',
  unedited: ['move'],
  /** Quarter turns clockwise. */
  turn: 1,
  remainder: ['turnLeft', 'move'],
  written: '######\n#....#\n#.>..#\n#....#\n#....#\n######',
  turned: '######\n#....#\n#.v..#\n#....#\n#....#\n######',
  goal: '######\n#....#\n#..>.#\n#....#\n#....#\n######',
} as const;

function exampleDrawing(): Html {
  const { written, turned, goal, first, unedited, remainder } = EDIT_EXAMPLE;
  const arrow = html`<span class="arrow" aria-hidden="true">→</span>`;
  const world = (text: string, title: string) =>
    html`<div><p class="unit">${title}</p>${raw(worldSvg(text, title))}</div>`;
  return html`<div class="worlds">${world(written, 'as it is')}${world(turned, 'as edited')}${arrow}${world(goal, 'wanted')}</div>
<p class="unit">An example, not from this run: <code>${first}</code> has been written, and the robot faces right. Left alone, the model goes on with <code>${unedited.join(' ')}</code>. An edit makes the hidden states say “it faces down”. If the model uses them, it now writes what such a robot needs: <code>${remainder.join(' ')}</code>.</p>`;
}

function editsPart(causal: NonNullable<Results['causal']>): Html {
  const { edits, editsSkipped } = causal;
  if (!edits) return html`<p>There are no edits: ${editsSkipped!}.</p>`;
  const readings = readingText(edits);
  return html`<ul>${edits.contrasts.map((one) => html`<li>${contrastText(one)}</li>`)}</ul>
<p>The directions come from linear probes, one for each example’s robot, that tell at each layer where it faces before the next action. ${facingText(edits)} As controls, the model is edited along the directions of probes trained under flip semantics, and along random ones of the same length. Layer and size are chosen on validation specifications, for each kind by itself. ${casesText(edits)}</p>
<ul>${edits.chosen.map((one) => html`<li>${chosenText(one)}</li>`)}</ul>
<p>${placeText(edits)}</p>
${sweepFigure(edits)}
${readings ? html`<p>${readings}</p>` : undefined}
${readingFigure(edits.readings)}
${chosenFigure(edits)}
${editTables(edits)}
${matchedPart(edits)}
<p>Success is a high bar: the program must be right for all examples at once, and one wrong action spoils it. An edit that makes a mess can succeed now and then by luck, the more so where few actions are left, which is why random directions are the comparison and not 0. And a model may use what a linear probe finds in a way that a straight push does not reach.</p>`;
}

function patchingPart(causal: NonNullable<Results['causal']>): Html {
  const { patching, patchingSkipped } = causal;
  const heading = html`<h3>Whole states in place of others</h3>`;
  if (!patching) return html`${heading}<p>There are no patches: ${patchingSkipped!}.</p>`;
  return html`${heading}
<p>A push along a direction is a guess at how the model writes down where robots face. <em>Activation patching</em> needs no guess: A is a specification that the model solves, B is A with all robots turned. The model reads A, but from the last token of the prompt on, its hidden states at one layer are replaced by those that it has of B. If it then solves B, these states hold what decides.</p>
<p>${patchingText(patching)} ${casesText(patching)}</p>
${patchingFigure(patching)}
${patchingTable(patching)}
<p>A patch carries everything that A and B differ in, the plan for the whole program included. It shows where this lies, not that it is a robot’s facing.</p>`;
}

export function causalSection(results: Results): Html {
  const title = 'Does the model use it?';
  const causal = results.causal;
  if (!causal) {
    return html`<section id="use"><h2>${title}</h2><p>No hidden state of this run has been edited yet, so it only says what can be read.</p></section>`;
  }
  return html`<section id="use"><h2>${title}</h2>
<p>What can be read need not be used: a probe may find something in the hidden states that plays no part in choosing the next action. So the hidden states are changed while the model writes. In the middle of a program that solves its specification, all robots are imagined to stand turned by a quarter, a half or three quarters; the hidden states, from there on, are pushed along the direction in which a linear probe sees that facing. Does the model go on as turned robots would need?</p>
${exampleDrawing()}
${editsPart(causal)}
${patchingPart(causal)}</section>`;
}
