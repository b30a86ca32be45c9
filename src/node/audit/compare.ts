/** @file `karelscope audit compare`. Appendix E. */
import type { Command } from 'commander';
import { compareRuns } from '../../audit/index.ts';
import { Run } from '../../study/index.ts';
import type { Engine } from '../../tensor/index.ts';
import { DiskStore } from '../disk-store.ts';
import { progressTo } from '../progress.ts';
import { openEngine } from '../threads.ts';

export function addCompare(audit: Command): void {
  audit
    .command('compare')
    .description('two runs that should be the same: where they begin to differ, down to one number of one op')
    .argument('<run>', 'a run directory, such as runs/tiny')
    .argument('<other>', 'another one')
    .action(async (path: string, otherPath: string) => {
      const [one, other] = [path, otherPath].map((place) => Run.open(new DiskStore(place))) as [Run, Run];
      const engines = new Map<string, Engine>();
      const engineOf = async (arithmetic: 'simd' | 'relaxed-simd'): Promise<Engine> => {
        const engine = engines.get(arithmetic) ?? (await openEngine({ arithmetic }));
        engines.set(arithmetic, engine);
        return engine;
      };
      try {
        const { equal, lines } = await compareRuns(one, other, engineOf, progressTo(process.stderr));
        process.stdout.write(`${path} and ${otherPath}\n${lines.join('\n')}\n`);
        if (!equal) process.exitCode = 1;
      } finally {
        for (const engine of engines.values()) await engine.close();
      }
    });
}
