/** @file What was measured, in words: one row for each measure. Appendix C. */

export type Unit = 'share' | 'bits' | 'count' | 'number';

interface Measure {
  readonly label: string;
  readonly unit: Unit;
  readonly about: string;
}

const of = (label: string, unit: Unit, about: string): Measure => ({ label, unit, about });

export const MEASURES: Readonly<Record<string, Measure>> = {
  generativeAccuracy: of('solved', 'share', 'Test specifications whose program maps every given input to its output.'),
  unseenAccuracy: of(
    'solved, unseen inputs too',
    'share',
    'The same, the program also right on inputs that were not given.',
  ),
  trainLoss: of('training loss', 'number', 'Nats per token, mean since the checkpoint before.'),
  tokens: of('tokens seen', 'count', 'Training tokens up to the checkpoint.'),
  perplexity: of(
    'perplexity',
    'number',
    'How uncertain the model is about the next token: as much as a fair choice among so many.',
  ),
  distinctPrograms: of('different programs', 'count', 'Different programs among those for the test specifications.'),
  effectClasses: of('different effects', 'count', 'Of these, how many differ in what they do to a battery of worlds.'),
  programLength: of('program length', 'number', 'Mean number of words.'),
  programsOfLength: of('programs of a length', 'count', 'How many programs have so many words.'),
  noOps: of('no-ops', 'number', 'Mean number of actions in a program that change nothing.'),
  withNoOp: of('with a no-op', 'share', 'Programs with an action that changes nothing.'),
  notMinimal: of('not minimal', 'share', 'Programs from which some action could be left out.'),
  withControl: of('with control', 'share', 'Programs with a branch or a loop.'),
  actionShare: of('share of an action', 'share', 'Among all actions that were written.'),
  lengthBesideShortest: of(
    'length, where a shortest program is known',
    'number',
    'Mean actions, where the shortest program is known.',
  ),
  shortestLength: of('shortest length', 'number', 'Mean actions of the shortest program for the specification.'),
  asShort: of('as short as can be', 'share', 'Programs as short as the shortest.'),
  asShortInCorpus: of(
    'as short as the corpus has',
    'share',
    'Likewise, or no longer than the shortest programs of the corpus.',
  ),
  labels: of('labels', 'count', 'How often a probe was asked for this label on the test traces.'),
  accuracy: of(
    'accuracy',
    'share',
    'Test pairs for which the probe names the right label: the paper’s semantic content.',
  ),
  information: of(
    'usable information',
    'bits',
    'Bits that the probe saves against knowing the label frequencies alone.',
  ),
  informationShare: of(
    'information',
    'share',
    'Usable information as a share of what the label frequencies leave unknown.',
  ),
  share: of('information', 'share', 'The same at the last checkpoint, resampled over programs.'),
  shareDifference: of('difference of information', 'share', 'Difference of such shares, on the same programs.'),
  pairs: of('positions', 'count', 'Test pairs whose label differs from that under another meaning.'),
  pairShare: of('share of positions', 'share', 'Of all test pairs, those whose label so differs.'),
  signFlipP: of('p of the difference', 'number', 'Two-sided sign-flip test over programs, not corrected.'),
  aheadAccuracy: of('looking ahead', 'share', 'Right about a later state, where the present one is read rightly.'),
  rSquared: of('R squared', 'share', 'Of the line of what is read on what is solved, over checkpoints.'),
  slope: of('slope', 'number', 'Of the line of what is read on what is solved, over checkpoints.'),
  permutationInformation: of(
    'information, all meanings',
    'share',
    'Usable information under a permutation of what the actions do.',
  ),
  permutationAccuracy: of('accuracy, all meanings', 'share', 'Accuracy under a permutation of what the actions do.'),
  permutationRank: of(
    'rank of the original',
    'number',
    'Among the permutations, by information; 1 is the easiest to read.',
  ),
  permutationWorstRank: of('worst rank in a tie', 'number', 'The rank, if ties are broken against the original.'),
  layerAccuracy: of('accuracy by layer', 'share', 'Of a linear probe of one layer’s hidden states.'),
  layerMajority: of('majority by layer', 'share', 'Accuracy of always naming the most frequent label.'),
  layerInformation: of(
    'information by layer',
    'share',
    'Usable information of a linear probe of one layer’s hidden states.',
  ),
  cases: of('cases', 'count', 'How many specifications took part in edits and patches.'),
  stateDistance: of(
    'distance of a state',
    'number',
    'Root mean square distance of a hidden state from the mean: the unit of edits.',
  ),
  editProbeAccuracy: of('accuracy of the edit’s probe', 'share', 'Of the linear probes whose directions are pushed.'),
  editProbeInformation: of(
    'information of the edit’s probe',
    'share',
    'Of the linear probes whose directions are pushed.',
  ),
  editSuccess: of('edits that work', 'share', 'The program becomes what robots that face the other way need.'),
  editUnchanged: of('edits without effect', 'share', 'The program stays as it is without the edit.'),
  editSolvesUnturned: of(
    'still solves its own',
    'share',
    'The edited program still solves the specification as it was.',
  ),
  editMoved: of('how far the state moves', 'number', 'In distances of the last layer.'),
  editSuccessAmongChanged: of(
    'edits that work, of those with effect',
    'share',
    'Successes among the programs that change.',
  ),
  editReading: of('the probe reads the turned facing', 'share', 'What the probe makes of its own edit.'),
  wholeStateSuccess: of('whole states replaced', 'share', 'The program becomes what the turned robots need.'),
  patchSuccess: of('patches that work', 'share', 'The program solves the other specification.'),
  patchSolvesUnturned: of('patches without effect', 'share', 'The program still solves its own specification.'),
};

export function formatted(value: number | null | undefined, measure: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const unit = MEASURES[measure]?.unit ?? 'number';
  if (unit === 'share') return `${(100 * value).toFixed(1).replace(/^-0\.0$/, '0.0')} %`;
  if (unit === 'count') return Math.round(value).toLocaleString('en-US');
  return `${Number(value.toPrecision(3))}${unit === 'bits' ? ' bits' : ''}`;
}

/** Values of a column, in the words of the page. */
const NAMES: Readonly<Record<string, string>> = {
  trained: 'hidden states',
  untrained: 'untrained model',
  record: 'text and grids alone',
  'record+action': 'text, grids and the action',
  grids: 'text, both grids',
  input: 'text, input grid',
  'grids+action': 'text, both grids, the action',
  'input+action': 'text, input grid, the action',
  control: 'random labels (control task)',
  majority: 'most frequent label',
  probe: 'along the probe',
  'flip probe': 'along the flip probe',
  random: 'along random ones',
  none: 'no edit',
};

export const named = (value: string | number | null): string =>
  value === null ? '–' : (NAMES[String(value)] ?? String(value));
