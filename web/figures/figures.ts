/** @file The figures, declared: which rows, and what goes along x, colour and panel. Appendix C. */
import type { Row } from '../row.ts';

export type Dimension = Exclude<keyof Row, 'value' | 'low' | 'high' | 'n' | 'artefact'>;
type Choice = string | number | null;
/** What a column may hold: one value, or any of several. `last` for a step is that of the last checkpoint. */
export type Where = Readonly<Partial<Record<Dimension, Choice | readonly Choice[]>>>;
export type Mark = 'line' | 'bar' | 'dot' | 'heat';

export interface Chart {
  readonly where: Where;
  readonly mark: Mark;
  readonly x: Dimension;
  /** Of a heat map. */
  readonly y?: Dimension;
  readonly colour?: Dimension;
  /** A chart for each of its values, or for each combination of several, side by side. */
  readonly panel?: Dimension | readonly Dimension[];
}

export interface FigureOf extends Chart {
  readonly id: string;
  readonly title: string;
  /** What to look for: it does not depend on how the numbers came out. */
  readonly look: string;
  /** What makes its numbers. */
  readonly command: 'trace' | 'probe' | 'analyse';
  /** Training is shaded in its phases. */
  readonly phases?: true;
  /** Not every run was asked: the story has it only where some of its rows are such. */
  readonly asked?: Where;
}

const BEFORE = { offset: -1, semantics: 'original', part: null } as const;
const LAST = { step: 'last' } as const;

