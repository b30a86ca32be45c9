/** @file What records of the text tell by themselves, beside what the hidden states tell. Chapter 11. */

import type { ProbeResult, Results } from '../study/results.ts';
import { capitalised, decimal, listing, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { DEPTH_NAMES, DEPTHS, featuresOf, lastProbeStep, lengthUnit, mainLayer, semanticsOf } from './select.ts';
import { probed } from './source.ts';
import { type Column, table } from './tables.ts';

/** A probe that has records beside it. */
type Recorded = ProbeResult & { readonly records: NonNullable<ProbeResult['records']> };

/** The probes with records of the last step that has probes: by depth, feature and semantics, the first seed of each. */
export function recordedProbes(results: Results): Recorded[] {
  const [step, layer] = [lastProbeStep(results), mainLayer(results)];
  const candidates = results.probes.filter(
    (probe): probe is Recorded =>
      probe.step === step && probe.layer === layer && probe.offset === 0 && (probe.records ?? null) !== null,
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
  { name: 'record: text, input', cell: ({ records }) => percent(records.input.informationShare), numeric: true },
  { name: '... and output', cell: ({ records }) => percent(records.prompt.informationShare), numeric: true },
  { name: 'hidden, accuracy', cell: ({ accuracy }) => percent(accuracy), numeric: true },
  { name: 'text, input', cell: ({ records }) => percent(records.input.accuracy), numeric: true },
  { name: 'and output', cell: ({ records }) => percent(records.prompt.accuracy), numeric: true },
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
    const probe = `${capitalised(DEPTH_NAMES[depth])} probe`;
    return [`${probe}: the hidden states tell more than both records for ${listing(parts)}.`];
  }).join(' ');
}

export function recordSection(results: Results): Html {
  const title = 'What a record could know';
  const probes = recordedProbes(results);
  if (probes.length === 0) {
    return html`<section id="records"><h2>${title}</h2><p>No probe of this run was trained on records.</p></section>`;
  }
  const step = decimal(lastProbeStep(results));
  return html`<section id="records"><h2>${title}</h2>
<p>The robot’s state follows from the grid in which a program begins and from the actions so far. So a probe might work it out by itself, if the hidden states did no more than keep that text. To see how far it would come, the same probe is trained on <em>records</em> in the place of hidden states: the ${lengthUnit(results)} up to and including the one that is being written and the input grid, every token as a row of zeros with a single one; and the same with the output grid.</p>
<p class="lede">${recordText(results)}</p>
<p>Single numbers of one run, without intervals. A record is large (one number for every token that could stand at every place) and says everything plainly; a hidden state is ${decimal(Number(results.settings['n_embd']))} numbers that also have to choose the next action. Where the record tells more, the probe could work out so much from the text without the model; where the hidden states do, this probe could not work out as much from the text. That another probe could is not excluded.</p>
${table(`Usable information as a share of label entropy, then accuracy: offset 0, step ${step}`, COLUMNS, probes, probed(`step ${lastProbeStep(results)}, offset 0`, 'records', 'informationShare', 'accuracy'))}</section>`;
}
