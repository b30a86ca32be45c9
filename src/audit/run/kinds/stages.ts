/** @file Stages made again as they were made, with the bytes that they must have. Appendix E. */

import { piecesOf } from '../../../store/index.ts';
import type { Inputs } from '../../../study/run.ts';
import { inputsOf } from '../../../study/runner.ts';
import type { Stage, StageKind } from '../../../study/stage.ts';
import { stagesOf } from '../../../study/stages.ts';
import { differencesOf } from '../difference.ts';
import { type Grounds, secondsPerWork } from '../grounds.ts';
import type { Difference, Kind } from '../kind.ts';
import { workplaceOf } from '../workplace.ts';

const NAMES = {
  trace: 'checkpoints traced and evaluated',
  probe: 'checkpoints probed',
  analysis: 'analyses',
  results: 'documents of results',
} as const satisfies Partial<Record<StageKind, string>>;

/** Of training see {@link intervalKind}: what a session remembers between its stages would be in the way. */
export function stageKinds(grounds: Grounds): Kind[] {
  const { run } = grounds;
  const stages = stagesOf(run.plan, { arithmetic: () => run.arithmetic ?? '' });
  return Object.entries(NAMES).map(([kind, name]) => {
    const made = stages.filter((stage) => stage.kind === kind && stage.makes.every(run.has));
    const each = secondsPerWork(grounds, kind as StageKind);
    return {
      name,
      path: 'again',
      count: made.length,
      address: (item) => made[item]!.makes[0]!,
      seconds: (item) => each * made[item]!.work,
      check: (item) => makeAgain(grounds, made[item]!),
    };
  });
}

async function makeAgain({ run, fast }: Grounds, stage: Stage): Promise<Difference[]> {
  const inputs: Inputs = inputsOf(run, stage);
  const made = await stage.make(inputs, workplaceOf(fast));
  return Object.entries(made).flatMap(([name, content]) =>
    [...piecesOf(content)].flatMap((bytes) => differencesOf(name, run.read(name), bytes)),
  );
}
