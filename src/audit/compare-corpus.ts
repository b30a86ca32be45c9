/** @file Where two corpora begin to differ. Appendix E. */
import { CorpusReader } from '../study/corpus-reader.ts';
import { corpusFile } from '../study/names.ts';
import type { Run } from '../study/run.ts';
import { AuditError } from './errors.ts';

/** The first sample and token in which the training corpora of two runs differ, in words; undefined where they are the same. */
export function corpusDifference(one: Run, other: Run): string | undefined {
  const name = corpusFile('train');
  const readers = [one, other].map((run) => {
    const file = run.store.open(name);
    if (!file) throw new AuditError(`audit: ${run.store.place} has no ${name}`);
    return new CorpusReader(file, `${run.store.place}/${name}`);
  }) as [CorpusReader, CorpusReader];
  const [a, b] = readers;
  try {
    for (let sample = 0; sample < Math.min(a.count, b.count); sample++) {
      const [x, y] = [a.bytes(sample), b.bytes(sample)];
      const token = x.findIndex((byte, at) => byte !== y[at]);
      if (token >= 0) return `sample ${sample}, token ${token}: ${x[token]} and ${y[token]}`;
      if (x.length < y.length) return `sample ${sample} has ${x.length} tokens and ${y.length}`;
    }
    return a.count === b.count ? undefined : `${a.count} samples and ${b.count}, the first of them the same`;
  } finally {
    for (const reader of readers) reader.close();
  }
}
