/** @file What the page of a run says when training or a later stage is not done yet. Chapter 11. */

import { progressOf } from '../results/reached.ts';
import type { Results } from '../results/results.ts';
import { decimal, isFiniteNumber, listing, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { lastCheckpoint, lastProbeStep } from './select.ts';

/** `3,600`, or `1,800 of 3,600` before the end. */
export function stepsText(results: Results): string {
  const { step, steps, ended } = progressOf(results);
  return ended ? decimal(step) : `${decimal(step)} of ${decimal(steps)}`;
}

/** The name of an axis of training steps. */
export function stepsLabel(results: Results): string {
  return progressOf(results).ended ? 'training steps →' : `training steps, ${stepsText(results)} done →`;
}

/** What the run has not computed yet. */
export function awaited(results: Results): string[] {
  const [last, probed] = [lastCheckpoint(results)?.step, lastProbeStep(results)];
  const skipped = results.skippedProbes.some(({ step }) => step === last);
  const late = probed !== undefined && last !== undefined && probed < last && !skipped;
  return [
    probed === undefined && !skipped ? 'probes' : '',
    late ? `probes of step ${decimal(last)}` : '',
    results.evidence === null ? 'probes of records' : '',
    results.evidence === null ? 'the comparison of later states with the present one' : '',
    results.permutations === null ? 'the other permutations of the meanings' : '',
    results.layers === null ? 'probes layer by layer' : '',
    results.causal === null ? 'edits of hidden states' : '',
  ].filter(Boolean);
}

/** Whether training has ended and nothing is awaited. */
export function isComplete(results: Results): boolean {
  return progressOf(results).ended && awaited(results).length === 0;
}

/** `; the learning rate, which falls to zero by step 3,600, had only decayed to 52.9 % of its peak`, or nothing before the first step. */
function rateText(results: Results): string {
  const { step, steps, rate } = progressOf(results);
  if (!isFiniteNumber(rate)) return '';
  const still =
    step < Number(results.settings['warmupSteps'])
      ? `was still rising, at ${percent(rate)} of its peak`
      : `had only decayed to ${percent(rate)} of its peak`;
  return `; the learning rate, which falls to zero by step ${decimal(steps)}, ${still}`;
}

/** Above everything else on the page; nothing for a complete run. */
export function unfinishedNote(results: Results): Html | undefined {
  if (isComplete(results)) return undefined;
  const { ended } = progressOf(results);
  const missing = awaited(results);
  const training = ended
    ? undefined
    : html`<p><b>The training of this run has not ended.</b> At its last checkpoint, training had reached step ${stepsText(results)}${rateText(results)}. Every number and figure is of the run so far.</p>`;
  const stages = missing.length > 0 ? html`<p><b>Not done yet:</b> ${listing(missing)}.</p>` : undefined;
  return html`<div class="note" id="unfinished">${training}${stages}</div>`;
}
