/** @file `karelscope audit`: its commands, each in a file of its own. Appendix D. */
import type { Command } from 'commander';
import { addCompare } from './compare.ts';
import { addExplain } from './explain.ts';
import { addGradient } from './gradient.ts';
import { addReplay } from './replay.ts';
import { addRun } from './run.ts';

/** Each adds a command to the group. */
const COMMANDS: readonly ((group: Command) => void)[] = [addExplain, addReplay, addGradient, addRun, addCompare];

export function addAudit(program: Command): void {
  const group = program
    .command('audit')
    .description('look into a finished run: any number down to one rounding, any step once more');
  for (const add of COMMANDS) add(group);
}
