/** @file The task of a run beside the paper's: which of worlds, examples and programs are not the same. Chapter 11. */

import type { Results } from '../results/results.ts';
import { decimal, listing } from './format.ts';
import { PAPER } from './paper-numbers.ts';
import { hasControl, lengthUnit, numberOf } from './select.ts';

/** Size of the world's interior, `4 × 4`. */
export function interiorOf(results: Results): string {
  return `${decimal(numberOf(results, 'gridWidth'))} × ${decimal(numberOf(results, 'gridHeight'))}`;
}

/** Something about the task, ours and the paper's in words; `same` where it need not be told. */
export interface TaskPart {
  readonly name: 'worlds' | 'numbers of examples' | 'programs';
  readonly about: string;
  readonly ours: string;
  readonly paper: string;
  readonly same: boolean;
}

export function taskParts(results: Results): TaskPart[] {
  const examples = numberOf(results, 'examples');
  const [shortest, longest] = [numberOf(results, 'minLength'), numberOf(results, 'maxLength')];
  const { world, programs } = PAPER;
  const lengths = (low: number, high: number, unit: string) => `${decimal(low)} to ${decimal(high)} ${unit}`;
  const size = `${world.width} × ${world.height}`;
  const branching = hasControl(results) ? ', with branches and loops' : '';
  return [
    {
      name: 'worlds',
      about: 'World, cells inside the border',
      ours: interiorOf(results),
      paper: size,
      same: interiorOf(results) === size,
    },
    {
      name: 'numbers of examples',
      about: 'Examples for each specification',
      ours: decimal(examples),
      paper: decimal(PAPER.examples),
      same: examples === PAPER.examples,
    },
    {
      name: 'programs',
      about: 'Reference programs',
      ours: `${lengths(shortest, longest, lengthUnit(results))}${branching}`,
      paper: lengths(programs.shortest, programs.longest, 'actions'),
      same: shortest === programs.shortest && longest === programs.longest && !hasControl(results),
    },
  ];
}

/** `worlds and programs differ`, or that none of them does. */
export function taskText(results: Results): string {
  const different = taskParts(results).flatMap(({ name, same }) => (same ? [] : [name]));
  return different.length === 0
    ? 'size of the worlds, number of examples and length of programs are the same'
    : `${listing(different)} differ`;
}

/** What base rates of labels depend on, where it is not the paper's: `; base rates differ with the worlds and the programs`. */
export function baseRateText(results: Results): string {
  const different = taskParts(results).flatMap(({ name, same }) =>
    same || name === 'numbers of examples' ? [] : [`the ${name}`],
  );
  return different.length === 0 ? '' : `; base rates differ with ${listing(different)}`;
}
