/** @file The shape of a model that is made by hand: as narrow as its channels and heads allow. Appendix J. */
import type { SampleShape } from '../../karel/index.ts';
import { type CodeGenConfig, codeGenConfig } from '../../transformer/index.ts';
import { StudyError } from '../errors.ts';
import { corpusSettings, modelConfig } from '../model-config.ts';
import type { Settings } from '../settings.ts';

export interface HandmadeSizes {
  /** Channels. */
  readonly width: number;
  readonly blocks: number;
  /** Heads of a block at most. */
  readonly heads: number;
  /** Numbers of a head that turn with the position. */
  readonly rotary: number;
}

/** Heads come in fours, and so do the numbers of a head, for the kernels. */
const byFours = (count: number): number => 4 * Math.ceil(count / 4);

/** The config of a run with these settings, with other sizes. */
export function handmadeConfig(settings: Settings, { width, blocks, heads, rotary }: HandmadeSizes): CodeGenConfig {
  const n_head = byFours(heads);
  const n_embd = n_head * byFours(width / n_head);
  return codeGenConfig({ ...modelConfig(settings), n_embd, n_head, n_layer: blocks, rotary_dim: rotary });
}

/** What fixes a sample. Throws {@link StudyError} for programs that branch and loop. */
export function straightShape(settings: Settings): SampleShape {
  if (settings.programs !== 'straight') {
    throw new StudyError(`handmade: programs is ${settings.programs}, expected straight`);
  }
  return { ...corpusSettings(settings), maxLength: settings.maxProgramLength };
}
