/** @file Where a figure's or a table's numbers lie, and which commands make them again. Chapter 11. */
import { type Html, html } from './html.ts';

export interface Source {
  /** Keys of `results.json`, as a path to each: `checkpoints[].generativeAccuracy`. */
  keys: readonly string[];
  /** The commands of `karelscope` that compute them; `report` collects what other commands left in the run's folder. */
  commands: readonly ('trace' | 'probe' | 'report')[];
}

/** Of what a checkpoint writes for the test specifications. */
export const traced = (...names: string[]): Source => ({
  keys: names.map((name) => `checkpoints[].${name}`),
  commands: ['trace'],
});

/** Of probes, those that `filter` describes in the terms of their own keys. */
export const probed = (filter: string, ...names: string[]): Source => ({
  keys: names.map((name) => `probes[].${name}${filter && ` (${filter})`}`),
  commands: ['probe'],
});

/** Of what the run is and how long it took. */
export const collected = (...keys: string[]): Source => ({ keys, commands: ['report'] });

/** The line below a figure or a table. The page lies at RUN/report/index.html and knows no path but this. */
export function sourceLine({ keys, commands }: Source): Html {
  const names = keys.map((name, index) => html`${index > 0 ? ', ' : ''}<code>${name}</code>`);
  const calls = commands.map((name, index) => html`${index > 0 ? ', ' : ''}<code>karelscope ${name} RUN</code>`);
  return html`<p class="source">Data: <a href="../results.json">results.json</a>, ${names} · recompute: ${calls}</p>`;
}

/** What those lines mean, said once. */
export function sourceNote(): Html {
  return html`<p class="source">Below each figure and table stand its data and what computes it. RUN is the folder that holds <a href="../results.json">results.json</a>; in a clone of the repository <code>karelscope</code> is <code>node dist/main.js</code>. A command keeps what it finds: to compute traces or probes again, take RUN/traces or RUN/probes away first. <code>karelscope report RUN</code> then collects results.json and draws this page.</p>`;
}
