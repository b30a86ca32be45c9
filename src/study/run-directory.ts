/** @file The directory of a run: what lies where, and which settings it belongs to. Chapter 8. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '../karel/index.ts';
import { StudyError } from './errors.ts';
import { readJson, writeJson } from './files.ts';
import { checkSettings, SETTING_NAMES, type Settings } from './settings.ts';

/** What decides every bit of a run; threads do not. */
export interface RunPlan {
  readonly preset: string;
  readonly seed: string;
  readonly settings: Settings;
}

interface RunFile extends RunPlan {
  readonly format: 'karelscope-run';
  readonly version: 1;
}

export class RunDirectory {
  readonly path: string;
  readonly plan: RunPlan;

  private constructor(path: string, plan: RunPlan) {
    this.path = path;
    this.plan = plan;
  }

  /**
   * The run of this plan at `path`, or undefined where there is none and one can be made. Throws {@link StudyError} when
   * the directory belongs to other settings (naming the first that differs) or to something else.
   */
  static find(path: string, plan: RunPlan): RunDirectory | undefined {
    if (existsSync(join(path, 'settings.json'))) {
      const run = RunDirectory.open(path);
      refuseOther(path, run.plan, plan);
      return run;
    }
    if (existsSync(path) && !statSync(path).isDirectory())
      throw new StudyError(`${path} is a file, not a run directory`);
    if (existsSync(path) && readdirSync(path).some((name) => name !== 'settings.json.tmp')) {
      throw new StudyError(
        `${path} is not empty and holds no run (no settings.json): give another directory with --out`,
      );
    }
    return undefined;
  }

  /** The run at `path`, made when it is not there. Throws as {@link RunDirectory.find}, before anything is written. */
  static create(path: string, plan: RunPlan): RunDirectory {
    const found = RunDirectory.find(path, plan);
    if (found) return found;
    mkdirSync(path, { recursive: true });
    const file: RunFile = { format: 'karelscope-run', version: 1, ...plan };
    writeJson(join(path, 'settings.json'), file);
    return new RunDirectory(path, plan);
  }

  /** An existing run. Throws {@link StudyError} when there is none at `path`, or its settings cannot be read. */
  static open(path: string): RunDirectory {
    const file = readJson<RunFile>(join(path, 'settings.json'));
    if (!file) throw new StudyError(`${path} holds no run (no settings.json)`);
    if (file.format !== 'karelscope-run' || file.version !== 1) {
      throw new StudyError(
        `${join(path, 'settings.json')}: format ${file.format} version ${file.version} is not known`,
      );
    }
    const { preset, seed } = file;
    const settings = checkSettings(file.settings);
    return new RunDirectory(path, { preset, seed, settings });
  }

  corpus(split: Split): string {
    return join(this.path, 'corpus', `${split}.karel`);
  }
  /** The initial weights lie apart: training cannot go on from them, it begins there. */
  checkpoint(step: number): string {
    return step === 0 ? join(this.path, 'initial') : join(this.path, 'checkpoints', stepName(step));
  }
  /** Training between two checkpoints, from which it goes on after an interruption: one step at most is there. */
  get unfinished(): string {
    return join(this.path, 'unfinished');
  }
  traces(step: number): string {
    return join(this.path, 'traces', stepName(step));
  }
  probes(step: number): string {
    return join(this.path, 'probes', `${stepName(step)}.json`);
  }
  /** Of the last checkpoint, or of all. */
  analysis(name: string): string {
    return join(this.path, 'analysis', `${name}.json`);
  }
  get metrics(): string {
    return join(this.path, 'metrics.jsonl');
  }
  get progress(): string {
    return join(this.path, 'progress.json');
  }
  get results(): string {
    return join(this.path, 'results.json');
  }
  get report(): string {
    return join(this.path, 'report', 'index.html');
  }

  get curves(): string {
    return join(this.path, 'report', 'curves.svg');
  }

  /** Takes back {@link RunDirectory.create} of a run whose settings turned out to be impossible. */
  abandon(): void {
    rmSync(join(this.path, 'corpus'), { recursive: true, force: true });
    rmSync(join(this.path, 'settings.json'), { force: true });
    if (readdirSync(this.path).length === 0) rmdirSync(this.path);
  }

  /** The steps at which the run keeps a checkpoint: 0, then evenly spaced up to the last. */
  checkpointSteps(): number[] {
    const { steps, checkpoints } = this.plan.settings;
    return Array.from({ length: checkpoints + 1 }, (_, index) => Math.round((index * steps) / checkpoints));
  }
}

export const stepName = (step: number): string => `step-${String(step).padStart(7, '0')}`;

function refuseOther(path: string, made: RunPlan, asked: RunPlan): void {
  const refuse = (name: string, before: unknown, now: unknown): void => {
    if (before === now) return;
    throw new StudyError(
      `${path} was made with ${name} ${before}, not ${now}: give another directory with --out, or the same settings`,
    );
  };
  refuse('preset', made.preset, asked.preset);
  refuse('seed', made.seed, asked.seed);
  for (const name of SETTING_NAMES) refuse(name, made.settings[name], asked.settings[name]);
}
