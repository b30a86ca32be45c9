/** @file `karelscope audit run`. Appendix E. */
import { randomInt } from 'node:crypto';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { arithmeticOf } from '../../audit/arithmetic.ts';
import { kindsOf } from '../../audit/run/audit.ts';
import { chainDifferences } from '../../audit/run/chain.ts';
import { exactEngineOf, type Grounds } from '../../audit/run/grounds.ts';
import { type Checked, type Difference, type Kind, MOST_DIFFERENCES } from '../../audit/run/kind.ts';
import { spend } from '../../audit/run/loop.ts';
import { ABOUT_CAUGHT, describeChecked, describeDifference } from '../../audit/run/text.ts';
import { randomStream } from '../../random.ts';
import * as study from '../../study/index.ts';
import type { Engine } from '../../tensor/index.ts';
import { DiskStore } from '../disk-store.ts';
import { builtPage } from '../page.ts';
import { progressTo } from '../progress.ts';
import { openEngine } from '../threads.ts';
import { threadCount } from './options.ts';

interface RunCommandOptions {
  readonly minutes: number;
  readonly full?: boolean;
  readonly seed?: string;
  readonly threads?: number;
}

/** So many differences of a kind are told one by one. */
const MOST_TOLD = 4 * MOST_DIFFERENCES;

const minutes = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number above 0.');
};

/** Adds `run` to the commands of `audit`. */
export function addRun(audit: Command): void {
  audit
    .command('run')
    .description(
      'whether a run is what comes of its settings: a random sample of everything in it is computed again and compared, bit by bit',
    )
    .argument('<run>', 'a run directory, such as runs/tiny')
    .addOption(new Option('--minutes <m>', 'how long').argParser(minutes).default(1))
    .option('--full', 'all of it, however long that takes')
    .option('--seed <text>', 'which sample (default: another one each time)')
    .addOption(new Option('--threads <n>', 'threads of the fast kernels (default: all cores)').argParser(threadCount))
    .addHelpText('after', `\n${ABOUT_CAUGHT}Exit code 1 for a difference.`)
    .action(auditRun);
}

async function auditRun(path: string, { minutes, full = false, seed, threads }: RunCommandOptions): Promise<void> {
  const store = new DiskStore(path);
  const run = study.Run.open(store);
  const { findings } = study.verifyRun(store);
  for (const { name, fault, reason } of findings) process.stdout.write(`${fault.padEnd(9)} ${name}: ${reason}\n`);
  if (findings.length > 0) {
    process.stdout.write(`${path}: what is not as it was made is not computed again\n`);
    process.exitCode = 1;
    return;
  }
  const chain = chainDifferences(run);
  for (const difference of chain) process.stdout.write(describeDifference(difference));
  const sample = seed ?? String(randomInt(2 ** 32));
  const what = full ? 'all of it is computed again' : `a sample is computed again, that of --seed ${sample}`;
  process.stdout.write(`${path}: ${run.artefacts.length} artefacts, each with the digest of the manifest; ${what}\n`);
  const fast = await openFast(run, threads);
  const progress = progressTo(process.stderr);
  try {
    const grounds: Grounds = { run, fast, exact: exactEngineOf(run), ...pageOf(progress) };
    const checked = await spend(kindsOf(grounds), {
      seconds: full ? Number.POSITIVE_INFINITY : 60 * minutes,
      random: (name) => randomStream(sample, name),
      progress,
      onDifference: tell(progress),
    });
    process.stdout.write(`\n${describeChecked(checked)}\n${ABOUT_CAUGHT}\n${verdict(path, checked, chain)}`);
    if (chain.length > 0 || checked.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
  } finally {
    progress.stop();
    await fast.close();
  }
}

/** The fast kernels, or the exact ones where this machine has not the run's arithmetic. */
async function openFast(run: study.Run, threads: number | undefined): Promise<Engine> {
  const arithmetic = arithmeticOf(run);
  const engine = await openEngine({ arithmetic, ...(threads !== undefined && { threads }) });
  if (engine.arithmetic === arithmetic) return engine;
  await engine.close();
  process.stdout.write(`this machine has no ${arithmetic} arithmetic: all is computed number by number, slowly\n`);
  return exactEngineOf(run);
}

function pageOf(progress: study.Progress): Pick<Grounds, 'page'> {
  try {
    const page = builtPage();
    return { page: () => page };
  } catch (error) {
    if (!(error instanceof study.StudyError)) throw error;
    progress.line(`the report is not checked: ${error.message}`);
    return {};
  }
}

function tell(progress: study.Progress) {
  const told = new Map<string, number>();
  return ({ name }: Kind, difference: Difference): void => {
    const before = told.get(name) ?? 0;
    told.set(name, before + 1);
    if (before < MOST_TOLD) process.stdout.write(describeDifference(difference));
    if (before === MOST_TOLD) progress.line(`more ${name} differ`);
  };
}

function verdict(path: string, checked: readonly Checked[], chain: readonly Difference[]): string {
  const wrong = checked.filter(({ differences }) => differences.length > 0).map(({ kind }) => kind.name);
  if (chain.length > 0) wrong.unshift('the chain of the manifest');
  if (wrong.length > 0) return `${path}: not what comes of its settings: ${wrong.join(', ')}\n`;
  const all = checked.every(({ kind, checked }) => checked === kind.count);
  return `${path}: ${all ? 'every bit' : 'what was checked'} is what comes of its settings\n`;
}
