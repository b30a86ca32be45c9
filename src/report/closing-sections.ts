/** @file The end of the report: the paper beside this run, limits, glossary. Chapter 11. */

import type { CheckpointResult, Results } from '../study/results.ts';
import { hasEdits } from './causal-prose.ts';
import { capitalised, countWord, decimal } from './format.ts';
import { type Html, html } from './html.ts';
import { differences, paperTable } from './paper.ts';
import { lastCheckpoint, probeSeeds } from './select.ts';

export function paperSection(results: Results): Html {
  return html`<section id="paper"><h2>The paper’s numbers beside ours</h2>
<p>Numbers stand beside each other here so that nobody has to look them up, not because they should be equal. “In kind” means that the same thing is measured under other conditions; “no” means that even the thing differs.</p>
${paperTable(results)}
<p>What differs:</p><ul>${differences(results)}</ul></section>`;
}

export function limitsSection(results: Results): Html {
  const last = lastCheckpoint(results);
  const fewest = results.probes.filter((probe) => probe.tooFew).length;
  const seeds = probeSeeds(results);
  return html`<section id="limits"><h2>Limits of this run</h2><ul>
<li>One seed, one run. When a curve rises differs from seed to seed; no interval here covers that. Where an interval or a counting error is given, it covers the choice of test specifications only.</li>
<li>A small test: ${decimal(last?.specifications)} specifications at the last checkpoint, and short programs give few pairs. ${fewest > 0 ? `${decimal(fewest)} of ${decimal(results.probes.length)} probe results rest on fewer than 500 test pairs and are marked.` : ''}</li>
<li>${seeds > 1 ? `${capitalised(countWord(seeds))} seeds of the probes` : 'One seed of the probes'}: part of any difference between probes is their own training.</li>
<li>Short programs recur: a test specification never occurs in training, but the program that solves it may${recurring(last)}.</li>
<li>The goal leaks: the prompt shows the last state under the original semantics, and with short programs every state is near the last. The last state itself ${results.settings['lastState'] === 'kept' ? 'takes part in this run' : 'is left out of the probes’ pairs'}.</li>
<li>A probe shows what <em>can be read</em>, not what the model <em>uses</em>. ${hasEdits(results) ? 'Edits of hidden states ask for the latter, but only along straight directions and for where robots face; that they fail to change a program does not show that nothing is used.' : 'Nothing here edits a hidden state to see whether the program changes.'}</li>
<li>A small model in a small world. Whether any of this holds at the paper’s scale is for the paper to say.</li></ul></section>`;
}

/** How many of the reference programs do, where it was measured. */
function recurring(last: CheckpointResult | undefined): string {
  if (!last?.programs) return '';
  const missing = last.programs.notInTraining?.n ?? 0;
  return `: of ${decimal(last.specifications)} reference programs, ${missing === 0 ? 'all do' : `${decimal(last.specifications - missing)} do`}`;
}

const GLOSSARY: readonly (readonly [string, string])[] = [
  [
    'accuracy, of a probe',
    'Share of test pairs for which the probe names the right label. The paper’s “semantic content”.',
  ],
  [
    'activation patching',
    'Putting hidden states of one input in the place of those of another, to see which of the two the model then follows.',
  ],
  [
    'adversarial, flip',
    'Other rules under which the same programs are run again, to ask whether hidden states favour the real ones.',
  ],
  ['checkpoint', 'The model as it was at one step of training, kept to be studied.'],
  [
    'control task',
    'Labels drawn at random, the same for equal texts, which a probe can only learn by heart (after Hewitt and Liang 2019).',
  ],
  ['entropy', 'How uncertain a label is before one looks, in bits: 2 bits for four equally frequent directions.'],
  [
    'effect',
    'What a program does to worlds. Two programs count as equal in effect if they do the same, as drawn, to each of 256 random worlds; that they do the same everywhere is then likely, not certain.',
  ],
  [
    'hidden state',
    'The numbers inside the model from which the next token is predicted; here averaged over the embedding and all layers, unless a table says otherwise.',
  ],
  [
    'interval, 95 %',
    'The test specifications, or programs, are drawn again from themselves, 1,000 times or more, some twice and some not at all, and the number is computed each time (the bootstrap). The interval holds the middle 95 % of these numbers. It covers the choice of specifications, not that of the seed.',
  ],
  ['majority', 'Accuracy of always naming the label that is most frequent in the training traces.'],
  [
    'no-op',
    'An action that changes nothing in any given input when its turn comes, such as a move where the robot faces a wall.',
  ],
  ['offset', 'How many actions after (or before) the one being written the state is that the probe must tell.'],
  ['perplexity', 'How uncertain the model is about the next token: as much as a fair choice among so many.'],
  [
    'probe',
    'A small classifier trained to tell the robot’s state from the hidden state. Linear, or with one or two hidden layers.',
  ],
  ['reference program', 'The random program from which a specification was made. Not the only right answer.'],
  [
    'removal-minimal',
    'Said of a program of which no single action can be left out without changing, as drawn, what becomes of a given input.',
  ],
  [
    'record',
    'The text of the program so far with the input grid, or with both grids, which a probe reads in the place of hidden states.',
  ],
  ['selectivity', 'How much more a probe reads of the true states than of the labels of a control task.'],
  ['semantics', 'What each action does. “Original” is Karel’s own.'],
  ['solved', 'The written program maps every given input of the specification to its output.'],
  ['specification', 'A few pairs of worlds, before and after.'],
  ['trace', 'The states that a program passes through when it is run.'],
  ['untrained', 'The same probe on the hidden states of the model before training, reading the same programs.'],
  [
    'usable information',
    'Bits that the probe saves on test data against knowing the label frequencies only (after Xu et al. 2020); as a share of label entropy, 100 % is all. Negative if the probe is worse than the frequencies.',
  ],
];

export function glossarySection(): Html {
  return html`<section id="glossary"><h2>Glossary</h2><dl class="glossary">${GLOSSARY.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></section>`;
}
