/** @file A run: a store, the plan that decides its bits, and what has been made so far. Appendix B. */
import {
  type Artefact,
  type Content,
  damage,
  encodeManifest,
  encodeText,
  jsonText,
  MANIFEST,
  parseJson,
  readManifest,
  type Store,
  type StoredFile,
  StoreError,
} from '../store/index.ts';
import { sha256 } from '../transformer/index.ts';
import { VERSION } from '../version.ts';
import { StudyError } from './errors.ts';
import { SETTINGS_FILE } from './names.ts';
import { readSettings, SETTING_NAMES, type Settings, writtenSettings } from './settings.ts';

/** What decides every bit of a run, besides the arithmetic; threads do not. */
export interface RunPlan {
  readonly preset: string;
  readonly seed: string;
  readonly settings: Settings;
  /** SHA-256 of the `model.safetensors` that was imported in the place of training. */
  readonly imported?: string;
}

/** What a stage may read. */
export interface Inputs {
  readonly plan: RunPlan;
  readonly has: (name: string) => boolean;
  /** The content. Throws {@link StudyError} unless it is there and as the manifest says. */
  readonly read: (name: string) => Uint8Array;
  /** For reading parts of it. Throws likewise. */
  readonly open: (name: string) => StoredFile;
  /** Its SHA-256. */
  readonly sha256: (name: string) => string;
}

const PLAN_STAGE = 'plan';

export class Run implements Inputs {
  readonly store: Store;
  readonly plan: RunPlan;
  #artefacts: Map<string, Artefact>;
  #arithmetic: string | null;
  readonly #intact = new Set<string>(); // digests of these have been compared

  private constructor(store: Store, plan: RunPlan) {
    this.store = store;
    this.plan = plan;
    const manifest = readManifest(store);
    if (manifest && manifest.karelscope !== VERSION) {
      const made = `was made by karelscope ${manifest.karelscope}, and this is ${VERSION}`;
      throw new StudyError(`${store.place} ${made}, whose bits may be others: use that one, or another --out`);
    }
    this.#arithmetic = manifest?.arithmetic ?? null;
    this.#artefacts = new Map(manifest?.artefacts.map((artefact) => [artefact.name, artefact]));
  }

  /**
   * The run of this plan that lies in `store`, or undefined where there is none and one can be made. Throws {@link StudyError}
   * when the store belongs to other settings (naming the first that differs) or to something else.
   */
  static find(store: Store, plan: RunPlan): Run | undefined {
    const content = planContent(plan);
    const stored = store.read(SETTINGS_FILE);
    const known = readManifest(store)?.artefacts.find(({ name }) => name === SETTINGS_FILE);
    if (!stored && known) {
      if (sha256(content) !== known.sha256) {
        throw new StudyError(`${store.place} has lost its ${SETTINGS_FILE}, and was made with others than these`);
      }
      store.write(SETTINGS_FILE, content);
    }
    if (stored || known) {
      const run = Run.open(store);
      refuseOther(store.place, run.plan, plan);
      return run;
    }
    if (store.list().length > 0) {
      throw new StudyError(`${store.place} is not empty and holds no run (no ${SETTINGS_FILE}): give another --out`);
    }
    return undefined;
  }

  /** The run in `store`, begun when it is not there: nothing is written before there is something to keep. Throws as {@link Run.find}. */
  static create(store: Store, plan: RunPlan): Run {
    return Run.find(store, plan) ?? new Run(store, plan);
  }

  /** An existing run. Throws {@link StudyError} when there is none, or its settings cannot be read. */
  static open(store: Store): Run {
    const bytes = store.read(SETTINGS_FILE);
    if (!bytes) throw new StudyError(`${store.place} holds no run (no ${SETTINGS_FILE})`);
    const file = `${store.place}/${SETTINGS_FILE}`;
    const stored = parseJson<(Partial<RunPlan> & { format?: string; version?: number }) | null>(bytes, file);
    if (stored?.format !== 'karelscope-run' || stored.version !== 1) {
      throw new StoreError(file, `format ${stored?.format} version ${stored?.version} is not known`);
    }
    const plan = {
      preset: String(stored.preset),
      seed: String(stored.seed),
      settings: readSettings(stored.settings ?? {}),
      ...(stored.imported !== undefined && { imported: String(stored.imported) }),
    };
    const run = new Run(store, plan);
    if (run.has(SETTINGS_FILE)) run.read(SETTINGS_FILE);
    return run;
  }

