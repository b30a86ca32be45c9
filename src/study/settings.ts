/** @file All settings of a run: one typed, flat object, each with its meaning. Appendix B. */
import { PROGRAM_KINDS, SHORTEST_CONTROL, semanticsFromText, semanticsToText } from '../karel/index.ts';
import { StudyError } from './errors.ts';

/** What one setting is: how it is written on a command line, checked, and explained. */
type Definition =
  | ({ readonly kind: 'integer' | 'number'; readonly minimum: number; readonly about: string } & Upper)
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly about: string }
  | { readonly kind: 'boolean'; readonly about: string }
  | { readonly kind: 'text'; readonly check: (text: string) => void; readonly about: string };

/** The greatest number that is allowed, or the least that is too great. */
interface Upper {
  readonly maximum?: number;
  readonly below?: number;
}

const count = (about: string, minimum = 1) => ({ kind: 'integer', minimum, about }) as const;
const number = (about: string, upper: Upper = {}) => ({ kind: 'number', minimum: 0, ...upper, about }) as const;
const choice = <const C extends readonly string[]>(choices: C, about: string) =>
  ({ kind: 'choice', choices, about }) as const;

/** Every setting with its meaning; the order is that of `--help` and of `settings.json`. */
export const SETTING_DEFINITIONS = {
  gridWidth: count('width of the interior of a world, in cells'),
  gridHeight: count('height of the interior of a world, in cells'),
  examples: count('input/output pairs in a specification'),
  programs: choice(
    PROGRAM_KINDS,
    'which programs the corpus has: straight lines of actions, or control: also branches and loops',
  ),
  minLength: count('fewest words of a reference program; the words of a straight line are its actions'),
  maxLength: count('most words of a reference program, each a token: actions, `while`, conditions, braces and so on'),
  actionWeights: choice(
    ['released', 'uniform'],
    'how actions are drawn: weights 5:3:3:2:2 of the released code, or equal ones',
  ),
  wallRatio: number('probability that an interior cell is a wall', { maximum: 1 }),
  markerRatio: number('probability that a free cell holds a marker', { maximum: 1 }),
  trainSamples: count('samples in the training corpus; gone through again (an epoch) when the steps need more'),
  validationSamples: count('samples in the validation corpus'),
  testSamples: count('samples in the test corpus'),

  n_embd: count('width of the residual stream'),
  n_layer: count('Transformer blocks'),
  n_head: count('attention heads, a multiple of 4'),
  rotary_dim: count('numbers of each head that rotary position embedding turns, an even number'),
  initializer_range: number('standard deviation of the initial weights, in (0, 1)', { below: 1 }),

  steps: count('training steps; also the length of the learning-rate schedule'),
  batchSize: count('samples a training step'),
  optimizer: choice(
    ['adamw', 'muon'],
    "adamw; or muon (Jordan et al. 2024) for the blocks' matrices, its updates scaled to the size of AdamW's (Liu et al. 2025)",
  ),
  learningRate: number('peak learning rate, of AdamW and Muon alike'),
  warmupSteps: count('steps of linear warm-up; linear decay to zero follows', 0),
  beta1: number('AdamW: decay of the first moment', { below: 1 }),
  beta2: number('AdamW: decay of the second moment', { below: 1 }),
  adamEpsilon: number('AdamW: term added to the denominator'),
  weightDecay: number('decoupled weight decay of matrices, by AdamW and Muon alike'),
  clipNorm: number('gradients are scaled down to this global norm; 0 turns clipping off'),
  lossOn: choice(
    ['all', 'outputs', 'program'],
    'tokens that the loss counts: all; all but the cells of input grids, which are random; or the program and its END',
  ),
  checkpoints: count('checkpoints after the initial one, evenly spaced over the steps'),

  grammar: { kind: 'boolean', about: 'generation may only write what can still become a program, then END' },
  maxProgramLength: count('generation stops at this many words of a program'),
  perplexitySamples: count('test samples on which perplexity is measured'),
  traceTrain: count('training specifications for which each checkpoint writes a program, for the probes'),
  traceValidation: count('validation specifications, likewise'),
  traceTest: count('test specifications, likewise; generative accuracy is measured on them'),

  readLength: count(
    'probes read so many random moves and turns that the model did not write, behind prompts that hide the goal; 0: what it wrote',
    0,
  ),

  probeSamples: count('most pairs that a probe with one hidden layer is shown in training, all passes together'),
  probeSamplesTwoHidden: count('the same for probes with two hidden layers, which cost ten times as much'),
  probeBatch: count('pairs a training step of a probe with hidden layers', 2),
  probeLearningRate: number('peak learning rate of a probe with one hidden layer'),
  probeLearningRateTwoHidden: number('the same for probes with two hidden layers'),
  probeWeightDecay: number("AdamW: decay of a probe's weights"),
  probeInterval: count(
    'pairs from one validation of a probe to the next; a pass over the training pairs where that is shorter',
  ),
  probeDecay: number('factor of the learning rate from one interval to the next', { maximum: 1 }),
  probePatience: count('a probe stops after so many intervals without a lower validation cross-entropy'),
  probeSeeds: count(
    'probes with one hidden layer of each kind at the last checkpoint, offsets -1 and 0, with different seeds',
  ),
  probeGrid: choice(
    ['default', 'full'],
    'default: linear and one hidden layer at every checkpoint, at offset -1 under all semantics and at 0 under the original, everything at the last; full: everything everywhere',
  ),
  semantics: {
    kind: 'text',
    check: checkSemantics,
    about:
      'meanings under which programs are re-executed, original among them, apart by a space: names, or maps such as move=turnLeft,turnLeft=move',
  },
  lastState: choice(['dropped', 'kept'], 'whether the state after the last action takes part in the trace dataset'),
  labelExample: {
    kind: 'integer',
    minimum: -1,
    about: 'the example whose states label a hidden state: 0 the first (as the released code), -1 all of them',
  },
  layer: {
    kind: 'integer',
    minimum: -1,
    about: 'hidden state to probe: -1 the mean over embedding and all layers, else an index',
  },
  arithmetic: choice(
    ['relaxed-simd', 'simd'],
    'relaxed-simd: kernels multiply and add in one rounding, which most processors can; simd: in two, with the same bits on every machine',
  ),
} as const satisfies Record<string, Definition>;

