/** @file In which settings and files two runs differ. Appendix E. */
import { SETTINGS_FILE } from '../study/names.ts';
import type { Run } from '../study/run.ts';
import { SETTING_NAMES } from '../study/settings.ts';

export interface FileDifferences {
  /** Of files that both have, other bytes. */
  readonly others: readonly string[];
  readonly onlyInOne: readonly string[];
  readonly onlyInOther: readonly string[];
  /** Not what the manifest of its run says: changed after it was made. */
  readonly damaged: readonly { readonly run: Run; readonly name: string }[];
}

/** What decides the bits of a run: `seed: 1 and 2`. */
export function settingDifferences(one: Run, other: Run): string[] {
  const facts = ({ plan, arithmetic }: Run): (readonly [string, unknown])[] => [
    ['preset', plan.preset],
    ['seed', plan.seed],
    ['imported', plan.imported ?? 'no'],
    ['arithmetic', arithmetic ?? 'none yet'],
    ...SETTING_NAMES.map((name) => [name, plan.settings[name]] as const),
  ];
  const theirs = facts(other);
  return facts(one).flatMap(([name, value], i) =>
    value === theirs[i]![1] ? [] : [`${name}: ${value} and ${theirs[i]![1]}`],
  );
}

/** Compares the bytes as they lie there, not what the manifests say of them; that they belong together is looked at as well. */
export function fileDifferences(one: Run, other: Run): FileDifferences {
  const digests = [one, other].map(
    (run) => new Map(run.artefacts.map(({ name }) => [name, run.store.digest(name)?.sha256])),
  ) as [Map<string, string | undefined>, Map<string, string | undefined>];
  const [ours, theirs] = digests;
  const names = [...ours.keys()].filter((name) => name !== SETTINGS_FILE).sort();
  return {
    others: names.filter((name) => theirs.has(name) && theirs.get(name) !== ours.get(name)),
    onlyInOne: names.filter((name) => !theirs.has(name)),
    onlyInOther: [...theirs.keys()].filter((name) => !ours.has(name)).sort(),
    damaged: [one, other].flatMap((run, which) =>
      run.artefacts
        .filter(({ name, sha256 }) => digests[which]!.get(name) !== sha256)
        .map(({ name }) => ({ run, name })),
    ),
  };
}

/** `corpus 1 (corpus/train.karel), checkpoints 8 (the first is checkpoints/step-0000200/model.safetensors)`: by folder. */
export function byFolder(names: readonly string[]): string {
  const folders = new Map<string, string[]>();
  for (const name of names) {
    const [folder = ''] = name.split('/');
    folders.set(folder, [...(folders.get(folder) ?? []), name]);
  }
  return Array.from(folders, ([folder, [first, ...more]]) =>
    more.length === 0 ? first! : `${more.length + 1} in ${folder}/, the first ${first}`,
  ).join('; ');
}
