/** @file What a probe may read, and which of two readings can be compared. Chapter 12. */

/**
 * Records: what a probe could work out without any model. `input`: the program's text before the action that is being
 * written, and the grid in which the program begins, of the example whose states are asked for. `grids`: the same and the
 * grid in which it should end. `+action`: the action that is being written stands in the text too.
 */
export const RECORD_KINDS = ['input', 'grids', 'input+action', 'grids+action'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What a probe's inputs are, or, for `control`, the hidden states of the trained model with labels of a control task. */
export const PROBED_SOURCES = ['trained', 'untrained', ...RECORD_KINDS, 'control'] as const;
export type ProbedSource = (typeof PROBED_SOURCES)[number];

/** `record`: of `input` and `grids` the one that is read better on validation traces, chosen for each probe; `record+action` likewise. */
export const SOURCES = [...PROBED_SOURCES, 'record', 'record+action'] as const;
export type Source = (typeof SOURCES)[number];

/** Kinds of tokens: the grids of the example that is asked for, those of the other examples, the words before the action, the action. */
export type TokenKind = 'input grid' | 'output grid' | 'other grids' | 'text' | 'action';

const PROMPT = ['input grid', 'output grid', 'other grids'] as const;

/** The tokens that a source has read. Hidden state h_i is taken before action i is written. */
export const TOKENS_READ: Readonly<Record<Source, readonly TokenKind[]>> = {
  trained: [...PROMPT, 'text'],
  untrained: [...PROMPT, 'text'],
  control: [...PROMPT, 'text'],
  input: ['input grid', 'text'],
  grids: ['input grid', 'output grid', 'text'],
  record: ['input grid', 'output grid', 'text'],
  'input+action': ['input grid', 'text', 'action'],
  'grids+action': ['input grid', 'output grid', 'text', 'action'],
  'record+action': ['input grid', 'output grid', 'text', 'action'],
};

/** The tokens from which the state at this offset follows, up to 0. Later states depend on what is not yet written. */
export function tokensThatDecide(offset: number): readonly TokenKind[] {
  return offset < 0 ? ['input grid', 'text'] : ['input grid', 'text', 'action'];
}

/**
 * What a difference between what two sources tell can say of the first. `fair`: both have read the same tokens, or both all
 * that the state follows from. `at least`: the second alone has read all that, so that the first may be worth more than the
 * difference. `at most`: the second has read a part only of what the first has. Null: neither, and nothing follows.
 */
export type Comparison = 'fair' | 'at least' | 'at most';

export function comparisonOf(first: Source, second: Source, offset: number): Comparison | null {
  const decide = tokensThatDecide(offset);
  const has = (source: Source, kinds: readonly TokenKind[]): boolean =>
    kinds.every((kind) => TOKENS_READ[source].includes(kind));
  const [firstKnows, secondKnows] = [has(first, decide), has(second, decide)];
  if (firstKnows && secondKnows) return 'fair';
  if (secondKnows) return 'at least';
  if (firstKnows) return 'at most';
  const [covers, covered] = [has(first, TOKENS_READ[second]), has(second, TOKENS_READ[first])];
  if (covers && covered) return 'fair';
  if (covers) return 'at most';
  return covered ? 'at least' : null;
}
