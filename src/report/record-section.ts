/** @file What records of the text tell by themselves, beside what the hidden states tell. Chapter 11. */

import { mainLayer } from '../results/regressions.ts';
import type { ProbeResult, Results } from '../results/results.ts';
import { beforeSubsection } from './before-section.ts';
import { interventionFigure, sharesFigure, strataFigure } from './evidence-figures.ts';
import { evidenceOf } from './evidence-numbers.ts';
import {
  interventionSentences,
  interventionSummary,
  overfitSentences,
  recordSentences,
  selectivitySentences,
} from './evidence-prose.ts';
import { evidenceTables } from './evidence-tables.ts';
import { capitalised, decimal, listing, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES, DEPTHS, featuresOf, labelsAll, lastProbeStep, lengthUnit, semanticsOf } from './select.ts';
import { evidenced, probed } from './source.ts';
import { type Column, table } from './tables.ts';

/** A probe that has records beside it. */
type Recorded = ProbeResult & { readonly records: NonNullable<ProbeResult['records']> };

/** The probes with records of the last step that has probes: by depth, feature and semantics, the first seed of each. */
export function recordedProbes(results: Results): Recorded[] {
  const [step, layer] = [lastProbeStep(results), mainLayer(results)];
  const candidates = results.probes.filter(
    (probe): probe is Recorded =>
      probe.step === step && probe.layer === layer && probe.offset === 0 && probe.records !== null,
  );
  return DEPTHS.flatMap((depth) =>
    featuresOf(results).flatMap((feature) =>
      semanticsOf(results).flatMap((semantics) => {
        const found = candidates.find(
          (probe) => probe.hiddenLayers === depth && probe.feature === feature && probe.semantics === semantics,
        );
        return found ? [found] : [];
      }),
    ),
  );
}

const COLUMNS: Column<Recorded>[] = [
  { name: 'probe', cell: ({ hiddenLayers }) => DEPTH_NAMES[hiddenLayers], kind: 'whole' },
  { name: 'feature', cell: ({ feature }) => capitalised(feature), kind: 'whole' },
  { name: 'semantics', cell: ({ semantics }) => semantics, kind: 'whole' },
  { name: 'hidden states', cell: ({ informationShare }) => percent(informationShare), numeric: true },
  {
    name: 'record of text and input grid',
    cell: ({ records }) => percent(records.input.informationShare),
    numeric: true,
  },
  {
    name: 'record of text and both grids',
    cell: ({ records }) => percent(records.prompt.informationShare),
    numeric: true,
  },
  { name: 'hidden, accuracy', cell: ({ accuracy }) => percent(accuracy), numeric: true },
  { name: 'text and input grid, accuracy', cell: ({ records }) => percent(records.input.accuracy), numeric: true },
  { name: 'text and both grids, accuracy', cell: ({ records }) => percent(records.prompt.accuracy), numeric: true },
];

/** For how many of these probes' features the hidden states tell more than both records. */
function aheadText(probes: readonly Recorded[]): string {
  const more = probes.filter(
    ({ information, records }) => information > Math.max(records.input.information, records.prompt.information),
  ).length;
  return `${more === 0 ? 'none' : decimal(more)} of ${decimal(probes.length)} features`;
}

/** A sentence for each depth that has records. */
export function recordText(results: Results): string {
  const probes = recordedProbes(results);
  return DEPTHS.flatMap((depth) => {
    const parts = semanticsOf(results).flatMap((semantics) => {
      const asked = probes.filter((probe) => probe.hiddenLayers === depth && probe.semantics === semantics);
      return asked.length > 0 ? [`${aheadText(asked)} under ${semantics} semantics`] : [];
    });
    if (parts.length === 0) return [];
    return [`${capitalised(DEPTH_NAMES[depth])}: the hidden states tell more than both records for ${listing(parts)}.`];
  }).join(' ');
}

function recordTable(results: Results, probes: readonly Recorded[]): Html {
  const step = lastProbeStep(results);
  return table(
    `Usable information as a share of label entropy, then accuracy: offset 0, step ${decimal(step)}`,
    COLUMNS,
    probes,
    probed(`step ${step}, offset 0`, 'records', 'informationShare', 'accuracy'),
  );
}

const NO_RECORD =
  'the states of all examples label a hidden state (labelExample −1), and a record holds the grid of one';

