/** @file The small commands: Karel programs, corpora, presets and single specifications, as text. Chapter 8. */
import {
  encodePrompt,
  FACINGS,
  formatWorld,
  frontIsWall,
  parseProgram,
  parseWorld,
  programText,
  run as runProgram,
  sampleToText,
  semanticsFromText,
  solves,
  TOKEN,
  tokensToText,
  type World,
  wordOfToken,
} from '../karel/index.ts';
import { generate, parameterCount } from '../transformer/index.ts';
import { loadModel } from './checkpoints.ts';
import type { CorpusReader } from './corpus-reader.ts';
import { StudyError } from './errors.ts';
import { corpusSettings, modelConfig, trainingBytes } from './model-config.ts';
import { checkpointFile } from './names.ts';
import { PRESETS, presetNamed } from './presets.ts';
import { formatCount } from './progress.ts';
import { checkpointSteps, type Run } from './run.ts';
import type { Context } from './runner.ts';
import { SETTING_DEFINITIONS, SETTING_NAMES } from './settings.ts';
import { generationOptions, programOfTokens } from './stages/trace.ts';
import { formatBytes } from './units.ts';

/** A world from its lines, which may be joined by `|`. */
const worldFrom = (text: string): World => parseWorld(text.replaceAll('|', '\n'));

/** Executes a program in a world. Throws `KarelSyntaxError`, `WorldError`, `StepBudgetError`. */
export function runKarel(
  program: string,
  options: { world: string; trace?: boolean; semantics: string; maxSteps: number },
): string {
  const world = worldFrom(options.world);
  const semantics = semanticsFromText(options.semantics);
  const { final, trace } = runProgram(parseProgram(program), world, {
    semantics,
    maxSteps: options.maxSteps,
  });
  if (!options.trace) return formatWorld(final);
  const lines = [`start: ${describeState(world)}`, formatWorld(world)];
  for (const [index, entry] of trace.entries()) {
    lines.push(`${index + 1}. ${entry.action} (line ${entry.statement.position.line}): ${describeState(entry.state)}`);
    lines.push(formatWorld(entry.state));
  }
  return lines.join('\n').replace(/\n*$/, '\n');
}

function describeState(world: World): string {
  const ahead = frontIsWall(world) ? 'wall ahead' : 'clear ahead';
  return `robot at column ${world.x + 1}, row ${world.y + 1}, facing ${FACINGS[world.facing]}, ${ahead}`;
}

/** Samples of a corpus. Throws {@link StudyError} for a sample that it has not. */
export function showCorpus(reader: CorpusReader, options: { from: number; count: number; tokens?: boolean }): string {
  const { header } = reader;
  if (!Number.isInteger(options.from) || options.from < 0 || options.from >= reader.count) {
    throw new StudyError(`sample ${options.from} of a corpus of ${reader.count}`);
  }
  const blocks = [`${header.split} split, ${header.count} samples, seed ${header.seed}`];
  for (let index = options.from; index < Math.min(options.from + options.count, reader.count); index++) {
    const lines = [`sample ${index}`, sampleToText(reader.record(index))];
    if (options.tokens) lines.push(`tokens   ${tokensToText(reader.tokens(index))}`);
    blocks.push(lines.join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}

/** What a run's model writes for a specification that is given as worlds. */
export async function generateFor(
  run: Run,
  context: Context,
  options: { worldIn: string[]; worldOut: string[]; step?: number },
): Promise<string> {
  const { settings } = run.plan;
  const specification = { inputs: options.worldIn.map(worldFrom), outputs: options.worldOut.map(worldFrom) };
  const shape = corpusSettings(settings);
  const { inputs, outputs } = specification;
  if (inputs.length !== shape.examples || outputs.length !== shape.examples) {
    throw new StudyError(
      `${inputs.length} --world-in and ${outputs.length} --world-out, expected ${shape.examples} of each`,
    );
  }
  const prompt = encodePrompt(shape, specification);
  const kept = checkpointSteps(run.plan).filter((one) => run.has(checkpointFile(one, 'model.safetensors')));
  const step = options.step ?? kept.at(-1);
  if (step === undefined || !kept.includes(step)) {
    const steps = kept.length > 0 ? `there are those of steps ${kept.join(', ')}` : 'there is none yet';
    throw new StudyError(`${run.store.place} has no checkpoint of step ${step ?? 'any'}: ${steps}`);
  }
  const engine = await context.openEngine();
  try {
    const model = loadModel(run, step, engine);
    const [generation] = generate(engine, model, [prompt], generationOptions(settings));
    const { tokens, logProbabilities } = generation!;
    const words = programOfTokens(tokens, settings.programs);
    const lines = tokens.map((token, index) => {
      const probability = (100 * Math.exp(logProbabilities[index]!)).toFixed(1).padStart(5);
      return `  ${probability}%  ${token === TOKEN.END ? 'END' : (wordOfToken(token) ?? `token ${token}`)}`;
    });
    const right = words !== undefined && solves(specification, words);
    const verdict = right ? 'it does what was asked' : 'it does not do what was asked';
    return `step ${step} writes: ${words ? programText(words) : '(no program)'}\n${lines.join('\n')}\n${verdict}\n`;
  } finally {
    await engine.close();
  }
}

/** All presets in a line each, or one with every setting. Throws {@link StudyError} for an unknown name. */
export function describePresets(name?: string): string {
  if (name === undefined) {
    return PRESETS.map((preset) => `${preset.name.padEnd(12)} ${preset.about}\n`).join('');
  }
  const { about, settings } = presetNamed(name);
  const config = modelConfig(settings);
  const rows = SETTING_NAMES.map(
    (key) => `  ${key.padEnd(20)} ${String(settings[key]).padEnd(10)} ${SETTING_DEFINITIONS[key].about}`,
  );
  const parameters = parameterCount(config).toLocaleString('en-US');
  const tokens = settings.steps * settings.batchSize * config.n_positions;
  const size =
    `${parameters} parameters, at most ${config.n_positions} tokens a sample; training sees ${formatCount(tokens)} ` +
    `tokens, takes about ${formatCount((6 * tokens * parameterCount(config)) / 1e12)} TFLOP and ${formatBytes(trainingBytes(settings))}`;
  return `${name}: ${about}\n${size}\n${rows.join('\n')}\n`;
}
