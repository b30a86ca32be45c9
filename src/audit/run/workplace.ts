/** @file Where a stage is made again without anything being written. Appendix E. */
import { MemoryStore } from '../../store/index.ts';
import { silent } from '../../study/progress.ts';
import type { Workplace } from '../../study/stage.ts';
import type { Engine } from '../../tensor/index.ts';

export const workplaceOf = (engine: Engine): Workplace => ({
  engine: async () => engine,
  progress: silent,
  scratch: new MemoryStore(),
  kept: () => {},
  stopping: () => false,
});
