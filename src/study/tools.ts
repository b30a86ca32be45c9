/** @file The small commands: Karel programs, corpora, presets and single specifications, as text. Appendix B. */
import {
  type DialectName,
  decodePrompt,
  FACINGS,
  formatWorld,
  frontIsWall,
  parseWorld,
  programText,
  promptLength,
  readProgram,
  run as runProgram,
  type Specification,
  sampleLength,
  sampleToText,
  semanticsFromText,
  solves,
  tokensToText,
  type World,
  worldLines,
} from '../karel/index.ts';
import type { Engine } from '../tensor/index.ts';
import { MODEL_FILES, parameterCount } from '../transformer/index.ts';
import type { CorpusReader } from './corpus-reader.ts';
import { StudyError } from './errors.ts';
import { corpusSettings, modelConfig, trainingBytes } from './model-config.ts';
import { checkpointFile } from './names.ts';
import { PRESETS, presetNamed } from './presets.ts';
import { formatCount } from './progress.ts';
import { checkpointSteps, type Run } from './run.ts';
import { SETTING_DEFINITIONS, SETTING_NAMES, type Settings } from './settings.ts';
import { drawSamples } from './stages/corpus.ts';
import { TrainedModel } from './trained-model.ts';
import { formatBytes } from './units.ts';

/** A world from its lines, which may be joined by `|`. */
const worldFrom = (text: string): World => parseWorld(text.replaceAll('|', '\n'));

/** Executes a program in a world. Throws `KarelSyntaxError`, `WorldError`, `StepBudgetError`. */
export function runKarel(
  program: string,
  options: { world: string; trace?: boolean; semantics: string; maxSteps: number; from?: DialectName },
): string {
  const world = worldFrom(options.world);
  const semantics = semanticsFromText(options.semantics);
  const { final, trace } = runProgram(readProgram(program, options.from), world, {
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

/** The last checkpoint of a run, or that of `step`. Throws {@link StudyError} where there is none. */
export function modelOf(run: Run, engine: Engine, step?: number): { model: TrainedModel; step: number } {
  const kept = checkpointSteps(run.plan).filter((one) => run.has(checkpointFile(one, 'model.safetensors')));
  const chosen = step ?? kept.at(-1);
  if (chosen === undefined || !kept.includes(chosen)) {
    const steps = kept.length > 0 ? `there are those of steps ${kept.join(', ')}` : 'there is none yet';
    throw new StudyError(`${run.store.place} has no checkpoint of step ${chosen ?? 'any'}: ${steps}`);
  }
  const files = MODEL_FILES.map((name) => [name, run.read(checkpointFile(chosen, name))]);
  return { model: new TrainedModel(engine, Object.fromEntries(files), run.plan.settings), step: chosen };
}

/** Worlds as text, `|` between their lines or not. Throws `WorldError`, and {@link StudyError} for none at all. */
export function specificationFrom(worldsIn: readonly string[], worldsOut: readonly string[]): Specification {
  return { inputs: worldsIn.map(worldFrom), outputs: worldsOut.map(worldFrom) };
}

/** A specification like those of training: one that has a program of some length. */
export function exampleFor(settings: Settings, seed: string): Specification {
  const shape = corpusSettings(settings);
  const [tokens] = drawSamples({ ...settings, minLength: settings.maxLength }, 1, seed);
  return decodePrompt(shape, tokens!.subarray(0, promptLength(shape)));
}

/** What a model writes for a specification, and what that does: worlds side by side, tokens with their probabilities, a verdict. */
export function describeWriting(model: TrainedModel, specification: Specification): string {
  const { words, tokens } = model.write(specification);
  const worlds = specification.inputs.map((input, at) =>
    sideBySide(worldLines(input), worldLines(specification.outputs[at]!)),
  );
  const lines = tokens.map(({ word, probability }) => `  ${(100 * probability).toFixed(1).padStart(5)}%  ${word}`);
  const right = words !== undefined && solves(specification, words);
  const verdict = right ? 'it does what was asked' : 'it does not do what was asked';
  return `${worlds.join('\n\n')}\n\nwrites: ${words ? programText(words) : '(no program)'}\n${lines.join('\n')}\n${verdict}\n`;
}

const sideBySide = (left: readonly string[], right: readonly string[]): string =>
  left.map((line, at) => `${line} ${at === left.length >> 1 ? '->' : '  '} ${right[at] ?? ''}`).join('\n');

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
  const tokens = settings.steps * settings.batchSize * sampleLength(corpusSettings(settings));
  const size =
    `${parameters} parameters, at most ${config.n_positions} tokens a sample; training sees ${formatCount(tokens)} ` +
    `tokens, takes about ${formatCount((6 * tokens * parameterCount(config)) / 1e12)} TFLOP and ${formatBytes(trainingBytes(settings))}`;
  return `${name}: ${about}\n${size}\n${rows.join('\n')}\n`;
}
