/** @file The audit of a run: all that it holds computed again, or a sample of it, and compared by bits. Appendix E. */
import { chanceToCatch } from './confidence.ts';
import type { Grounds } from './grounds.ts';
import type { Checked, Kind } from './kind.ts';
import { corpusKind } from './kinds/corpus.ts';
import { pageKind } from './kinds/page.ts';
import { keptProbeKind } from './kinds/probes.ts';
import { programKind, solvedKind } from './kinds/programs.ts';
import { stageKinds } from './kinds/stages.ts';
import { initialWeightsKind, intervalKind, stepKind } from './kinds/training.ts';

/** In the order in which one comes of the other; those of which the run has none yet are left out. */
export function kindsOf(grounds: Grounds): Kind[] {
  const [traces, ...others] = stageKinds(grounds);
  const kinds = [
    corpusKind(grounds),
    initialWeightsKind(grounds),
    intervalKind(grounds),
    stepKind(grounds),
    traces!,
    programKind(grounds),
    solvedKind(grounds),
    keptProbeKind(grounds),
    ...others,
    pageKind(grounds),
  ];
  return kinds.filter(({ count }) => count > 0);
}

/** How sure one may be of a kind: 1 where all of it was checked. */
export const confidenceOf = ({ kind, checked }: Checked): number => chanceToCatch(kind.count, checked);
