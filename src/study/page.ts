/** @file The page of a run, or of several seeds: the built page, filled. Appendix C. */
import { encodeSample } from '../karel/index.ts';
import { type PageCheckpoint, type PageData, pageData, textOfTokens } from '../results/page-data.ts';
import type { Results } from '../results/results.ts';
import { encodeText } from '../store/index.ts';
import { MODEL_FILES } from '../transformer/index.ts';
import { reproduceCommand } from './command.ts';
import { readJournal } from './journal.ts';
import { corpusSettings } from './model-config.ts';
import { checkpointFile, DIRECTIONS_FILE, probeWeightsFile, REPORT_FOLDER, RESULTS_FILE, stepName } from './names.ts';
import { checkpointSteps, type Run, type RunPlan, readJson } from './run.ts';
import { drawTestRecords } from './stages/corpus.ts';

const SHOWN_SAMPLES = 200;

/** Where the built page is filled. */
const PLACE = '<!-- data -->';

/** The built page with this data. A `<` in it could end its element early. */
export function fillPage(template: string, data: PageData): string {
  return template.replace(PLACE, () => JSON.stringify(data).replaceAll('<', '\\u003c'));
}

/** What a page shows of these runs, and the files of its checkpoints, by name. */
export interface PageOf {
  readonly data: PageData;
  readonly checkpoints: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>>;
}

/** Of a run every checkpoint, of several the last one of each. */
export function pageOf(runs: readonly Run[]): PageOf {
  const results = runs.map((run) => readJson<Results>(run, RESULTS_FILE));
  const parts: Record<string, Record<string, Uint8Array>> = {};
  const checkpoints = runs.flatMap((run): PageCheckpoint[] => {
    const { seed } = run.plan;
    const kept = checkpointSteps(run.plan).filter((step) => run.has(checkpointFile(step, 'model.safetensors')));
    return (runs.length === 1 ? kept : kept.slice(-1)).map((step) => {
      const name = runs.length === 1 ? stepName(step) : `seed-${seed}-${stepName(step)}`;
      parts[name] = checkpointParts(run, step);
      return { name, seed, step };
    });
  });
  const facts = Object.fromEntries(
    runs.map((run) => [run.plan.seed, { ...readJournal(run.store), manifestSha256: run.manifestSha256() }]),
  );
  const samples = samplesFor(runs[0]!.plan);
  return { data: pageData(results, { samples, checkpoints, command: commandFor(runs), facts }), checkpoints: parts };
}

/**
 * All files of the page, by name. Checkpoints are scripts that hand their files to the page: a page from `file:` can load
 * scripts, and nothing else.
 */
export function pageFiles(runs: readonly Run[], template: string): Record<string, Uint8Array> {
  const { data, checkpoints } = pageOf(runs);
  const scripts = Object.entries(checkpoints).map(([name, parts]) => [
    `${REPORT_FOLDER}/checkpoints/${name}.js`,
    encodeText(checkpointScript(name, parts)),
  ]);
  return { [`${REPORT_FOLDER}/index.html`]: encodeText(fillPage(template, data)), ...Object.fromEntries(scripts) };
}

/** Specifications of the test split that a page shows, drawn as the run drew them. */
export function samplesFor(plan: Pick<RunPlan, 'settings' | 'seed'>): string[] {
  const shape = corpusSettings(plan.settings);
  return drawTestRecords(plan, SHOWN_SAMPLES).map((record) => textOfTokens(encodeSample(shape, record)));
}

/** What to type to make these runs anew; null where their seeds do not follow each other. */
function commandFor(runs: readonly Run[]): string | null {
  const { plan } = runs[0]!;
  if (runs.length === 1) return reproduceCommand({ path: 'RUN', plan });
  const follow =
    /^\d+$/.test(plan.seed) && runs.every((run, at) => run.plan.seed === String(BigInt(plan.seed) + BigInt(at)));
  return follow ? reproduceCommand({ path: 'STUDY', plan }, runs.length) : null;
}

/** What the page opens a checkpoint with, as far as it has been made. */
function checkpointParts(run: Run, step: number): Record<string, Uint8Array> {
  const parts = MODEL_FILES.map((file) => [file, checkpointFile(step, file)]);
  const last = step === run.plan.settings.steps;
  const found = [
    ...parts,
    ['probes.safetensors', probeWeightsFile(step)],
    ...(last ? [['directions.safetensors', DIRECTIONS_FILE]] : []),
  ].filter(([, name]) => run.has(name!));
  return Object.fromEntries(found.map(([part, name]) => [part, run.read(name!)]));
}

/** A script that calls `karelscope` with the checkpoint's name and its files in base64. */
export function checkpointScript(name: string, parts: Readonly<Record<string, Uint8Array>>): string {
  const encoded = Object.fromEntries(Object.entries(parts).map(([part, bytes]) => [part, base64(bytes)]));
  return `karelscope(${JSON.stringify(name)}, ${JSON.stringify(encoded)});\n`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
