/** @file What the comparison found, as one JSON document and as text of at most 80 columns. */
import { cpus } from 'node:os';
import { PRODUCTS } from './task.mjs';

/**
 * What became of a contender: its result, with the best seconds of all rounds, or why it has none.
 * @typedef {import('./contenders.mjs').Contender & { result?: import('./contenders.mjs').Result, failure?: string }} Outcome
 */

const stepOf = (/** @type {string} */ preset) => `step of ${preset}, tokens/s`;

const COLUMNS = 80;

/** @param {readonly Outcome[]} outcomes The first is what the others are compared with. */
export function reportOf(outcomes) {
  const contenders = outcomes.map(({ name, threads, result, failure }) => ({
    name,
    threads,
    failure,
    rates: result && ratesOf(result),
    steps: result?.training.map(({ preset, losses, seconds }) => ({ preset, losses, milliseconds: 1000 * seconds })),
  }));
  return {
    machine: cpus()[0]?.model ?? 'unknown processor',
    cores: cpus().length,
    node: process.version,
    contenders,
    comparisons: [...new Set(outcomes.map(({ threads }) => threads))].map((threads) => compare(contenders, threads)),
    notes: [...new Set(outcomes.flatMap(({ result }) => result?.notes ?? []))],
  };
}

/** @typedef {ReturnType<typeof reportOf>} Report */

/**
 * GFLOP/s of each product, and tokens a second of the step; tokens that only pad a sample do not count.
 * @param {import('./contenders.mjs').Result} result
 * @returns {Record<string, number>}
 */
function ratesOf({ products, training }) {
  const gflops = PRODUCTS.map(({ name, m, n, k }, index) => [name, (2 * m * n * k) / products[index].seconds / 1e9]);
  const tokens = training.map(({ preset, tokens, seconds }) => [stepOf(preset), tokens / seconds]);
  return Object.fromEntries([...gflops, ...tokens]);
}

/**
 * Rates of everybody with up to so many threads: of the rates with fewer and with more, the better one counts.
 * @param {readonly { name: string, threads: number, rates?: Record<string, number> }[]} contenders @param {number} threads
 */
function compare(contenders, threads) {
  const allowed = contenders.filter((one) => one.threads <= threads);
  const [ours, ...peers] = [...new Set(contenders.map(({ name }) => name))];
  const best = (name, what) => {
    const rates = allowed.flatMap((one) => (one.name === name && one.rates?.[what] ? [one.rates[what]] : []));
    return rates.length > 0 ? Math.max(...rates) : undefined;
  };
  const steps = contenders[0].steps.map(({ preset }) => stepOf(preset));
  const rows = [...PRODUCTS.map(({ name }) => name), ...steps].map((what) => {
    const rate = best(ours, what);
    const against = (name) => {
      const theirs = best(name, what);
      return theirs === undefined ? { name } : { name, rate: theirs, ratio: rate / theirs };
    };
    return { what, [ours]: rate, peers: peers.map(against) };
  });
  return { threads, rows };
}

/** @param {Report} report */
export function describe({ machine, cores, node, contenders, comparisons, notes }) {
  const failures = contenders.filter(({ failure }) => failure !== undefined);
  return [
    `${machine}, ${cores} cores, Node ${node}`,
    'GFLOP/s of products, tokens/s of the training step; ratio: karelscope / peer',
    ...comparisons.flatMap((comparison) => ['', ...table(comparison)]),
    '',
    ...failures.map(({ name, threads, failure }) => `${name}, ${counted(threads)}: ${failure}`),
    ...notes,
  ];
}

/** As many peers side by side as the columns allow, then the others below. */
function table({ threads, rows }) {
  const ours = [
    [threads === 1 ? 'one thread' : `up to ${counted(threads)}`, 'karelscope'],
    ...rows.map(({ what, karelscope }) => [what, number(karelscope)]),
  ];
  const peers = rows[0].peers.map(({ name }, peer) => [
    [name, 'ratio'],
    ...rows.map((row) => {
      const { rate, ratio } = row.peers[peer];
      return rate === undefined ? ['-', '-'] : [number(rate), ratio.toFixed(2)];
    }),
  ]);
  const blocks = [];
  let block = ours;
  for (const peer of peers) {
    const wider = block.map((line, index) => [...line, ...peer[index]]);
    if (aligned(wider)[0].length <= COLUMNS) block = wider;
    else {
      blocks.push(block);
      block = ours.map((line, index) => [...line, ...peer[index]]);
    }
  }
  return [...blocks, block].flatMap((lines, index) => [...(index === 0 ? [] : ['']), ...aligned(lines)]);
}

function aligned(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map(([what, ...cells]) =>
    [what.padEnd(widths[0]), ...cells.map((cell, index) => cell.padStart(widths[index + 1]))].join('  '),
  );
}

/** Three significant digits; thousands without a fraction, separated. */
function number(value) {
  return value < 999.5 ? value.toPrecision(3) : Number(value.toPrecision(3)).toLocaleString('en-US');
}

function counted(threads) {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
