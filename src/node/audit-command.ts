/** @file `karelscope audit`: its commands, each in a file of its own. Chapter 13. */
import type { Command } from 'commander';
import { addCompare } from './audit/compare.ts';
import { addReplay } from './audit/replay.ts';

/** Adds a command to the group. */
export type AddCommand = (audit: Command) => void;

const COMMANDS: readonly AddCommand[] = [addReplay, addCompare];

export function addAuditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('recompute what a run has computed, and say why each number is what it is');
  for (const add of COMMANDS) add(audit);
}
