/** @file An estimate in words, for people: at most 80 columns. Appendix B. */
import { parameterCount } from '../transformer/index.ts';
import type { Estimate } from './estimate.ts';
import { modelConfig, tooLarge } from './model-config.ts';
import { formatCount } from './progress.ts';
import { STAGE_KINDS, type StageKind } from './stage.ts';
import { durationInWords, formatBytes } from './units.ts';

const COLUMNS = 80;
/** From this load average on, the rehearsal may have been disturbed. */
const BUSY = 0.7;

/** The whole of what `karelscope estimate` prints. */
export function describeEstimate(estimate: Estimate): string {
  const { preset, seeds, totalSeconds, fits, obstacles, seconds, threads, machine, settings } = estimate;
  const command = `karelscope reproduce ${preset}${seeds === null ? '' : ` --seeds ${seeds}`}`;
  const parameters = parameterCount(modelConfig(settings));
  const lines = [
    ...wrap(
      fits
        ? `${command}, on this machine: about ${durationInWords(totalSeconds)}`
        : `${command} does not fit: ${obstacles.join('; ')}.`,
      COLUMNS,
    ),
    ...(fits ? [] : wrap(`If it did, it would take about ${durationInWords(totalSeconds)} here.`, COLUMNS)),
    ...(tooLarge(settings) === undefined ? [] : wrap(elsewhere(estimate), COLUMNS)),
    ...(parameters === estimate.rehearsed.parameters ? [] : wrap(extrapolation(estimate), COLUMNS)),
    '',
    ...(seeds === null
      ? []
      : wrap(`${formatCount(seeds)} runs, one after the other: times and bytes are of all.`, COLUMNS)),
    ...STAGE_KINDS.map(
      (kind) => `${kind.padEnd(8)} ${durationInWords(seconds[kind]).padEnd(12)} ${workOf(kind, estimate)}`,
    ),
    '',
    ...labelled('threads', `${threads}; ${loadInWords(machine.load)}`),
    ...labelled('memory', memoryInWords(estimate)),
    ...labelled('disk', diskInWords(estimate)),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const extrapolation = ({ rehearsed }: Estimate): string =>
  `That is an extrapolation: a model of ${formatCount(rehearsed.parameters)} parameters was timed, and its times lengthened by the ratio of floating-point operations.`;

/** Of a model that cannot be trained here. */
function elsewhere({ resources }: Estimate): string {
  const needs = (['trace', 'probe', 'analysis'] as const).map(
    (kind) => `${kind} with ${formatBytes(1e6 * resources[kind].memoryMB)} of memory`,
  );
  return `scale/pytorch can train it, and karelscope import goes on with it: ${needs.join(', ')}.`;
}

function workOf(kind: StageKind, { settings }: Estimate): string {
  const { trainSamples, validationSamples, testSamples, steps, batchSize, checkpoints } = settings;
  const { traceTrain, traceValidation, traceTest } = settings;
  const texts: Record<StageKind, string> = {
    corpus: `${formatCount(trainSamples + validationSamples + testSamples)} samples`,
    train: `${formatCount(steps)} steps of ${batchSize} samples`,
    trace: `${checkpoints + 1} checkpoints write ${formatCount(traceTrain + traceValidation + traceTest)} programs each`,
    probe: 'three features, beside their baselines',
    analysis: 'permutations, layers, edits and patches',
    results: '',
  };
  return texts[kind];
}

function loadInWords(load: number): string {
  if (load < BUSY) return 'other work on this machine would lengthen all of it';
  return (
    `the minute before had a load of ${load.toFixed(1)}: if other work went on during ` +
    'the rehearsal, a quiet machine takes less time'
  );
}

function memoryInWords({ peakMemoryBytes, memory, machine, settings, trainingBytes }: Estimate): string {
  const parameters = formatCount(parameterCount(modelConfig(settings)));
  return (
    `about ${formatBytes(peakMemoryBytes)} of this machine's ${formatBytes(machine.memoryBytes)}: ` +
    `${formatBytes(memory.engine)} for the model (${parameters} parameters) and the probes, ` +
    `${formatBytes(memory.hiddenStates)} for hidden states, ${formatBytes(memory.process)} for the rest; ` +
    `training alone is counted with at most ${formatBytes(trainingBytes)}`
  );
}

function diskInWords({ diskTotalBytes, disk, machine, settings }: Estimate): string {
  return (
    `about ${formatBytes(diskTotalBytes)} of ${formatBytes(machine.diskBytes)} that are free: ` +
    `${formatBytes(disk.corpus)} corpus, ${formatBytes(disk.train)} for ${settings.checkpoints + 1} checkpoints, ` +
    `${formatBytes(disk.trace)} for what they write, ${formatBytes(disk.probe + disk.analysis + disk.results)} for the rest`
  );
}

/** A label, and text beside it. */
function labelled(label: string, text: string): string[] {
  return wrap(text, COLUMNS - 9).map((line, at) => `${(at === 0 ? label : '').padEnd(8)} ${line}`);
}

/** The words on lines of no more than `most` characters, unless a single one is longer. */
function wrap(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
