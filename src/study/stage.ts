/** @file A stage of the study, as data: what it reads, what it makes, and how. Appendix B. */
import type { Content, Store } from '../store/index.ts';
import type { Engine } from '../tensor/index.ts';
import type { Progress } from './progress.ts';
import type { Inputs } from './run.ts';

export const STAGE_KINDS = ['corpus', 'train', 'trace', 'probe', 'analysis', 'results'] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

export interface Stage {
  /** Its kind, or that and what it is about: `trace/1800`. */
  readonly name: string;
  readonly kind: StageKind;
  /** Artefacts that it reads; it can read no others. */
  readonly needs: readonly string[];
  /** Artefacts that it makes, all of them. */
  readonly makes: readonly string[];
  /** How much there is to do, in a unit of its kind: what it takes grows with it in a straight line. */
  readonly work: number;
  /** It takes those of `needs` that are there, and is made anew when there are more. */
  readonly partial?: true;
  readonly make: (inputs: Inputs, workplace: Workplace) => Made | Promise<Made>;
}

/** Artefacts by name. */
export type Made = Readonly<Record<string, Content>>;

/** What a stage works with, besides its inputs. Nothing of it decides a bit. */
export interface Workplace {
  /** Opened when it is first asked for. */
  readonly engine: () => Promise<Engine>;
  readonly progress: Progress;
  /** For what a stage keeps of its own work in between. */
  readonly scratch: Store;
  /** Puts the time since it was last called down in the journal. */
  readonly kept: () => void;
  /** Somebody asks to stop: a stage that keeps its own work does so, and throws {@link Stopped}. */
  readonly stopping: () => boolean;
}

/** A stage has stopped because it was asked to, and has kept what it had done. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}
