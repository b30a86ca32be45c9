/** @file Whether what a step learned from is what its run has made. Chapter 13. */
import { solves } from '../karel/index.ts';
import { withCorpus } from '../study/corpus-reader.ts';
import { checkpointFile, corpusFile } from '../study/names.ts';
import { checkpointSteps, type Run } from '../study/run.ts';

/** What is wrong with a batch, a line each: samples whose program does something else than they say, another corpus. */
export function faultsOfBatch(run: Run, step: number, samples: readonly number[]): string[] {
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
