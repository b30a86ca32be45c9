#!/usr/bin/env node
/** @file The command line. Appendix B. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { DIALECT_NAMES, DIALECTS, type DialectName, readProgram } from './karel/index.ts';
import { addAudit } from './node/audit/index.ts';
import { type BenchOptions, bench, SUITE_NAMES, SUITES, type SuiteName } from './node/bench-command.ts';
import { compute, InterruptedError, type Task } from './node/compute.ts';
import { DiskStore } from './node/disk-store.ts';
import { lockDirectory } from './node/lock.ts';
import { machineFor } from './node/machine.ts';
import { packagedModel } from './node/packaged-model.ts';
import { builtPage, linkTo } from './node/page.ts';
import { progressTo } from './node/progress.ts';
import { serve } from './node/serve.ts';
import { textInput } from './node/text-input.ts';
import { openEngine } from './node/threads.ts';
import * as study from './study/index.ts';
import { MAX_THREADS } from './tensor/index.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** As of a process that SIGPIPE ends. */
const EXIT_PIPE = 141;

const program = new Command('karelscope')
  .description(
    'See, down to the last multiplication, how a small language model trained on programs comes to represent what they mean.',
  )
  .version(study.VERSION)
  .option('--debug', 'show the stack of an error (anywhere on the line)')
  .showSuggestionAfterError(false)
  .configureOutput({ outputError: (text, write) => write(`${oneLine(text)}\n`) })
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed (wrong settings, damaged files ...), 2 wrong usage, 130 or 143 stopped by a signal.',
  )
  .enablePositionalOptions()
  .exitOverride();

/** Commander's message in one line, with the nearest option that there is. */
function oneLine(text: string): string {
  const message = text
    .trim()
    .replace(/^error/, 'karelscope')
    .replaceAll('\n', ' ');
  const unknown = /unknown (option|command) '-*([^']*)'/.exec(message);
  if (!unknown) return message;
  const [, kind, name = ''] = unknown;
  const known = kind === 'command' ? program.commands.map((command) => command.name()) : optionNames(program);
  return message + study.nearest(name, known, kind === 'command' ? '' : '--');
}

function optionNames(command: Command): string[] {
  const own = command.options.map((option) => option.long?.slice(2) ?? '');
  return [...new Set([...own, ...command.commands.flatMap(optionNames)])];
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1 up.');
  return value;
};
const threads = (text: string): number => {
  const value = positive(text);
  if (value > MAX_THREADS) throw new InvalidArgumentError(`expected at most ${MAX_THREADS}.`);
  return value;
};
const port = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new InvalidArgumentError('expected a whole number from 0 to 65535.');
};
const collect = (value: string, before: string[]): string[] => [...before, value];
const threadsOption = () =>
  new Option('--threads <n>', 'threads to compute with; results do not depend on it (default: all cores)').argParser(
    threads,
  );

/** The options that name a run and its settings, on every command that can begin one. */
function withSettings(command: Command): Command {
  command
    .argument('[preset]', `one of ${study.PRESETS.map(({ name }) => name).join(', ')}`, 'tiny')
    .option('--out <dir>', 'the run directory (default: runs/<preset>)')
    .option(
      '--seed <text>',
      'seed of every random stream (default: 1; with --seeds the first that the analysis plan names)',
    )
    .addOption(threadsOption())
    .optionsGroup("Settings (default: the preset's, see karelscope presets):");
  for (const name of study.SETTING_NAMES) {
    const definition = study.SETTING_DEFINITIONS[name];
    const option = new Option(`--${study.optionName(name)} <value>`, definition.about).argParser((text: string) => {
      try {
        return study.parseSetting(name, text);
      } catch (error) {
        throw new InvalidArgumentError((error as Error).message);
      }
    });
    command.addOption(option);
  }
  command.addOption(new Option('--full', 'short for --probe-grid full').implies({ probeGrid: 'full' }));
  return command;
}

/** Commander's name for a setting's value: `--n-embd` is `nEmbd`. */
const attribute = (name: study.SettingName): string => new Option(`--${study.optionName(name)}`).attributeName();

function planFrom(presetName: string, options: Record<string, unknown>): { path: string; plan: study.RunPlan } {
  const preset = study.presetNamed(presetName);
  const given = study.SETTING_NAMES.filter((name) => options[attribute(name)] !== undefined);
  const overrides = Object.fromEntries(given.map((name) => [name, options[attribute(name)]]));
  const settings = study.checkSettings(study.withOverrides(preset.settings, overrides));
  const path = (options['out'] as string | undefined) ?? `runs/${preset.name}`;
  return { path, plan: { preset: preset.name, seed: String(options['seed'] ?? '1'), settings } };
}

