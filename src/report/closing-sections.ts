/** @file The end of the report: the paper beside this run, limits. Chapter 11. */

import type { CheckpointResult, Results } from '../results/results.ts';
import { capitalised, countWord, decimal, isFiniteNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { differences, paperTable, sizeText } from './paper.ts';
import { lastCheckpoint, lastProbeStep, lengthUnit, probeSeeds } from './select.ts';

export function paperSection(results: Results): Html {
  return html`<section id="paper"><h2>The paper’s numbers beside ours</h2>
<p>Numbers stand beside each other here so that nobody has to look them up, not because they should be equal. “In kind” means that the same thing is measured under other conditions; “no” means that even the thing differs, or that ours is not finished; “yes”, that it is the same.</p>
${paperTable(results)}
<p>What differs:</p><ul>${differences(results)}</ul></section>`;
}

export function limitsSection(results: Results): Html {
  const last = lastCheckpoint(results);
  const fewest = results.probes.filter((probe) => probe.tooFew).length;
  const seeds = probeSeeds(results);
  return html`<section id="limits"><h2>Limits of this run</h2><ul>
<li>One seed, one run. When a curve rises differs from seed to seed; no interval here covers that. Where an interval or a counting error is given, it covers the choice of test specifications only.</li>
<li>The test: ${decimal(last?.specifications)} specifications at the last checkpoint${pairsText(results)}. ${fewest > 0 ? `${decimal(fewest)} of ${decimal(results.probes.length)} probe results rest on fewer than 500 test pairs and are marked.` : ''}</li>
<li>${seeds > 1 ? `${capitalised(countWord(seeds))} seeds of the probes` : 'One seed of the probes'}: part of any difference between probes is their own training.</li>
<li>A test specification never occurs in training, but the program from which it was made may${recurring(last)}.</li>
<li>The goal leaks: the prompt shows the last state under the original semantics, and the nearer a state is to the last, the more of it shows there${lengthText(results)}. The last state itself ${results.settings['lastState'] === 'kept' ? 'takes part in this run' : 'is left out of the probes’ pairs'}.</li>
<li>A probe shows what <em>can be read</em>, not what the model <em>uses</em>. ${useLimit(results)}</li>
<li>One scale: ${decimal(results.parameters)} parameters; ${sizeText(results)}. Whether any of this holds at the paper’s scale is for the paper to say.</li></ul></section>`;
}

/** What was done to ask what the model uses, and what that cannot tell. */
function useLimit({ causal }: Results): string {
  if (!causal) return 'No hidden state of this run has been edited yet to see whether the program changes.';
  if (causal.edits)
    return 'Edits of hidden states ask for the latter, but only along straight directions and for where robots face; that they fail to change a program does not show that nothing is used.';
  if (causal.patching)
    return 'No edit along a direction could be tested in this run. Hidden states were replaced whole, which asks for the latter too, but does not tell what in them is used.';
  return 'No edit of a hidden state could be tested in this run.';
}

/** How many pairs they give. */
function pairsText(results: Results): string {
  const step = lastProbeStep(results);
  const pairs = results.probes.filter((one) => one.step === step && one.offset === 0).map(({ n }) => n);
  if (pairs.length === 0) return ', not probed yet';
  return `, whose programs gave ${decimal(Math.min(...pairs))} test pairs at offset 0${step === lastCheckpoint(results)?.step ? '' : ` at step ${decimal(step)}`}`;
}

/** How long the programs are that the model writes. */
function lengthText(results: Results): string {
  const last = lastCheckpoint(results);
  if (!last || !isFiniteNumber(last.meanLength)) return '';
  return ` (the programs written at the last checkpoint have ${decimal(last.meanLength, 2)} ${lengthUnit(results)} on average)`;
}

/** How many of the reference programs do, where it was measured. */
function recurring(last: CheckpointResult | undefined): string {
  if (!last?.programs) return '';
  const missing = last.programs.notInTraining?.n ?? 0;
  const found = last.specifications - missing;
  const some = found === 0 ? 'none does' : found === 1 ? 'one does' : `${decimal(found)} do`;
  return `: of ${decimal(last.specifications)} reference programs, ${missing === 0 ? 'all do' : some}`;
}