export type SettingName = keyof typeof SETTING_DEFINITIONS;
type ValueOf<D> = D extends { kind: 'choice'; choices: readonly (infer C)[] }
  ? C
  : D extends { kind: 'boolean' }
    ? boolean
    : D extends { kind: 'text' }
      ? string
      : number;

/** The settings of a run, all of them present. */
export type Settings = { readonly [K in SettingName]: ValueOf<(typeof SETTING_DEFINITIONS)[K]> };

export const SETTING_NAMES = Object.keys(SETTING_DEFINITIONS) as SettingName[];

/** `--train-samples` for `trainSamples`, `--n-embd` for `n_embd`. */
export function optionName(name: string): string {
  return name.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Throws unless these are semantics, no two the same, and the original among them, beside which all others are held. */
function checkSemantics(text: string): void {
  const names = text.split(' ');
  const meanings = names.map((name) => semanticsToText(semanticsFromText(name)));
  const again = names.find((_, index) => meanings.indexOf(meanings[index]!) < index);
  if (again !== undefined) throw new StudyError(`${again} is given twice in "${text}"`);
  if (!names.includes('original')) throw new StudyError(`"${text}" lacks original, beside which the others are held`);
}

/** The setting's value from its text. Throws {@link StudyError}, naming the setting and the text. */
export function parseSetting(name: SettingName, text: string): Settings[SettingName] {
  const value = valueFromText(SETTING_DEFINITIONS[name].kind, text);
  checkSetting(name, value);
  return value as Settings[SettingName];
}

/** The text itself where it is no value of this kind. */
function valueFromText(kind: Definition['kind'], text: string): string | number | boolean {
  if (kind === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  if (kind !== 'integer' && kind !== 'number') return text;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? text : value;
}

function checkSetting(name: SettingName, value: unknown): void {
  const definition: Definition = SETTING_DEFINITIONS[name];
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  if (definition.kind === 'choice') {
    if (!definition.choices.includes(value as string)) {
      throw new StudyError(`${name}: ${shown} is none of ${definition.choices.join(', ')}`);
    }
  } else if (definition.kind === 'text') {
    if (typeof value !== 'string') throw new StudyError(`${name}: ${shown} is not a text`);
    try {
      definition.check(value);
    } catch (error) {
      throw new StudyError(`${name}: ${(error as Error).message}`);
    }
  } else if (definition.kind === 'boolean') {
    if (typeof value !== 'boolean') throw new StudyError(`${name}: ${shown} is neither true nor false`);
  } else {
    const { minimum, maximum = Number.POSITIVE_INFINITY, below = Number.POSITIVE_INFINITY } = definition;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new StudyError(`${name}: ${shown} is not a number`);
    if (definition.kind === 'integer' && !Number.isInteger(value)) {
      throw new StudyError(`${name}: ${shown} is not a whole number`);
    }
    if (value < minimum || value > maximum || value >= below) {
      const atLeast = `at least ${minimum}${Number.isFinite(below) ? ` and below ${below}` : ''}`;
      const range = Number.isFinite(maximum) ? `between ${minimum} and ${maximum}` : atLeast;
      throw new StudyError(`${name}: ${shown}, expected ${range}`);
    }
  }
}

/**
 * Checks each setting by itself and those that depend on one another. Throws {@link StudyError}, naming the setting:
 * for an unknown key, a missing one, a wrong type or range.
 */
export function checkSettings(settings: Readonly<Record<string, unknown>>): Settings {
  for (const name of Object.keys(settings)) {
    if (!(name in SETTING_DEFINITIONS)) throw new StudyError(`unknown setting ${name}${suggestion(name)}`);
  }
  for (const name of SETTING_NAMES) {
    if (!(name in settings)) throw new StudyError(`setting ${name} is missing`);
    checkSetting(name, settings[name]);
  }
  const s = settings as unknown as Settings;
  if (s.minLength > s.maxLength) throw new StudyError(`minLength: ${s.minLength} is above maxLength, ${s.maxLength}`);
  if (s.programs === 'control' && s.maxLength < SHORTEST_CONTROL) {
    const shortest = `the shortest branch or loop has ${SHORTEST_CONTROL}`;
    throw new StudyError(`maxLength: ${s.maxLength} words leave no room for control programs, ${shortest}`);
  }
  if (s.programs === 'control' && s.readLength > 0) {
    throw new StudyError(`readLength: ${s.readLength}, but only models of straight lines read such programs`);
  }
  if (s.n_head % 4 !== 0) throw new StudyError(`n_head: ${s.n_head} is no multiple of 4`);
  if (s.n_embd % s.n_head !== 0) throw new StudyError(`n_embd: ${s.n_embd} is no multiple of n_head, ${s.n_head}`);
  if (s.rotary_dim % 2 !== 0 || s.rotary_dim > s.n_embd / s.n_head) {
    throw new StudyError(`rotary_dim: ${s.rotary_dim} is not even and at most the head size, ${s.n_embd / s.n_head}`);
  }
  if (s.initializer_range === 0) throw new StudyError('initializer_range: 0 is not in (0, 1)');
  if (s.checkpoints > s.steps) throw new StudyError(`checkpoints: ${s.checkpoints} in ${s.steps} steps`);
  if (s.labelExample >= s.examples) {
    throw new StudyError(`labelExample: ${s.labelExample}, but the last one is ${s.examples - 1}`);
  }
  if (s.layer > s.n_layer) throw new StudyError(`layer: ${s.layer}, but the last one is ${s.n_layer}`);
  for (const [traces, samples] of [
    ['traceTrain', 'trainSamples'],
    ['traceValidation', 'validationSamples'],
    ['traceTest', 'testSamples'],
    ['perplexitySamples', 'testSamples'],
  ] as const) {
    if (s[traces] > s[samples]) throw new StudyError(`${traces}: ${s[traces]} is above ${samples}, ${s[samples]}`);
  }
  return s;
}

/** Goes without saying: a setting that came later leaves the files of runs that do without it as they were. */
const UNSAID: Partial<Settings> = { optimizer: 'adamw', readLength: 0, arithmetic: 'relaxed-simd' };

/** As files have them. */
export function writtenSettings(settings: Settings): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => UNSAID[name as SettingName] !== value));
}

