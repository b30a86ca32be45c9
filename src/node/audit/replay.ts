/** @file `karelscope audit replay`. Appendix E. */
import type { Command } from 'commander';
import { arithmeticOf, describeReplay, holds, replay } from '../../audit/index.ts';
import { Run } from '../../study/index.ts';
import { DiskStore } from '../disk-store.ts';
import { progressTo } from '../progress.ts';
import { openEngine } from '../threads.ts';
import { wholeNumber } from './options.ts';

export function addReplay(audit: Command): void {
  audit
    .command('replay')
    .description('a training step again: bit for bit by the exact kernels, and in double precision, within bounds')
    .argument('<run>', 'a run directory, such as runs/tiny')
    .requiredOption(
      '--step <n>',
      'replay the step from state n, when n steps are done, to state n + 1: from 0 to one less than there are',
      wholeNumber(0),
    )
    .action(async (path: string, { step }: { step: number }) => {
      const run = Run.open(new DiskStore(path));
      const engine = await openEngine({ arithmetic: arithmeticOf(run) });
      try {
        const result = replay(run, engine, step, progressTo(process.stderr));
        process.stdout.write(describeReplay(path, result));
        if (!holds(result)) process.exitCode = 1;
      } finally {
        await engine.close();
      }
    });
}