/** What records are, where there are some. */
function recordIntro(results: Results): Html {
  return html`<p>The robot’s state follows from the grid in which a program begins and from the actions so far. So a probe might work it out by itself, if the hidden states did no more than keep that text. To see how far it would come, the same probe is trained on <em>records</em> in the place of hidden states. The <em>record of text and input grid</em> holds the ${lengthUnit(results)} up to and including the one that is being written and the input grid, every token as a row of zeros with a single one; the <em>record of text and both grids</em> has the output grid too.</p>`;
}

/** Why there are none. */
function withoutRecords(results: Results): Html {
  const why = labelsAll(results) ? `: ${NO_RECORD}` : '';
  return html`<p>There are no records and no control task in this run${why}. What hidden states tell is compared with the untrained model alone; how much a probe could work out from the text is not known.</p>`;
}

function caution(results: Results): Html {
  return html`<p>A record is large (one number for every token that could stand at every place) and says everything plainly; a hidden state is ${decimal(Number(results.settings['n_embd']))} numbers that also have to choose the next action. Where the record tells more, the probe could work out so much from the text without the model; where the hidden states do, this probe could not work out as much from the text. That another probe could is not excluded.</p>`;
}

/** Figures with intervals where they were measured, else the single numbers. */
export function recordSection(results: Results): Html {
  const title = 'Beyond the record';
  const probes = recordedProbes(results);
  const numbers = evidenceOf(results);
  const evidence = results.evidence;
  if (probes.length === 0 && !numbers) {
    return html`<section id="records"><h2>${title}</h2><p>${lastProbeStep(results) === undefined || results.evidence === null ? 'No probe of this run has been trained on records yet' : 'No probe of this run was trained on records'}${labelsAll(results) ? `: ${NO_RECORD}` : ''}.</p></section>`;
  }
  const recorded = probes.length > 0 || (evidence?.shares.some(({ source }) => source === 'input') ?? false);
  const intro = recorded ? recordIntro(results) : withoutRecords(results);
  if (!numbers || !evidence) {
    return html`<section id="records"><h2>${title}</h2>
${intro}
<p class="lede">${recordText(results)}</p>
<p>Single numbers of one run, without intervals.</p>
${caution(results)}
${recordTable(results, probes)}</section>`;
  }
  const selectivity = selectivitySentences(numbers);
  return html`<section id="records"><h2>${title}</h2>
${intro}
<ul>${[...recordSentences(numbers), ...overfitSentences(numbers)].map((line) => html`<li>${line}</li>`)}</ul>
${recorded ? caution(results) : undefined}
${sharesFigure(numbers, 'What each source tells', evidenced('shares[] (semantics original, actionsLeft all)'))}
${
  selectivity.length > 0
    ? html`<h3>Could the probe have learnt it by heart?</h3>
<p>A strong probe can learn labels that mean nothing. The <em>control task</em> (after Hewitt and Liang 2019) gives all hidden states with the same text so far, and the same facing at the start, one label drawn at random from those of the training pairs; there is nothing to understand, only to remember. <em>Selectivity</em> is how much more a probe reads of the true states than of such labels.</p>
<ul>${selectivity.map((line) => html`<li>${line}</li>`)}</ul>`
    : undefined
}
<h3>The intervention, beyond ${recorded ? 'the record' : 'the untrained model'}</h3>
<p>The section before compares semantics. A baseline can favour one of them too: the output grid shows the last state under the original semantics only, and some semantics are easier to run. So the same differences are taken of ${recorded ? 'each baseline' : 'the untrained model'}, and subtracted.</p>
<p class="lede">${interventionSummary(numbers)}</p>
<ul>${interventionSentences(numbers).map((line) => html`<li>${line}</li>`)}</ul>
<p>The intervals cover the choice of test programs, not that of the seed: a difference that they tell apart from 0 in this run need not come back with another seed.</p>
${interventionFigure(numbers, 'Original against the other semantics', evidenced('contrasts[] (feature mean, actionsLeft all)'))}
${strataFigure(numbers, 'The same by actions left', evidenced('contrasts[] (feature mean, over null, prompt and bestRecord)'))}
${beforeSubsection(results)}
${evidenceTables(evidence)}
${probes.length > 0 ? html`<details><summary>Records beside hidden states, with accuracies</summary>${recordTable(results, probes)}</details>` : undefined}</section>`;
}
