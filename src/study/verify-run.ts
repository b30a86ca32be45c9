/** @file Whether every byte of a run is as it was made. Appendix B. */
import { type Finding, repair, type Store, verify } from '../store/index.ts';
import { isNoArtefact, REPORT_FOLDER, SETTINGS_FILE } from './names.ts';
import { pageFiles } from './page.ts';
import { Run } from './run.ts';

/**
 * What is wrong in the store of a run; with `repair`, what is damaged or foreign is removed, with all that came of it, so that the
 * same command makes it again.
 */
export function verifyRun(
  store: Store,
  { repair: repairing = false, page }: { readonly repair?: boolean; readonly page?: () => string } = {},
): { findings: Finding[]; removed: string[] } {
  const found = verify(store, isNoArtefact);
  const findings = found.length > 0 || !store.read(SETTINGS_FILE) ? found : staleReports(Run.open(store), page);
  return { findings, removed: repairing && findings.length > 0 ? repair(store, findings) : [] };
}

/** Pages are no artefacts: they hold times, too. But they are drawn from what there is, and so can be drawn again. */
function staleReports(run: Run, page: (() => string) | undefined): Finding[] {
  const names = run.store.list(`${REPORT_FOLDER}/`);
  if (names.length === 0 || !page) return [];
  const drawn = pageFiles([run], page());
  return names.flatMap((name) => {
    const [now, then] = [drawn[name], run.store.read(name)!];
    if (now && now.length === then.length && now.every((byte, at) => byte === then[at])) return [];
    return [{ name, fault: 'damaged', reason: 'is not what the results and the journal give' } as const];
  });
}
