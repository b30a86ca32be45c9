/** @file `karelscope audit compare`. Chapter 13. */
import type { Command } from 'commander';

export function addCompare(_audit: Command): void {}
