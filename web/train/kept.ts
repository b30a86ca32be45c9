/** @file Runs as the browser keeps them between visits, in its own database: a file an entry, `preset/seed/name`. Appendix C. */
import { createStore, del, delMany, entries, keys, set } from 'idb-keyval';

const database = createStore('karelscope', 'files');

/** All files of a run whose names pass, by name. */
export async function keptFiles(
  run: string,
  wanted: (name: string) => boolean = () => true,
): Promise<[string, Uint8Array][]> {
  const all = (await entries(database)) as [string, Uint8Array][];
  return all.flatMap(([key, bytes]) => {
    const name = key.slice(run.length + 1);
    return key.startsWith(`${run}/`) && wanted(name) ? [[name, bytes] as [string, Uint8Array]] : [];
  });
}

export async function keptRuns(): Promise<string[]> {
  const all = (await keys(database)) as string[];
  return [...new Set(all.map((key) => key.split('/').slice(0, 2).join('/')))];
}

export const keepFile = (run: string, name: string, bytes: Uint8Array | null): Promise<void> =>
  bytes ? set(`${run}/${name}`, bytes, database) : del(`${run}/${name}`, database);

export async function forgetRun(run: string): Promise<void> {
  const all = (await keys(database)) as string[];
  await delMany(
    all.filter((key) => key.startsWith(`${run}/`)),
    database,
  );
}
