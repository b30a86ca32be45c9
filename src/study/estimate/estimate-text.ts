/** @file An estimate in words, for people: at most 80 columns. Chapter 8. */
import { DEPTH_NAMES } from '../../probe/index.ts';
import { wrap } from '../../report/format.ts';
import { parameterCount } from '../../transformer/index.ts';
import { modelConfig } from '../model-config.ts';
import { formatCount } from '../progress.ts';
import { durationInWords, formatBytes } from '../units.ts';
import type { AnalysesWork } from './analyses-work.ts';
import type { AnalysisWork } from './analysis-work.ts';
import type { Estimate } from './estimate.ts';
import type { Rates } from './measure-rates.ts';
import { allProbes } from './probe-work.ts';
import { analysisSeconds } from './stage-seconds.ts';

const COLUMNS = 80;

/** The whole of what `karelscope estimate` prints. */
export function describeEstimate(estimate: Estimate): string {
  const { preset, seeds, totalSeconds, fits, rates } = estimate;
  const measured = rates.measuredModel;
  const command = `karelscope reproduce ${preset}${seeds === null ? '' : ` --seeds ${seeds}`}`;
  const title = fits
    ? `${command}, on this machine: about ${durationInWords(totalSeconds)}`
    : `${command} does not fit: ${estimate.obstacles.join('; ')}.`;
  const lines = [
    ...wrap(title, COLUMNS),
    ...(fits ? [] : wrap(`If it did, it would take about ${durationInWords(totalSeconds)} here.`, COLUMNS)),
    ...(measured
      ? wrap(
          `That is an extrapolation: steps, programs and hidden states were timed with a model of ` +
            `${formatCount(measured.parameters)} parameters and batches of ${measured.batchSize}, which did ` +
            `${formatCount(measured.gflops)} GFLOP a second, and lengthened by the ratio of their floating-point operations.`,
          COLUMNS,
        )
      : []),
    '',
    ...(seeds === null
      ? []
      : wrap(`${formatCount(seeds)} runs, one after the other: times and bytes are of all, counts of one.`, COLUMNS)),
    ...stageTable(estimate),
    '',
    ...labelled('threads', `${rates.threads}; ${loadInWords(estimate.machine.load)}`),
    ...labelled('memory', memoryInWords(estimate)),
    ...labelled('disk', diskInWords(estimate)),
  ];
  return `${lines.join('\n')}\n`;
}

/** From this load average on, the measurement may have been disturbed. */
const BUSY = 0.7;

function loadInWords(load: number): string {
  if (load < BUSY) return 'other work on this machine would lengthen all of it';
  return (
    `the minute before had a load of ${load.toFixed(1)}: if other work went on during ` +
    'the measurement, a quiet machine takes less time'
  );
}

function stageTable({ seconds, seeds, work, rates, settings }: Estimate): string[] {
  const rate = (each: number): string => `${formatCount(1 / each)} a second`;
  const probes = ([0, 1, 2] as const).flatMap((depth) => {
    const { probes, trained, tested } = work.probing[depth];
    if (probes === 0) return [];
    const { start, train, test } = rates.probe[depth];
    const each = start + (trained * train + tested * test) / probes;
    return [`${formatCount(probes)} probes, ${DEPTH_NAMES[depth]}, of ${formatCount(each)} s`];
  });
  const step = rates.step < 1 ? `${formatCount(1000 * rates.step)} ms` : durationInWords(rates.step);
  const rows: [keyof typeof seconds, string[]][] = [
    ['corpus', [`${formatCount(work.samples)} samples, ${rate(rates.sample)}`]],
    ['train', [`${formatCount(work.steps)} steps of ${settings.batchSize} samples, ${step} each`]],
    [
      'trace',
      [
        `${work.checkpoints} checkpoints write ${formatCount(work.programs)} programs, ${rate(rates.program)}`,
        `${formatCount(work.specifications)} of these are judged, ${rate(rates.judgement)}`,
      ],
    ],
    ['probe', probes],
    ['analysis', analysesInWords(work.analyses, rates, seeds ?? 1)],
    ['results', ['']],
  ];
  return rows.flatMap(([stage, [first = '', ...rest]]) => [
    `${stage.padEnd(8)} ${durationInWords(seconds[stage]).padEnd(12)} ${first}`.trimEnd(),
    ...rest.map((line) => `${' '.repeat(22)}${line}`),
  ]);
}

/** What most of an analysis's work is in one run, and how long it takes in all. */
function analysesInWords({ permutations, layers, causal }: AnalysesWork, rates: Rates, runs: number): string[] {
  const lines: [AnalysisWork, string][] = [
    [permutations, `${formatCount(allProbes(permutations.probing))} probes of permutations`],
    [layers, `${formatCount(layers.probing[0].probes)} probes of layers, ${formatCount(layers.read)} programs`],
    [causal, `${formatCount(causal.tokens)} tokens under edits and patches`],
  ];
  return lines.map(([work, text]) => `${text}: ${durationInWords(runs * analysisSeconds(rates, work))}`);
}

function memoryInWords({ peakMemoryBytes, memory, machine, settings, trainingBytes }: Estimate): string {
  const parameters = formatCount(parameterCount(modelConfig(settings)));
  return (
    `about ${formatBytes(peakMemoryBytes)} of this machine's ${formatBytes(machine.memoryBytes)}: ` +
    `${formatBytes(memory.engine)} for the model (${parameters} parameters) and the probes, ` +
    `${formatBytes(memory.traces)} for hidden states, ${formatBytes(memory.process)} for the rest; ` +
    `training alone is counted with at most ${formatBytes(trainingBytes)}`
  );
}

function diskInWords({ diskTotalBytes, disk, machine, work }: Estimate): string {
  return (
    `about ${formatBytes(diskTotalBytes)} of ${formatBytes(machine.diskBytes)} that are free: ` +
    `${formatBytes(disk.corpus)} corpus, ${formatBytes(disk.checkpoints)} for ${work.checkpoints} checkpoints, ` +
    `${formatBytes(disk.traces)} for what they write, ${formatBytes(disk.results)} metrics, probes, analyses and report`
  );
}

/** A label, and text beside it. */
function labelled(label: string, text: string): string[] {
  return wrap(text, COLUMNS - 9).map((line, at) => `${(at === 0 ? label : '').padEnd(8)} ${line}`);
}
