/** @file What each source tells, side by side: hidden states, the untrained model, records. Chapter 12. */
import {
  BASELINE_OFFSETS,
  comparisonOf,
  DEPTH_NAMES,
  type ShareRow,
  SOURCES,
  type Source,
  TOKENS_READ,
} from '../probe/index.ts';
import type { Results } from './results.ts';

export type { Comparison, Source } from '../probe/index.ts';
export { BASELINE_OFFSETS, comparisonOf, TOKENS_READ };

export interface SourceRow {
  readonly source: Source;
  /** Usable information as a share, for each of `BASELINE_OFFSETS`; null where it was not asked. */
  readonly shares: readonly (ShareRow | null)[];
}

/** Under the original semantics, mean over the features, of all pairs. Empty before the last checkpoint has been probed. */
export function sourceRows({ evidence }: Pick<Results, 'evidence'>, hiddenLayers: 0 | 1): SourceRow[] {
  const rows = SOURCES.map((source) => ({
    source,
    shares: BASELINE_OFFSETS.map(
      (offset) =>
        evidence?.shares.find(
          (row) =>
            row.source === source &&
            row.offset === offset &&
            row.hiddenLayers === hiddenLayers &&
            row.semantics === 'original' &&
            row.feature === 'mean' &&
            row.actionsLeft === 'all',
        ) ?? null,
    ),
  }));
  return rows.filter(({ shares }) => shares.some((share) => share !== null));
}

/** Where a source has not read what the hidden state has, or more. */
const COMPARED = { fair: '', 'at least': ', knows more', 'at most': ', knows less' } as const;

/** The rows as a table, for a terminal and for a page on GitHub. */
function table(results: Pick<Results, 'evidence'>, hiddenLayers: 0 | 1): string {
  const cell = (row: ShareRow | null): string => {
    if (row === null) return '';
    const { source, offset, share, converged } = row;
    const compared = source === 'trained' ? '' : COMPARED[comparisonOf('trained', source, offset) ?? 'fair'];
    return `${share.estimate.toFixed(3)}${converged ? '' : ', stopped early'}${compared}`;
  };
  const lines = [
    ['source', 'has read', ...BASELINE_OFFSETS.map((offset) => `offset ${offset}`)],
    ...sourceRows(results, hiddenLayers).map(({ source, shares }) => [
      source,
      TOKENS_READ[source].join(', '),
      ...shares.map(cell),
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const padded = lines.map((line) => line.map((text, column) => text.padEnd(widths[column]!)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [padded[0]!, rule, ...padded.slice(1)].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** `baselines.md`: for each seed what every source tells, by linear probes and those with one hidden layer. */
export function baselinesMarkdown(runs: readonly Pick<Results, 'preset' | 'seed' | 'evidence'>[]): string {
  const sections = runs.flatMap(({ preset, seed, evidence }) =>
    ([0, 1] as const).map(
      (depth) => `## ${preset}, seed ${seed}: ${DEPTH_NAMES[depth]}\n\n${table({ evidence }, depth)}\n`,
    ),
  );
  return `# What each source tells

Usable information as a share of the entropy of the labels, mean over the three features, original semantics, last checkpoint. At offset -1 the state asked
for is the one before the action that is being written: every source has read what it follows from. At offset 0 it is the state after that action, which
hidden states have not read: a record that holds it *knows more*, one that does not *knows less*.

${sections.join('\n')}`;
}