/** The first eight are those of the story. */
export const FIGURES: readonly FigureOf[] = [
  {
    id: 'learning',
    title: 'Learning to write programs',
    look: 'Does the share of solved specifications rise, and when? The reference programs were drawn at random: many of them do the same, so a model needs fewer.',
    command: 'trace',
    where: {
      measure: ['generativeAccuracy', 'distinctPrograms', 'programLength'],
      source: ['generated', 'reference'],
      against: null,
      part: null,
    },
    mark: 'line',
    x: 'step',
    colour: 'source',
    panel: 'measure',
    phases: true,
  },
  {
    id: 'reading',
    title: 'What a probe with one hidden layer reads, over training',
    look: 'Compare the two lines. Only what lies above the untrained model can have come from training.',
    command: 'probe',
    where: { measure: 'informationShare', ...BEFORE, depth: 1, source: ['trained', 'untrained'], against: null },
    mark: 'line',
    x: 'step',
    colour: 'source',
    panel: 'feature',
    phases: true,
  },
  // #region baselines
  {
    id: 'baselines',
    title: 'Beside what can be read without the model',
    look: '“Text and grids alone” is a probe without any model. Where its bar is the longest, the probe can do the work by itself.',
    command: 'probe',
    where: {
      measure: 'share',
      ...LAST,
      ...BEFORE,
      feature: 'mean',
      depth: [0, 1],
      source: ['trained', 'untrained', 'record', 'control'],
    },
    mark: 'bar',
    x: 'source',
    colour: 'source',
    panel: 'depth',
  },
  // #endregion
  {
    id: 'semantics',
    title: 'Three meanings of the same programs',
    look: 'If the model holds the real meaning, training adds more under the original rules than under changed ones. Look at the gap between the trained and the untrained model, meaning by meaning.',
    command: 'probe',
    where: {
      measure: 'share',
      ...LAST,
      offset: -1,
      part: null,
      feature: 'mean',
      depth: 1,
      source: ['trained', 'untrained', 'record'],
    },
    mark: 'bar',
    x: 'source',
    colour: 'source',
    panel: 'semantics',
  },
  {
    id: 'differing',
    title: 'Where two meanings differ',
    look: 'The original minus another meaning: on all positions, and on those alone where the two label the state differently, which alone can tell them apart. Hidden states by themselves, then beyond the untrained model, and beyond text and grids.',
    command: 'probe',
    where: {
      measure: 'shareDifference',
      ...LAST,
      offset: -1,
      semantics: ['original - flip', 'original - adversarial'],
      part: [null, 'labels differ from flip', 'labels differ from adversarial'],
      feature: 'mean',
      depth: 1,
      source: 'trained',
      against: [null, 'untrained', 'record'],
    },
    mark: 'bar',
    x: 'against',
    colour: 'part',
    panel: ['semantics', 'part'],
    asked: { part: ['labels differ from flip', 'labels differ from adversarial'] },
  },
  {
    id: 'edits',
    title: 'Changing the model’s mind',
    look: 'Does pushing along the probe’s direction work more often than pushing along a random one?',
    command: 'analyse',
    where: { measure: 'editSuccess', against: null, part: ['at the matched place', 'each at its best place'] },
    mark: 'bar',
    x: 'source',
    colour: 'source',
    panel: 'part',
  },
  {
    id: 'patching',
    title: 'Replacing a whole hidden state',
    look: 'The most that any edit could reach at one layer: the state of a robot that does face the other way is put in.',
    command: 'analyse',
    where: { measure: ['wholeStateSuccess', 'patchSuccess'], source: 'patched' },
    mark: 'bar',
    x: 'layer',
    panel: 'measure',
  },
  {
    id: 'shortest',
    title: 'Shorter than what it learnt from',
    look: 'Reference programs were drawn at random. Do the model’s own waste fewer actions?',
    command: 'trace',
    where: { measure: ['lengthBesideShortest', 'asShort'], ...LAST, against: null, part: 'solved' },
    mark: 'bar',
    x: 'source',
    colour: 'source',
    panel: 'measure',
  },
  {
    id: 'loss',
    title: 'Loss and perplexity',
    look: 'Most tokens are grids drawn at random, which no model can predict.',
    command: 'trace',
    where: { measure: ['trainLoss', 'perplexity'], source: [null, 'reference'] },
    mark: 'line',
    x: 'step',
    colour: 'part',
    panel: 'measure',
  },
  {
    id: 'actions',
    title: 'Which actions are written',
    look: 'The reference programs’ shares are the corpus.',
    command: 'trace',
    where: { measure: 'actionShare', ...LAST, against: null },
    mark: 'bar',
    x: 'part',
    colour: 'source',
    panel: 'source',
  },
  {
    id: 'lengths',
    title: 'Programs by length',
    look: 'Shapes, generated beside reference.',
    command: 'trace',
    where: { measure: 'programsOfLength', ...LAST },
    mark: 'bar',
    x: 'part',
    colour: 'source',
    panel: 'source',
  },
  {
    id: 'waste',
    title: 'Wasted actions',
    look: 'No-ops, and programs from which an action could be taken.',
    command: 'trace',
    where: { measure: ['withNoOp', 'notMinimal', 'withControl'], source: ['generated', 'reference'], against: null },
    mark: 'line',
    x: 'step',
    colour: 'source',
    panel: 'measure',
  },
  {
    id: 'offsets',
    title: 'Ahead and back',
    look: 'How far before or after the action being written is the state that a probe can tell?',
    command: 'probe',
    where: {
      measure: 'informationShare',
      ...LAST,
      semantics: 'original',
      part: null,
      depth: 1,
      source: ['trained', 'untrained'],
      against: null,
    },
    mark: 'line',
    x: 'offset',
    colour: 'source',
    panel: 'feature',
  },
  {
    id: 'content',
    title: 'Accuracy, as the paper shows it',
    look: 'The state after the action being written; most frequent label for comparison.',
    command: 'probe',
    where: {
      measure: 'accuracy',
      offset: 0,
      semantics: 'original',
      part: null,
      depth: 1,
      source: ['trained', 'untrained', 'majority'],
    },
    mark: 'line',
    x: 'step',
    colour: 'source',
    panel: 'feature',
  },
  {
    id: 'ahead',
    title: 'Looking ahead',
    look: 'More than the best guess from the present state alone?',
    command: 'probe',
    where: {
      measure: 'aheadAccuracy',
      feature: 'direction',
      depth: 0,
      against: null,
      part: [null, 'where trained is right'],
    },
    mark: 'bar',
    x: 'source',
    colour: 'source',
    panel: 'offset',
  },
  {
    id: 'rising',
    title: 'Do the two curves rise together?',
    look: 'R squared of what is read on what is solved, over the checkpoints. The paper has 0.88.',
    command: 'probe',
    where: { measure: 'rSquared', depth: 1 },
    mark: 'bar',
    x: 'feature',
    colour: 'feature',
    panel: 'part',
  },
  {
    id: 'permutations',
    title: 'Rank among all meanings',
    look: 'Of the six permutations of move and the turns, rank 1 is the easiest to read. “gained” is what training added.',
    command: 'analyse',
    where: { measure: 'permutationRank', feature: 'mean', part: 'among those that keep the markers' },
    mark: 'bar',
    x: 'source',
    colour: 'source',
    panel: 'depth',
  },
  {
    id: 'layers',
    title: 'Layer by checkpoint',
    look: 'Where in the model, and when in training, the direction can be read by a linear probe.',
    command: 'analyse',
    where: { measure: 'layerInformation', source: 'trained', feature: 'direction' },
    mark: 'heat',
    x: 'step',
    y: 'layer',
  },
  {
    id: 'sweep',
    title: 'Edits, layer by size',
    look: 'Small pushes change little, large ones destroy; is there a place between?',
    command: 'analyse',
    where: { measure: 'editSuccess', source: ['probe', 'random'], against: null, part: null },
    mark: 'line',
    x: 'size',
    colour: 'source',
    panel: 'layer',
  },
  {
    id: 'readings',
    title: 'Does the edit convince its own probe?',
    look: 'High here and low above: the edit convinces the probe, and not the model.',
    command: 'analyse',
    where: { measure: 'editReading', part: ['before the edit', 'after the edit'] },
    mark: 'line',
    x: 'size',
    colour: 'part',
    panel: 'layer',
  },
  {
    id: 'labels',
    title: 'What the labels are',
    look: 'A label that hardly varies is easily told.',
    command: 'probe',
    where: { measure: 'labels', ...LAST, semantics: 'original', feature: ['direction', 'obstacle'] },
    mark: 'bar',
    x: 'part',
    panel: 'feature',
  },
];

export const figureOf = (id: string): FigureOf | undefined => FIGURES.find((one) => one.id === id);
