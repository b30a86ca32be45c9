/** @file `karelscope audit`: the commands that look into a finished run. Chapter 13. */
import type { Command, Option } from 'commander';
import { addExplain } from './explain.ts';

export function addAudit(group: Command, threadsOption: () => Option): void {
  group.description('look into a finished run: any number down to one rounding, any step once more');
  addExplain(group, threadsOption);
}
