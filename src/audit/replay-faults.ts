/** @file What a step learned from and what it gives, against what its run has stored. Appendix E. */
import { solves } from '../karel/index.ts';
import { withCorpus } from '../study/corpus-reader.ts';
import { parseMetrics, type StepMetrics } from '../study/metrics.ts';
import { checkpointFile, corpusFile, metricsFile } from '../study/names.ts';
import { checkpointSteps, type Run } from '../study/run.ts';
import type { StepReport, Trainer } from '../transformer/index.ts';
import { tensorsOf } from './state.ts';
import { differingBits, placeIn } from './verdict.ts';

/** What is wrong with a batch, a line each: samples whose program does something else than they say, another corpus. */
export function batchFaults(run: Run, step: number, samples: readonly number[]): string[] {
  const name = corpusFile('train');
  const faults: string[] = [];
  const next = checkpointSteps(run.plan).find((one) => one > step)!;
  const made = run.artefact(checkpointFile(next, 'model.safetensors'));
  if (made && made.from[name] !== run.sha256(name)) {
    faults.push(`checkpoint ${next} was made from another ${name} than the one that is there`);
  }
  withCorpus(run, 'train', (corpus) => {
    for (const sample of samples) {
      try {
        const { inputs, outputs, program } = corpus.record(sample);
        if (!solves({ inputs, outputs }, program))
          faults.push(`${name}: the program of sample ${sample} gives other worlds`);
      } catch (error) {
        faults.push(`${name}: sample ${sample}: ${(error as Error).message}`);
      }
    }
  });
  return faults;
}

/** Numbers of the checkpoint after the step that are not what the step gives. */
export function checkpointFaults(made: Trainer, stored: Trainer): string[] {
  const theirs = tensorsOf(stored);
  return tensorsOf(made).flatMap(({ name, shape, data }, i) => {
    const other = theirs[i]!.data;
    const { first, count } = differingBits(data, other);
    if (first === undefined) return [];
    const place = `${name}${placeIn(shape, first)}`;
    return [
      `checkpoint ${made.stepCount}: ${place} is ${other[first]}, and training gives ${data[first]} (${count} differ)`,
    ];
  });
}

export function metricsOf(run: Run, step: number): StepMetrics | undefined {
  const file = metricsFile(checkpointSteps(run.plan).find((one) => one >= step)!);
  if (!run.has(file)) return undefined;
  return parseMetrics(run.read(file), file).find((line) => line.step === step);
}

export function metricsFaults(metrics: StepMetrics, report: StepReport): string[] {
  return (['loss', 'gradientNorm', 'learningRate', 'tokens'] as const).flatMap((key) =>
    metrics[key] === report[key]
      ? []
      : [`metrics, step ${metrics.step}: ${key} is ${metrics[key]}, and the step gives ${report[key]}`],
  );
}
