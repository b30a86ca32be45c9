/** @file Finished runs, wherever they were made, put together into one study of several seeds. Chapter 13. */
import type { StudyResults } from '../results/study-results.ts';
import { MANIFEST, type Manifest, readManifest, type Store, StoreError, verify, within } from '../store/index.ts';
import { StudyError } from './errors.ts';
import { isNoArtefact, JOURNAL_FILE, SETTINGS_FILE } from './names.ts';
import { firstDifference, Run } from './run.ts';
import { type Context, firstUndone } from './runner.ts';
import { folderOf, reportStudy, seedsIn } from './seeds.ts';

export interface GatherOptions {
  /** Runs that have not ended are named and left out; otherwise they are refused. */
  readonly unfinished?: boolean;
}

/**
 * Copies the runs in `sources`, each a run or a study of several, into `target`, in seed-N, and makes the study of these and of
 * those that lie there already: what `reproduce --seeds` makes in one process. A run that lies in its place is not copied, and
 * an interrupted copy is gone on with. Every digest is compared. Throws {@link StudyError}, before anything is written, where
 * one is no run, is damaged or not finished, or does not fit to the others: version, settings, arithmetic, a seed twice.
 */
export function gather(
  sources: readonly Store[],
  target: Store,
  context: Pick<Context, 'progress' | 'page' | 'link'>,
  { unfinished = false }: GatherOptions = {},
): StudyResults {
  const there = placesIn(target);
  const whole = there.filter((store) => store.read(MANIFEST));
  const given = sources.flatMap(runsWithin);
  const inPlace = new Set(whole.map((store) => store.digest(MANIFEST)?.sha256));
  const elsewhere = given.filter((store) => !inPlace.has(store.digest(MANIFEST)?.sha256));
  refuseMixedVersions([...given, ...whole]);
  const copied = ended(elsewhere, unfinished, context);
  const [first, ...others] = [...copied, ...ended(whole, unfinished, context)];
  if (!first) throw new StudyError(`${target.place}: there is no run that has ended to gather`);
  for (const [at, run] of others.entries()) {
    refuseOther(first, run);
    refuseTwice([first, ...others.slice(0, at)], run);
  }
  for (const run of [first, ...others]) refuseDamaged(run);
  const copies = copied.map((run) => ({ run, to: within(target, folderOf(run.plan.seed)) }));
  const lost = there.find((store) => !whole.includes(store) && !copies.some(({ to }) => to.place === store.place));
  if (lost) throw new StudyError(`${lost.place} has no ${MANIFEST}, and no run of its seed is given to go on from`);
  for (const { run, to } of copies) refuseInTheWay(run, to);
  for (const { run, to } of copies) copyRun(run, to);
  return reportStudy(target, context);
}

/** Where runs lie in a store that is a study's or empty. Throws {@link StudyError} for any other. */
function placesIn(target: Store): Store[] {
  if (target.read(SETTINGS_FILE)) {
    throw new StudyError(`${target.place} holds a run of one seed: give another directory with --out`);
  }
  const seeds = seedsIn(target);
  if (seeds.length === 0 && target.list().length > 0) {
    throw new StudyError(`${target.place} is not empty and holds no study (no seed-N): give another --out`);
  }
  return seeds.map((seed) => within(target, folderOf(seed)));
}

/** The run that a store holds, or the runs of a study. Throws {@link StudyError} where there is none. */
function runsWithin(store: Store): Store[] {
  if (store.read(SETTINGS_FILE) || store.read(MANIFEST)) return [store];
  const seeds = seedsIn(store);
  if (seeds.length === 0) throw new StudyError(`${store.place} holds no run (no ${SETTINGS_FILE})`);
  return seeds.map((seed) => within(store, folderOf(seed)));
}

/** Before a run is opened, which those of another version cannot be. */
function refuseMixedVersions(stores: readonly Store[]): void {
  const made = stores.flatMap((store) => ({ place: store.place, version: manifestOf(store)?.karelscope }));
  const known = made.filter(({ version }) => version !== undefined);
  const [first] = known;
  const other = known.find(({ version }) => version !== first?.version);
  if (!other) return;
  throw new StudyError(
    `${other.place} was made by karelscope ${other.version}, and ${first!.place} by ${first!.version}: a study has one version`,
  );
}