/** Does a task with the directory locked. A closed terminal or a full disk loses nothing that was finished. */
async function perform(path: string, options: Record<string, unknown>, work: Task['work']): Promise<void> {
  const release = lockDirectory(path, { onWait: (text) => progress().line(text) });
  try {
    await compute({ path, threads: options['threads'] as number | undefined, work }, progress());
  } catch (error) {
    if (error instanceof InterruptedError || WITHOUT_FAULT.includes((error as Error).name)) {
      sayHowToGoOn(error as Error, path);
    }
    throw error;
  } finally {
    release();
  }
}

/** Of the machine, not of the command: it can be given again. */
const WITHOUT_FAULT = ['StoreError', 'OutOfMemoryError'];

/** The command is that of this process, with what a shell needs around its words. */
function sayHowToGoOn(error: Error, path: string): void {
  const words = process.argv
    .slice(2)
    .map((word) => (/^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  error.message += `; in ${path} is all that was finished: go on with karelscope ${words.join(' ')}`;
}

/** Some stages of a run, which is begun if it is not there. */
async function stagesOf(presetName: string, options: Record<string, unknown>, stages: readonly study.StageKind[]) {
  const { path, plan } = planFrom(presetName, options);
  if (stages.includes('train')) study.refuseTooLarge(plan.settings);
  await perform(path, options, { kind: 'stages', plan, stages });
}

const seedsOption = () =>
  new Option(
    '--seeds <n>',
    'so many language models, of --seed, the next whole number and so on, and what they show together; in runs/<preset>-seeds',
  ).argParser(positive);

/** What to do for each of `count` seeds, and where. */
function planOfSeeds(preset: string, options: Record<string, unknown>, count: number) {
  const seed = options['seed'] ?? study.firstSeed(preset);
  const { path, plan } = planFrom(preset, { out: `runs/${preset}-seeds`, ...options, seed });
  return { path, plan, seeds: study.seedsFrom(plan.seed, count) };
}

const progress = () => progressTo(process.stdout);
const contextOf = (threads: number | undefined): study.Context => ({
  progress: progress(),
  openEngine: (arithmetic) => openEngine({ arithmetic, ...(threads !== undefined && { threads }) }),
});

const openOption = () => new Option('--open', 'open the page in a browser at the end');

async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open'); // most commands do without
  await open(url);
}

/** Where `--open` asks for it. */
async function showPage(path: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  if (options['open']) await openInBrowser(linkTo(join(path, 'report', 'index.html')));
}

withSettings(program.command('reproduce'))
  .description('the whole study: corpus, training, traces, probes, analyses, report; goes on where it was interrupted')
  .addOption(seedsOption())
  .addOption(openOption())
  .action(async (preset: string, options: Record<string, unknown>) => {
    if (options['seeds'] === undefined) {
      const { path, plan } = planFrom(preset, options);
      study.refuseTooLarge(plan.settings);
      await perform(path, options, { kind: 'reproduce', plan });
      return showPage(path, options);
    }
    const { path, plan, seeds } = planOfSeeds(preset, options, options['seeds'] as number);
    study.refuseTooLarge(plan.settings);
    await perform(path, options, { kind: 'seeds', plan, seeds });
    await showPage(path, options);
  });

withSettings(program.command('estimate'))
  .description('how long reproduce with the same options would take here, how much memory and disk; writes nothing')
  .option('--json', 'one JSON document (keys: src/study/estimate.ts)')
  .addOption(seedsOption())
  .action(async (preset: string, options: Record<string, unknown>) => {
    const seeds = options['seeds'] as number | undefined;
    const { path, plan } = seeds === undefined ? planFrom(preset, options) : planOfSeeds(preset, options, seeds);
    const engine = await contextOf(options['threads'] as number | undefined).openEngine(plan.settings.arithmetic);
    try {
      const shown = process.stderr.isTTY ? progressTo(process.stderr) : study.silent;
      const estimate = await study.estimate(
        { ...plan, ...(seeds !== undefined && { seeds }) },
        engine,
        machineFor(path),
        shown,
      );
      const text = options['json'] ? `${JSON.stringify(estimate, null, 2)}\n` : study.describeEstimate(estimate);
      process.stdout.write(text);
    } finally {
      await engine.close();
    }
  });

withSettings(program.command('train'))
  .description('the corpus and the language model alone, with a trace at each checkpoint')
  .action(async (preset: string, options: Record<string, unknown>) => {
    await stagesOf(preset, options, ['corpus', 'train', 'trace']);
  });

withSettings(
  program.command('import').argument('<dir>', 'the folder of a model, as transformers or karelscope saves one'),
)
  .description(
    'a run of a CodeGen model that was trained elsewhere, F32, F64, F16 or BF16, in one file or shards; trace, probe, analyse and report then go on with it',
  )
  .action(async (dir: string, preset: string, options: Record<string, unknown>) => {
    const { path, plan } = planFrom(preset, { out: `runs/${basename(dir)}`, ...options });
    const store = new DiskStore(dir);
    const names = store.list().filter((name) => /^[^/]+\.(json|safetensors)$/.test(name));
    if (names.length === 0) throw new study.StudyError(`${dir}: no model there (no config.json)`);
    const files = Object.fromEntries(names.map((name) => [name, store.read(name)!]));
    const release = lockDirectory(path);
    try {
      study.importModel(new DiskStore(path), files, plan);
    } finally {
      release();
    }
    await perform(path, options, { kind: 'stages', stages: ['corpus', 'train'] });
    process.stdout.write(
      `${path} holds the model and its corpus: go on with karelscope trace, probe, analyse and report\n`,
    );
  });

withSettings(
  program
    .command('handmade')
    .addArgument(
      new Argument('<model>', "tracker carries the robots' states; table looks programs up").choices(study.HANDMADE),
    ),
)
  .description(
    'a model whose weights are written by construction, for import: it shows what the instruments say of a known one',
  )
  .action(async (name: study.HandmadeName, preset: string, options: Record<string, unknown>) => {
    const { path, plan } = planFrom(preset, { out: `runs/${name}-weights`, ...options });
    const files = study.handmadeModel(name, plan);
    const store = new DiskStore(path);
    for (const [file, bytes] of Object.entries(files)) store.write(file, bytes);
    process.stdout.write(
      `${path} holds the model: go on with karelscope import ${path} ${preset}, and the same settings\n`,
    );
  });

const data = program.command('data').description('make a corpus, or show one');
withSettings(data.command('make', { isDefault: true }))
  .description('the corpus of a run alone')
  .action(async (preset: string, options: Record<string, unknown>) => {
    await stagesOf(preset, options, ['corpus']);
  });
data
  .command('show')
  .description('samples of a corpus as text: worlds, program, tokens')
  .argument('<file>', 'a corpus file, such as runs/tiny/corpus/test.karel, or a run directory (its test split)')
  .option('--from <n>', 'first sample', (text) => Number(text), 0)
  .option('--count <n>', 'how many samples', positive, 3)
  .option('--tokens', 'the tokens as well')
  .action((file: string, options: { from: number; count: number; tokens?: boolean }) => {
    const reader = corpusAt(file);
    try {
      process.stdout.write(study.showCorpus(reader, options));
    } finally {
      reader.close();
    }
  });

/** A corpus file, or the test split of a run. */
function corpusAt(path: string): study.CorpusReader {
  if (existsSync(path) && statSync(path).isDirectory()) {
    const name = study.corpusFile('test');
    return new study.CorpusReader(study.Run.open(new DiskStore(path)).open(name), `${path}/${name}`);
  }
  const file = new DiskStore(dirname(path)).open(basename(path));
  if (!file) throw new study.StudyError(`${path}: no such file`);
  const reader = new study.CorpusReader(file, path);
  reader.verify();
  return reader;
}

for (const [stage, kind, about] of [
  ['trace', 'trace', "the programs that a run's checkpoints write, with hidden states, where they are missing"],
  ['probe', 'probe', "the probes of a run's checkpoints, where they are missing"],
  ['analyse', 'analysis', 'permutations of the semantics, layers, edits of the hidden states, where they are missing'],
  ['report', 'results', 'results.json and the report of a run, or of several seeds'],
] as const) {
  const command = program
    .command(stage)
    .description(about)
    .argument('<run>', 'a run directory, such as runs/tiny')
    .addOption(threadsOption());
  if (stage === 'report') command.addOption(openOption());
  command.action(async (path: string, options: { threads?: number; open?: boolean }) => {
    const store = new DiskStore(path);
    const ofSeeds = stage === 'report' && study.seedsIn(store).length > 0;
    if (!ofSeeds) study.Run.open(store); // before a lock is written
    await perform(path, options, ofSeeds ? { kind: 'report of seeds' } : { kind: 'stages', stages: [kind] });
    await showPage(path, options);
  });
}

program
  .command('gather')
  .description(
    'runs that have ended, wherever they were made, put together into a study: what reproduce --seeds makes in one process',
  )
  .argument('<dirs...>', 'run directories of different seeds, or studies of several')
  .requiredOption('--out <dir>', 'the directory of the study; runs that lie there already, in seed-N, take part')
  .option('--unfinished', 'name runs that have not ended and leave them out, in the place of refusing them')
  .addOption(openOption())
  .action(async (runs: string[], options: { out: string; unfinished?: boolean; open?: boolean }) => {
    await perform(options.out, {}, { kind: 'gather', runs, unfinished: options.unfinished ?? false });
    await showPage(options.out, { open: options.open });
  });

program
  .command('serve')
  .description('the page of a run over HTTP, for this machine alone: there it may train with all cores')
  .argument('<run>', 'a run directory that has a report, that of several seeds, or a folder with an index.html')
  .option('--port <n>', 'the port to listen at; 0 is any that is free', port, 8080)
  .option('--open', 'open it in a browser')
  .action(async (path: string, options: { port: number; open?: boolean }) => {
    const folder = [join(path, 'report'), path].find((place) => existsSync(join(place, 'index.html')));
    if (folder === undefined) throw new study.StudyError(`${path} has no page: make it with karelscope report ${path}`);
    const { url } = await serve(folder, options.port);
    process.stdout.write(`${folder} is at ${url} for this machine alone; end it with Ctrl-C\n`);
    if (options.open) await openInBrowser(url);
  });

program
  .command('verify')
  .description('whether every byte of a run is as it was made: names each file that is damaged, missing or foreign')
  .argument('<run>', 'a run directory, or that of several seeds')
  .option('--repair', 'remove what is damaged and what came of it; reproduce makes it again, with the same bits')
  .action(async (path: string, { repair = false }: { repair?: boolean }) => {
    const store = new DiskStore(path);
    const seeds = study.seedsIn(store);
    const places = seeds.length > 0 ? seeds.map((seed) => `${path}/seed-${seed}`) : [path];
    for (const place of places) if (!(await verifyAt(place, repair))) process.exitCode = EXIT_FAILED;
  });

/** Whether nothing was wrong. */
async function verifyAt(path: string, repair: boolean): Promise<boolean> {
  const store = new DiskStore(path);
  if (!store.read('settings.json') && !store.read('manifest.json')) {
    throw new study.StudyError(`${path} holds no run (no settings.json)`);
  }
  const release = repair ? lockDirectory(path) : () => {};
  try {
    const { findings, removed } = study.verifyRun(store, { repair, page: builtPage });
    for (const { name, fault, reason } of findings) process.stdout.write(`${fault.padEnd(9)} ${name}: ${reason}\n`);
    for (const name of removed) process.stdout.write(`removed   ${name}\n`);
    const count = store.list().length;
    if (findings.length === 0) process.stdout.write(`${path}: ${count} files, all as they were made\n`);
    else if (repair) process.stdout.write(`${path}: reproduce with the run's settings makes what was removed again\n`);
    return findings.length === 0;
  } finally {
    release();
  }
}

addAudit(program);

program
  .command('baselines')
  .description('what probes read of the hidden states, beside what they read of the untrained model and of records')
  .argument('<run>', 'a run directory that has been probed, or that of several seeds')
  .action((path: string) => void process.stdout.write(study.describeBaselines(new DiskStore(path))));

interface GenerateOptions {
  readonly worldIn: string[];
  readonly worldOut: string[];
  readonly example: string;
  readonly step?: number;
  readonly threads?: number;
}

program
  .command('generate')
  .description('the program that a trained model writes for input and output worlds')
  .argument('[run]', 'a run directory, such as runs/tiny (default: the trained model that comes with the package)')
  .option(
    '--world-in <world>',
    'an input world: a file, or its lines joined by |; give one for each example (default: an example that is drawn)',
    collect,
    [],
  )
  .option('--world-out <world>', 'the output world that goes with it', collect, [])
  .option('--example <text>', 'which example is drawn where no worlds are given', '1')
  .option('--step <n>', 'the checkpoint to use, 0 for the initial weights (default: the last)', (text) => Number(text))
  .addOption(threadsOption())
  .action(async (path: string | undefined, options: GenerateOptions) => {
    const run = path === undefined ? undefined : study.Run.open(new DiskStore(path));
    const simd = run?.plan.settings.arithmetic === 'simd'; // without fused multiply-add a model still writes
    const engine = await openEngine({ threads: options.threads ?? 1, ...(simd && { arithmetic: 'simd' }) });
    try {
      const { model, step } = run
        ? study.modelOf(run, engine, options.step)
        : { model: packagedModel(engine), step: 3600 };
      const specification =
        options.worldIn.length + options.worldOut.length === 0
          ? study.exampleFor(model.settings, options.example)
          : study.specificationFrom(options.worldIn.map(textInput), options.worldOut.map(textInput));
      const about = `${path ?? 'the model of the package (tiny)'}, step ${step}`;
      process.stdout.write(`${about}\n\n${study.describeWriting(model, specification)}`);
    } finally {
      await engine.close();
    }
  });

const dialectOption = (flags: string, about: string) => new Option(flags, about).choices(DIALECT_NAMES);

const karel = program.command('karel').description('the Karel language');
karel
  .command('run')
  .description('execute a program in a world')
  .argument('<program>', 'a file, - for standard input, or the program itself')
  .option('--world <world>', 'a file, - for standard input, or the lines of the world (border included) joined by |')
  .addOption(dialectOption('--from <dialect>', 'the dialect of the program (default: what it looks like)'))
  .addOption(dialectOption('--to <dialect>', 'print the program in this dialect, and do not run it'))
  .option('--trace', 'the state after each action')
  .option('--semantics <name or map>', 'original, flip, adversarial ..., or action=action,...', 'original')
  .option('--max-steps <n>', 'step budget', positive, 10_000)
  .action((text: string, { world, to, ...options }: KarelOptions) => {
    const source = textInput(text);
    if (to) {
      process.stdout.write(`${DIALECTS[to].print(readProgram(source, options.from))}\n`);
      return;
    }
    if (world === undefined) throw new study.StudyError('karel run needs a --world, or --to with a dialect');
    process.stdout.write(study.runKarel(source, { ...options, world: textInput(world) }));
  });

interface KarelOptions {
  readonly world?: string;
  readonly trace?: boolean;
  readonly semantics: string;
  readonly maxSteps: number;
  readonly from?: DialectName;
  readonly to?: DialectName;
}

program
  .command('presets')
  .description('the presets, or all settings of one')
  .argument('[preset]')
  .action((name?: string) => void process.stdout.write(study.describePresets(name)));

program
  .command('bench')
  .description('how fast this machine is, measured; in a clone of the repository')
  .argument('[suite]', `all, or one of ${SUITE_NAMES.join(', ')}`, (name: string) => {
    if (name === 'all' || name in SUITES) return name;
    throw new InvalidArgumentError(`unknown suite${study.nearest(name, [...SUITE_NAMES, 'all'])}`);
  })
  .option('--json', 'one JSON document (keys: bench/results.ts)')
  .option('--only <text>', 'only the cases that have this in their name, such as tiny')
  .addOption(
    new Option('--threads <n>', 'measure with one thread and with so many (default: all cores)').argParser(positive),
  )
  .addHelpText('after', `\nSuites:\n${SUITE_NAMES.map((name) => `  ${name.padEnd(10)} ${SUITES[name]}`).join('\n')}`)
  .action(async (suite: string | undefined, options: BenchOptions) => {
    await bench(suite === undefined || suite === 'all' ? SUITE_NAMES : [suite as SuiteName], options);
  });

// Whoever reads has gone (`| head`): there is nobody to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_PIPE);
  throw error;
});

const debug = process.argv.includes('--debug');
try {
  await program.parseAsync(process.argv.filter((argument) => argument !== '--debug'));
} catch (error) {
  process.exitCode = EXIT_FAILED;
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE; // commander has printed it
  } else if (error instanceof Error) {
    if (error instanceof InterruptedError) process.exitCode = error.exitCode;
    const text = debug ? error.stack : `karelscope: ${error.message.split('\n')[0]}`;
    process.stderr.write(`${text}\n`);
  } else {
    throw error;
  }
}
