/** @file How large a run's files are, and how much memory it takes, by formula. Chapter 8. */
import { ACTION_WEIGHTS, ACTIONS, corpusFileLength, encodeHeader, SPLITS } from '../../karel/index.ts';
import { RECORD_KINDS } from '../../probe/index.ts';
import { ANALYSES } from '../../results/analysis-results.ts';
import { parameterCount, parameterSpecs } from '../../transformer/index.ts';
import { layersOf } from '../analysis/layers.ts';
import { modelConfig, tooLarge, trainingBytes } from '../model-config.ts';
import type { Settings } from '../settings.ts';
import { traceCounts } from '../stages/trace.ts';
import { assumedLengths, meanOver, sumOf } from './assumed.ts';
import { programsRead } from './layers-work.ts';
import { allProbes } from './probe-work.ts';
import { recordWidths, VARYING } from './records-work.ts';
import { corpusHeader, type Workload } from './workload.ts';

const FLOAT = 4;

/** Bytes of what a run leaves on the disk; it keeps every checkpoint and all traces. */
export interface DiskBytes {
  /** Records of one length, a byte a token, with the unseen worlds of validation and test: exact. */
  readonly corpus: number;
  /** Weights three times, for AdamW's moments, but once for the initial model; and the JSON around them. */
  readonly checkpoints: number;
  /** The hidden state behind each action, and the actions as text; the lengths of programs are assumed. */
  readonly traces: number;
  /** Metrics of each step; figures of probes, evidence and analyses, twice each; and the report. */
  readonly results: number;
}

/** Bytes of text: of one parameter's name and shape, one step's metrics, one probe's figures; and of a report. */
const PARAMETER_TEXT = 150;
const STEP_TEXT = 160;
const PROBE_TEXT = 720;
const REPORT_TEXT = 500_000;
/** Around a program in `programs.json`. */
const PROGRAM_TEXT = 5;

export function diskBytes(settings: Settings, seed: string, work: Workload): DiskBytes {
  const config = modelConfig(settings);
  const tensors = 1 + 3 * settings.checkpoints;
  const corpus = SPLITS.reduce((sum, split) => {
    const header = corpusHeader(settings, split, seed);
    return sum + corpusFileLength(header, encodeHeader(header).length);
  }, 0);
  const probes = allProbes(work.probing) / 2;
  const analyses = ANALYSES.reduce((total, name) => total + work.analyses[name].bytes, 0);
  return {
    corpus,
    checkpoints: tensors * (FLOAT * parameterCount(config) + PARAMETER_TEXT * parameterSpecs(config).length),
    traces: traceBytes(settings, work, false) + settings.checkpoints * traceBytes(settings, work, true),
    results: STEP_TEXT * settings.steps + 2 * (PROBE_TEXT * probes + work.evidence.bytes + analyses) + REPORT_TEXT,
  };
}

const meanLength = (settings: Settings, trained: boolean): number =>
  meanOver(assumedLengths(settings, trained), (length) => length);

function traceBytes(settings: Settings, work: Workload, trained: boolean): number {
  const length = meanLength(settings, trained);
  return work.programs * (length * (FLOAT * settings.n_embd + meanActionText(settings)) + PROGRAM_TEXT);
}

/** Letters of an action's name and the space behind it, when actions are as frequent as in the corpus. */
function meanActionText({ actionWeights }: Settings): number {
  const weights = ACTIONS.map((action) => ACTION_WEIGHTS[actionWeights][action]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return ACTIONS.reduce((sum, action, at) => sum + ((action.length + 1) * weights[at]!) / total, 0);
}

/** Bytes of memory at the moment of a run at which it needs most. */
export interface MemoryBytes {
  /** Weights, activations, and the inputs of probes: the WebAssembly memory. */
  readonly engine: number;
  /** Node, the program, and what it drops until Node takes it back. */
  readonly process: number;
  /** Hidden states of a checkpoint: as read, as sorted, of the trained model and of the untrained, or of all layers; and records. */
  readonly traces: number;
}

/** How many copies of a checkpoint's hidden states there are at once: five for its probes, and those of the one before, which Node has not taken back. */
const COPIES = 2 * 5;
/** By how much Node's heap grows over a whole run beyond a short measurement: seen in runs of `tiny` and `small`. */
const HEAP_GROWTH = 60e6;

interface Measured {
  readonly engineBytes: number;
  readonly processBytes: number;
}

/**
 * The moments are these: the initial model is probed, whose programs are the longest; the last is, with the records beside the
 * hidden states; its layers are analysed. The engine's memory never shrinks, so that each moment has the most of those before.
 */
export function memoryBytes(settings: Settings, work: Workload, measured: Measured): MemoryBytes {
  const hidden = FLOAT * settings.n_embd;
  const [untrained, trained] = [false, true].map((kind) => hidden * meanLength(settings, kind));
  const layers = layersOf(settings).length; // of some programs, beside what is stored of them and of all
  const read = sumOf(programsRead(settings));
  const initial = engineBytes(settings, work, measured, 'initial');
  const last = engineBytes(settings, work, measured, 'last');
  const moments = [
    { engine: initial, traces: untrained! * COPIES * work.programs },
    { engine: last, traces: trained! * COPIES * work.programs + encodedBytes(settings, work) },
    { engine: last, traces: untrained! * (work.programs + (1 + layers) * read) },
  ];
  const total = (moment: { engine: number; traces: number }): number => moment.engine + moment.traces;
  const most = moments.reduce((a, b) => (total(b) > total(a) ? b : a));
  return { ...most, process: measured.processBytes + HEAP_GROWTH };
}

/** Bytes of WebAssembly memory that a run has taken when the initial checkpoint has been probed, or the last. */
export function engineBytes(settings: Settings, work: Workload, measured: Measured, until: 'initial' | 'last'): number {
  // Of a model that does not fit, nothing could be measured.
  const steps = tooLarge(settings) ? trainingBytes(settings) : measured.engineBytes;
  const training = FLOAT * 4 * parameterCount(modelConfig(settings)); // weights, gradients and two moments stay
  const states = 2 * FLOAT * settings.n_embd; // of the trained model and of the untrained
  const widths = recordWidths(settings);
  const records = FLOAT * RECORD_KINDS.reduce((sum, kind) => sum + VARYING * widths[kind], 0);
  const withRecords = until === 'last' ? work.recordedPairs * (states + records) : 0;
  return Math.max(steps, training + Math.max(work.mostPairs * states, withRecords));
}

/** Of the records before the engine has them: those of one split and kind at once, a byte a number, a row an action. */
function encodedBytes(settings: Settings, work: Workload): number {
  if (work.recordedPairs === 0) return 0;
  const { train, validation, test } = traceCounts(settings);
  return Math.max(train, validation, test) * meanLength(settings, true) * recordWidths(settings)['grids+action'];
}
