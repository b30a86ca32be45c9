/** @file Programs written by models of the presets' sizes, with a key-value cache and without. */
import { allowedNextTokens, promptLength } from '../src/karel/index.ts';
import { randomStream } from '../src/random.ts';
import { corpusSettings, modelConfig } from '../src/study/model-config.ts';
import type { Preset } from '../src/study/presets.ts';
import { drawSamples } from '../src/study/stages/corpus.ts';
import { generationOptions } from '../src/study/stages/trace.ts';
import type { Engine } from '../src/tensor/index.ts';
import { CodeGen, type GenerateOptions, type Generation, generate } from '../src/transformer/index.ts';
import { repeat } from './measure.ts';
import { MEASURED_PRESETS } from './presets.ts';
import type { Generating } from './results.ts';
import type { Suite } from './suite.ts';
import { formatTable, number } from './table.ts';

/** Tokens of all prompts together, about: without a cache they are computed again for each new token. */
const PROMPT_TOKENS = 12_000;
const MOST_PROGRAMS = 256;

function measureGenerate(engine: Engine, { name: preset, settings }: Preset): Generating {
  const prompt = promptLength(corpusSettings(settings));
  const programs = Math.min(MOST_PROGRAMS, Math.floor(PROMPT_TOKENS / prompt));
  const prompts = drawSamples(settings, programs, '1').map((tokens) => tokens.subarray(0, prompt));
  const most = settings.maxProgramLength;
  const options: GenerateOptions = {
    ...generationOptions(settings),
    // An untrained model may end a program anywhere: here END comes when nothing else may.
    allowed: (generated) => allowedNextTokens(generated.length < most ? [] : generated, most),
  };
  return engine.scope(() => {
    const model = CodeGen.initialize(engine, modelConfig(settings), randomStream('1', 'model'));
    const timed = (cache: boolean): { seconds: number; written: Generation[] } => {
      let written: Generation[] = [];
      const taken = repeat(() => void (written = generate(engine, model, prompts, { ...options, cache })), 1);
      return { seconds: Math.min(...taken), written };
    };
    const [cached, uncached] = [timed(true), timed(false)];
    requireSamePrograms(cached.written, uncached.written, preset);
    return {
      preset,
      threads: engine.threads,
      programs,
      programsPerSecond: programs / cached.seconds,
      speedupOverUncached: uncached.seconds / cached.seconds,
    };
  });
}

function requireSamePrograms(cached: readonly Generation[], uncached: readonly Generation[], preset: string): void {
  const different = cached.findIndex(({ tokens }, index) => tokens.join() !== uncached[index]!.tokens.join());
  if (different === -1) return;
  throw new Error(`generate, ${preset}: program ${different} depends on whether there is a cache`);
}

export const generateSuite: Suite<readonly Generating[]> = {
  measure: (bench) =>
    bench.withEngine(async (engine) =>
      bench.select('generate', MEASURED_PRESETS).map((preset) => {
        bench.note(`generate, ${preset.name}`);
        return measureGenerate(engine, preset);
      }),
    ),
  describe: (results) =>
    formatTable(
      [`generation, threads: ${results[0]?.threads}`, 'programs/s', 'x uncached'],
      results.map((one) => [one.preset, number(one.programsPerSecond), number(one.speedupOverUncached)]),
    ),
};
