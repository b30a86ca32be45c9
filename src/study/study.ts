/** @file The whole study of one seed, told to the person who waits for it. Appendix B. */
import { describeReached, progressOf } from '../results/reached.ts';
import type { Results } from '../results/results.ts';
import { parameterCount } from '../transformer/index.ts';
import { readJournal } from './journal.ts';
import { modelConfig } from './model-config.ts';
import { REPORT_FOLDER, RESULTS_FILE } from './names.ts';
import { pageFiles } from './page.ts';
import { formatCount, formatSeconds } from './progress.ts';
import { type Run, readJson } from './run.ts';
import { type Context, runStages } from './runner.ts';
import { STAGE_KINDS, type StageKind } from './stage.ts';

/** All stages, and the report. Throws as {@link runStages}. */
export async function reproduce(run: Run, context: Context): Promise<void> {
  const { progress } = context;
  const { preset, seed, settings } = run.plan;
  const parameters = parameterCount(modelConfig(settings));
  progress.line(`karelscope ${preset}, seed ${seed}, in ${run.store.place}`);
  progress.line(
    `${formatCount(parameters)} parameters, ${settings.steps} steps of ${settings.batchSize} samples, ` +
      `${settings.gridWidth}x${settings.gridHeight} worlds, ${settings.examples} example${settings.examples === 1 ? '' : 's'}, ` +
      `programs of ${settings.minLength} to ${settings.maxLength} ${settings.programs === 'control' ? 'words, with branches and loops' : 'actions'}`,
  );
  await runSome(run, context, STAGE_KINDS);
}

/** Stages of these kinds; where results are among them, the report too. Throws as {@link runStages}. */
export async function runSome(run: Run, context: Context, kinds: readonly StageKind[]): Promise<void> {
  await runStages(run, context, kinds);
  if (!kinds.includes('results')) return;
  writeReport(run, context);
  summarize(run, readJson<Results>(run, RESULTS_FILE), context);
}

/** Fills the page of a run, where there is one to fill. */
export function writeReport(run: Run, { page }: Pick<Context, 'page'>): void {
  if (!page) return;
  for (const name of run.store.list(`${REPORT_FOLDER}/`)) run.store.remove(name);
  for (const [name, bytes] of Object.entries(pageFiles([run], page()))) run.store.write(name, bytes);
}

/** The end of a run in a few lines. */
function summarize(run: Run, results: Results, { progress, page, link }: Context): void {
  const last = results.checkpoints.at(-1)!;
  progress.line('');
  const reached = progressOf(results);
  const { ended } = reached;
  const unfinished = describeReached(reached);
  if (unfinished) progress.line(unfinished);
  progress.line(
    `solved ${(100 * last.generativeAccuracy).toFixed(1)}% of ${last.specifications} test specifications${ended ? '' : ' so far'}`,
  );
  if (![...results.probes, ...results.skippedProbes].some((p) => p.step === last.step))
    progress.line(`step ${last.step}: no probes yet`);
  for (const semantics of ['original', 'flip', 'adversarial']) {
    const probed = results.probes.find(
      (p) =>
        p.step === last.step &&
        p.feature === 'direction' &&
        p.semantics === semantics &&
        p.offset === -1 &&
        p.hiddenLayers === 1,
    );
    if (!probed) continue;
    const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
    progress.line(
      `direction under ${semantics.padEnd(11)} semantics, one hidden layer: ${percent(probed.accuracy)} ` +
        `(majority ${percent(probed.majority)}, untrained ${percent(probed.untrained)}), ` +
        `information ${probed.information.toFixed(3)} bits`,
    );
  }
  const { seconds } = readJournal(run.store);
  progress.line(`${formatSeconds(seconds)} ${ended ? 'in all' : 'so far'}; model ${results.modelSha256.slice(0, 12)}`);
  progress.line(`manifest ${run.manifestSha256()}`);
  if (page) progress.line(`page: ${(link ?? String)(`${run.store.place}/${REPORT_FOLDER}/index.html`)}`);
}
