/** @file How large a run's files are, and how much memory it takes, by formula. Chapter 8. */
import { ACTION_WEIGHTS, ACTIONS, corpusFileLength, encodeHeader, SPLITS } from '../../karel/index.ts';
import { parameterCount, parameterSpecs } from '../../transformer/index.ts';
import { layersOf } from '../analysis/layers.ts';
import { modelConfig, tooLarge, trainingBytes } from '../model-config.ts';
import type { Settings } from '../settings.ts';
import { ANALYSES } from './analyses-work.ts';
import { assumedLengths, meanOver, sumOf } from './assumed.ts';
import { programsRead } from './layers-work.ts';
import { allProbes } from './probe-work.ts';
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

/** Bytes of memory at the moment of a run at which it needs most: when the initial model is probed, with the longest programs. */
export interface MemoryBytes {
  /** Weights, activations, and the inputs of probes: the WebAssembly memory. */
  readonly engine: number;
  /** Node, the program, and what it drops until Node takes it back. */
  readonly process: number;
  /** Hidden states of a checkpoint: as read, as sorted, of the trained model and of the untrained, or of all layers. */
  readonly traces: number;
}

/** How many copies of a checkpoint's hidden states there are at once for its probes. */
const COPIES = 5;
/** By how much Node's heap grows over a whole run beyond a short measurement: seen in runs of `tiny` and `small`. */
const HEAP_GROWTH = 60e6;

export function memoryBytes(
  settings: Settings,
  work: Workload,
  measured: { readonly engineBytes: number; readonly processBytes: number },
): MemoryBytes {
  const hidden = FLOAT * settings.n_embd;
  const training = FLOAT * 4 * parameterCount(modelConfig(settings)); // weights, gradients and two moments stay
  const inputs = 2 * hidden * work.mostPairs; // of the trained model and of the untrained
  const length = meanLength(settings, false);
  const layers = layersOf(settings).length; // of some programs, beside what is stored of them and of all
  const read = sumOf(programsRead(settings));
  return {
    // Of a model that does not fit, nothing could be measured.
    engine: Math.max(tooLarge(settings) ? trainingBytes(settings) : measured.engineBytes, training + inputs),
    process: measured.processBytes + HEAP_GROWTH,
    traces: hidden * length * Math.max(COPIES * work.programs, work.programs + (1 + layers) * read),
  };
}
