/** @file What is different where programs branch and loop: how states are found, and which pairs are left out. Chapter 11. */

import type { ProbeResult, Results } from '../results/results.ts';
import { decimal, percent } from './format.ts';
import { type Html, html } from './html.ts';
import { hasControl, lastProbeStep, offsetsOf, semanticsOf } from './select.ts';
import { probed } from './source.ts';
import { table } from './tables.ts';

interface OffsetRow {
  readonly offset: number;
  readonly probe: ProbeResult;
}

/** Nothing for a run of straight-line programs. */
export function controlSection(results: Results): Html | undefined {
  if (!hasControl(results)) return undefined;
  const step = lastProbeStep(results);
  const rows = step === undefined ? [] : rowsOf(results, step);
  return html`<section id="control"><h2>Branches and loops</h2>
<p>The programs of this run may branch (<code>if</code>, <code>ifelse</code>) and loop (<code>while</code>, <code>repeat</code>). Their length is counted in words: an action, a condition and a brace are one each. A program that has not ended after a fixed number of steps counts as wrong.</p>
<p>A probe is asked about the hidden state from which an action was written. In a branch that is not taken that action is never executed, and there is nothing to ask; in a loop it is executed often, and the state asked for is that after its first execution. Offsets count executed actions from there, not words of the text.</p>
<p>Under other semantics a branch may go the other way and a loop may never end. So that all semantics are compared on the same hidden states, only those actions take part that are executed under each of them (${semanticsOf(results).join(', ') || 'none has been probed yet'}).</p>
${
  rows.length > 0
    ? table(
        `Test pairs by offset, step ${decimal(step)}`,
        [
          { name: 'offset', cell: ({ offset }: OffsetRow) => decimal(offset), numeric: true },
          { name: 'pairs', cell: ({ probe }) => decimal(probe.n), numeric: true },
          { name: 'left out', cell: ({ probe }) => decimal(probe.lost), numeric: true },
          { name: 'share left out', cell: ({ probe }) => percent(shareLost(probe)), numeric: true },
        ],
        rows,
        probed(`step ${step}`, 'n', 'lost'),
      )
    : undefined
}</section>`;
}

/** One probe of each offset: all probes of an offset have the same pairs. */
function rowsOf(results: Results, step: number): OffsetRow[] {
  return offsetsOf(results, step).flatMap((offset) => {
    const probe = results.probes.find((one) => one.step === step && one.offset === offset);
    return probe ? [{ offset, probe }] : [];
  });
}

function shareLost({ n, lost = 0 }: ProbeResult): number {
  return lost / Math.max(1, n + lost);
}
