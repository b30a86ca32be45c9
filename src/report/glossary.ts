/** @file The terms of both pages, each in a sentence or two. Chapter 11. */

import type { Results } from '../results/results.ts';
import { type Html, html } from './html.ts';
import { layerText } from './select.ts';

type Term = readonly [name: string, meaning: string];

/** In alphabetical order; `hidden` says which hidden state the page shows. */
const termsOf = (hidden: string): readonly Term[] => [
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
    'Other rules under which the same programs are run again, to ask whether hidden states favour the real ones. Flip: each turn is the other turn, and picking is putting. Adversarial: a move turns left, a right turn moves, every other action turns the robot.',
  ],
  [
    'change point',
    'The checkpoint at which a curve is best split into two levels, the means before and after: the squares that they leave are least.',
  ],
  ['checkpoint', 'The model as it was at one step of training, kept to be studied.'],
  [
    'control task',
    'Labels drawn at random, the same for equal texts, which a probe can only learn by heart (after Hewitt and Liang 2019).',
  ],
  [
    'counting error',
    'How far a share may lie from what another choice of test specifications or programs would give: half of its 95 % interval, these counted as independent (after Agresti and Coull 1998).',
  ],
  [
    'effect',
    'What a program does to worlds. Two programs count as equal in effect if they do the same, as drawn, to each of 256 random worlds; that they do the same everywhere is then likely, not certain.',
  ],
  ['entropy', 'How uncertain a label is before one looks, in bits: 2 bits for four equally frequent directions.'],
  ['generative accuracy', 'Share of test specifications that the programs written for them solve.'],
  [
    'hidden state',
    `The numbers inside the model from which the next token is predicted; here ${hidden}, unless a figure or table says otherwise.`,
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
  [
    'record',
    'The text of the program up to and including the action that is being written, with the input grid (a) or with both grids (b), which a probe reads in the place of hidden states. What it tells, a probe can work out without the model.',
  ],
  ['reference program', 'The random program from which a specification was made. Not the only right answer.'],
  [
    'removal-minimal',
    'Said of a program of which no single action can be left out without changing, as drawn, what becomes of a given input.',
  ],
  ['selectivity', 'How much more a probe reads of the true states than of the labels of a control task.'],
  ['semantics', 'What each action does. “Original” is Karel’s own.'],
  [
    'sign-flip test',
    'Whether differences could have a mean so far from 0 by chance: the difference of each program is given a sign by lot, many times, and p is the share of times in which the mean lies at least as far from 0 as the measured one.',
  ],
  ['solved', 'The written program maps every given input of the specification to its output.'],
  ['specification', 'A few pairs of worlds, before and after.'],
  ['trace', 'The states that a program passes through when it is run.'],
  ['untrained', 'The same probe on the hidden states of the model before training, reading the same programs.'],
  [
    'usable information',
    'Bits that the probe saves on test data against knowing the label frequencies only (after Xu et al. 2020); as a share of label entropy, 100 % is all. Negative if the probe is worse than the frequencies.',
  ],
];

export function glossarySection(results: Results): Html {
  return html`<section id="glossary"><h2>Glossary</h2><dl class="glossary">${termsOf(layerText(results)).map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></section>`;
}