/** From a file. Throws as {@link checkSettings}. */
export function readSettings(written: Readonly<Record<string, unknown>>): Settings {
  const unsaid = Object.entries(UNSAID).filter(([name]) => !Object.hasOwn(written, name));
  return checkSettings({ ...written, ...Object.fromEntries(unsaid) });
}

/** ` (did you mean X?)` with the known name that is nearest to an unknown one, or nothing when none is near. */
export function suggestion(name: string, known: readonly string[] = SETTING_NAMES): string {
  const { candidate, distance } = ranked(name, known)[0]!;
  return distance <= Math.max(2, name.length / 2) ? ` (did you mean ${candidate}?)` : '';
}

/** ` (nearest: --X)`, however far that is; a name that begins with the unknown one comes before all others. */
export function nearest(name: string, known: readonly string[], prefix = ''): string {
  return ` (nearest: ${prefix}${ranked(name, known)[0]!.candidate})`;
}

function ranked(name: string, known: readonly string[]): { candidate: string; distance: number }[] {
  const asked = name.toLowerCase();
  const distance = (candidate: string): number =>
    candidate.startsWith(asked) ? 0 : editDistance(asked, candidate.toLowerCase());
  return known
    .map((candidate) => ({ candidate, distance: distance(candidate) }))
    .sort((a, b) => a.distance - b.distance);
}

/** Levenshtein's distance: fewest insertions, deletions and replacements of letters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * A preset's settings with some replaced. What follows from a smaller number of steps or samples is made to fit, unless
 * it was given too: no more checkpoints than steps, the warm-up shortened in proportion, no more traces than samples,
 * generation as long as the longest reference program.
 */
export function withOverrides(preset: Settings, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const settings: Record<string, unknown> = { ...preset, ...given };
  const atMost = (name: SettingName, limit: unknown): void => {
    if (!(name in given) && typeof limit === 'number' && (settings[name] as number) > limit) settings[name] = limit;
  };
  const longest = settings['maxLength'] as number;
  if ('maxLength' in given && !('maxProgramLength' in given)) settings['maxProgramLength'] = longest;
  const steps = settings['steps'] as number;
  atMost('checkpoints', steps);
  if (steps < preset.steps) atMost('warmupSteps', Math.floor((preset.warmupSteps * steps) / preset.steps));
  atMost('traceTrain', settings['trainSamples']);
  atMost('traceValidation', settings['validationSamples']);
  atMost('traceTest', settings['testSamples']);
  atMost('perplexitySamples', settings['testSamples']);
  return settings;
}