  get artefacts(): readonly Artefact[] {
    return [...this.#artefacts.values()];
  }

  get arithmetic(): string | null {
    return this.#arithmetic;
  }

  has = (name: string): boolean => this.#artefacts.has(name);

  artefact(name: string): Artefact | undefined {
    return this.#artefacts.get(name);
  }

  sha256 = (name: string): string => this.#known(name).sha256;

  read = (name: string): Uint8Array => {
    this.#check(name);
    return this.store.read(name)!;
  };

  open = (name: string): StoredFile => {
    this.#check(name);
    return this.store.open(name)!;
  };

  /** The digest of the manifest: that of the whole chain from the settings to the results. */
  manifestSha256(): string {
    return this.store.digest(MANIFEST)?.sha256 ?? '';
  }

  /**
   * Says with which arithmetic this run is computed. Throws {@link StudyError} if it was begun with another: its bits would be
   * those of neither.
   */
  computesWith(arithmetic: string): void {
    if (this.#arithmetic !== null && this.#arithmetic !== arithmetic) {
      throw new StudyError(
        `${this.store.place} was computed with ${this.#arithmetic} arithmetic, and this machine has ${arithmetic}: go on with it where it was begun`,
      );
    }
    this.#arithmetic = arithmetic;
  }

  /** Writes what a stage has made from `needs`, in the order of `made`, then the manifest that says so: all of it, or nothing. */
  keep(stage: string, needs: readonly string[], made: Readonly<Record<string, Content>>): void {
    const begins = !this.has(SETTINGS_FILE);
    try {
      if (begins) this.#put(PLAN_STAGE, {}, SETTINGS_FILE, planContent(this.plan));
      const from = Object.fromEntries([SETTINGS_FILE, ...needs].map((name) => [name, this.sha256(name)]));
      for (const [name, content] of Object.entries(made)) this.#put(stage, from, name, content);
      this.#writeManifest();
    } catch (error) {
      this.#forget([...Object.keys(made), ...(begins ? [SETTINGS_FILE] : [])]);
      throw error;
    }
  }

  /** After a failure, such as a full disk, which may fail the manifest as well; what it then says too much is found missing. */
  #forget(names: readonly string[]): void {
    for (const name of names) {
      this.#artefacts.delete(name);
      this.#intact.delete(name);
      this.store.remove(name);
    }
    try {
      if (this.#artefacts.size > 0) this.#writeManifest();
      else this.store.remove(MANIFEST);
    } catch {
      // the failure that led here is the one to tell
    }
  }

  #put(stage: string, from: Readonly<Record<string, string>>, name: string, content: Content): void {
    this.store.write(name, content);
    this.#artefacts.set(name, { name, ...this.store.digest(name)!, stage, from });
    this.#intact.add(name);
  }

  #writeManifest(): void {
    const manifest = { karelscope: VERSION, arithmetic: this.#arithmetic, artefacts: this.artefacts };
    this.store.write(MANIFEST, encodeManifest(manifest));
  }

  #known(name: string): Artefact {
    const artefact = this.#artefacts.get(name);
    if (!artefact) throw new StudyError(`${this.store.place}/${name}: has not been made yet`);
    return artefact;
  }

  #check(name: string): void {
    if (this.#intact.has(name)) return;
    const artefact = this.#known(name);
    const now = this.store.digest(name);
    if (now?.sha256 === artefact.sha256) {
      this.#intact.add(name);
      return;
    }
    const reason = now ? `altered: ${damage(artefact, now)}` : 'is missing';
    throw new StoreError(
      `${this.store.place}/${name}`,
      `${reason}; karelscope verify --repair ${this.store.place} removes what is damaged`,
    );
  }
}

/** Of a JSON artefact. Throws {@link StudyError} unless it is there and intact. */
export function readJson<T>(inputs: Inputs, name: string): T {
  return parseJson<T>(inputs.read(name), name);
}

/** The same bytes however a plan was put together. */
const planContent = ({ preset, seed, settings, ...imported }: RunPlan): Uint8Array =>
  encodeText(
    jsonText({
      ...{ format: 'karelscope-run', version: 1, preset, seed },
      ...{ settings: writtenSettings(settings), ...imported },
    }),
  );

/** The steps at which a run keeps a checkpoint: 0, then evenly spaced up to the last. */
export function checkpointSteps({ settings: { steps, checkpoints } }: RunPlan): number[] {
  return Array.from({ length: checkpoints + 1 }, (_, index) => Math.round((index * steps) / checkpoints));
}

/** The name of the first thing but the seed in which two plans differ, and both values; undefined where there is none. */
export function firstDifference(
  one: Omit<RunPlan, 'seed'>,
  other: Omit<RunPlan, 'seed'>,
): readonly [string, unknown, unknown] | undefined {
  const pairs: (readonly [string, unknown, unknown])[] = [
    ['preset', one.preset, other.preset],
    ['imported', one.imported ?? 'none', other.imported ?? 'none'],
    ...SETTING_NAMES.map((name) => [name, one.settings[name], other.settings[name]] as const),
  ];
  return pairs.find(([, before, now]) => before !== now);
}

function refuseOther(place: string, made: RunPlan, asked: RunPlan): void {
  const differing = made.seed === asked.seed ? firstDifference(made, asked) : ['seed', made.seed, asked.seed];
  if (!differing) return;
  const [name, before, now] = differing;
  throw new StudyError(
    `${place} was made with ${name} ${before}, not ${now}: give another directory with --out, or the same settings`,
  );
}
