/** @file Where a figure's or a table's numbers lie, and which commands make them again. Chapter 11. */
import { type Html, html } from './html.ts';

export interface Source {
  /** Keys of `results.json`, as a path to each: `checkpoints[].generativeAccuracy`. */
  keys: readonly string[];
  /** The commands of `karelscope` that compute them; `report` collects what other commands left in the run's folder. */
  commands: readonly ('trace' | 'probe' | 'analyse' | 'report')[];
  /** Where the keys are: the run's own results if left out; its journal of times; `study.json`, or the results of every seed, for several seeds. */
  of?: 'run' | 'journal' | 'study' | 'seeds';
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

/** Of the last checkpoint's probes beside their baselines. */
export const evidenced = (...names: string[]): Source => ({
  keys: names.map((name) => `evidence.${name}`),
  commands: ['probe'],
});

/** Of what was asked of the trained model beyond its probes. */
export const analysed = (...keys: string[]): Source => ({ keys, commands: ['analyse'] });

/** Of what several seeds show together. */
export const studied = (...keys: string[]): Source => ({ keys, commands: ['report'], of: 'study' });

/** Of the results of every seed. */
export const ofSeeds = (...keys: string[]): Source => ({ keys, commands: ['report'], of: 'seeds' });

/** Of what the run is and how long it took. */
export const collected = (...keys: string[]): Source => ({ keys, commands: ['report'] });

/** Of how long it took, and on what. */
export const journalled = (...keys: string[]): Source => ({ keys, commands: ['report'], of: 'journal' });

const FILES = {
  run: html`<a href="../results.json">results.json</a>`,
  journal: html`<a href="../journal.jsonl">journal.jsonl</a>`,
  study: html`<a href="study.json">study.json</a>`,
  seeds: html`<code>seed-N/results.json</code>`,
} as const;

/** The line below a figure or a table. The page of a run lies at RUN/report/index.html, that of several seeds at STUDY/index.html. */
export function sourceLine({ keys, commands, of = 'run' }: Source): Html {
  const names = keys.map((name, index) => html`${index > 0 ? ', ' : ''}<code>${name}</code>`);
  const folder = of === 'run' || of === 'journal' ? 'RUN' : 'STUDY';
  const calls = commands.map((name, index) => html`${index > 0 ? ', ' : ''}<code>karelscope ${name} ${folder}</code>`);
  return html`<p class="source">Data: ${FILES[of]}, ${names} · recompute: ${calls}</p>`;
}

/** What those lines mean, said once. */
export function sourceNote(): Html {
  return html`<p class="source">Below each figure and table stand its data and what computes it. RUN is the folder that holds <a href="../results.json">results.json</a>; in a clone of the repository <code>karelscope</code> is <code>node dist/main.js</code>. A command does only what is not done: <code>karelscope verify --repair RUN</code> removes what is damaged or incomplete, with all that came of it, and <code>karelscope reproduce</code> makes it again, with the same bits.</p>`;
}