function manifestOf(store: Store): Manifest | undefined {
  return asStudyError(() => readManifest(store));
}

/** The runs that have ended, of those that can be opened: others are said to be left out, or refused. */
function ended(stores: readonly Store[], unfinished: boolean, { progress }: Pick<Context, 'progress'>): Run[] {
  return stores.flatMap((store) => {
    const run = asStudyError(() => Run.open(store));
    const undone = firstUndone(run);
    if (undone === undefined) return [run];
    const what = `${store.place} (seed ${run.plan.seed}) is not finished: ${undone} is not done`;
    if (!unfinished) throw new StudyError(`${what}; go on with it, or leave it out with --unfinished`);
    progress.line(`left out: ${what}`);
    return [];
  });
}

/** Two runs of a study differ in their seeds alone; and imported models in what was imported. */
function refuseOther(first: Run, run: Run): void {
  const [one, other] = [first, run].map(({ plan: { imported, ...plan } }) =>
    imported === undefined ? plan : { ...plan, imported: 'a model' },
  );
  const [name, before, now] = firstDifference(one!, other!) ?? ['arithmetic', first.arithmetic, run.arithmetic];
  if (before === now) return;
  const [place, firstPlace] = [run.store.place, first.store.place];
  throw new StudyError(
    `${place} was made with ${name} ${now}, and ${firstPlace} with ${before}: a study has the same for all its seeds`,
  );
}

function refuseTwice(before: readonly Run[], { plan, store }: Run): void {
  if (!/^\d+$/.test(plan.seed)) {
    throw new StudyError(`${store.place}: seed ${JSON.stringify(plan.seed)} is no whole number, which a study needs`);
  }
  const same = before.find((run) => run.plan.seed === plan.seed);
  if (same) throw new StudyError(`seed ${plan.seed} is there twice: ${same.store.place} and ${store.place}`);
  const model = plan.imported && before.find((run) => run.plan.imported === plan.imported);
  if (model) throw new StudyError(`one model was imported twice: ${model.store.place} and ${store.place}`);
}

/** Files that no manifest knows are not copied, and so cannot do harm. */
function refuseDamaged({ store }: Run): void {
  const [first, ...others] = verify(store, isNoArtefact).filter(({ fault }) => fault !== 'foreign');
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new StudyError(
    `${store.place}/${first.name}: ${first.fault}: ${first.reason}${more}; karelscope verify --repair ${store.place} removes what is damaged`,
  );
}

/** What is copied of a run, with digests: in the end the manifest, which makes it one. Its page is drawn anew. */
function filesOf({ artefacts, store }: Run): { name: string; sha256: string }[] {
  const others = [JOURNAL_FILE, MANIFEST].flatMap((name) => {
    const digest = store.digest(name);
    return digest ? [{ name, sha256: digest.sha256 }] : [];
  });
  return [...artefacts, ...others];
}

function refuseInTheWay(run: Run, to: Store): void {
  for (const { name, sha256 } of filesOf(run)) {
    if ((to.digest(name)?.sha256 ?? sha256) === sha256) continue;
    throw new StudyError(`${to.place}/${name} is in the way: it is not that of ${run.store.place}`);
  }
}

function copyRun(run: Run, to: Store): void {
  for (const { name, sha256 } of filesOf(run)) {
    if (to.digest(name)?.sha256 === sha256) continue;
    to.write(name, piecesOf(run.store, name));
    if (to.digest(name)?.sha256 !== sha256) throw new StudyError(`${to.place}/${name}: was not copied byte for byte`);
  }
}

const PIECE = 1 << 20;

function* piecesOf(store: Store, name: string): Generator<Uint8Array> {
  const file = store.open(name)!;
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      const piece = new Uint8Array(Math.min(PIECE, file.size - at));
      file.read(piece, at);
      yield piece;
    }
  } finally {
    file.close();
  }
}

/** A damaged file of a run that is given is wrong input here. */
function asStudyError<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof StoreError ? new StudyError(error.message) : error;
  }
}
