/** @file A model that is open in the page: what it reads, writes and believes. All of it is the library's work. Appendix C. */
import { type Explanation, SequenceExplainer } from '../../src/audit/index.ts';
import {
  abstractTrace,
  encodePrompt,
  isAction,
  ORIGINAL,
  type ProgramWord,
  runActions,
  type Specification,
  semanticsFromText,
  solves,
  TOKEN,
  tokenOfWord,
  type World,
  wordOfToken,
} from '../../src/karel/index.ts';
import {
  believe,
  type Counterfactual,
  type EditDirections,
  editableCodeGen,
  encodeRecords,
  type KeptProbes,
  probeDirections,
  pushing,
  randomDirections,
  readDirections,
  readProbes,
  turnRobots,
  writeOn,
} from '../../src/probe/index.ts';
import { randomStream } from '../../src/random.ts';
import { corpusSettings } from '../../src/study/model-config.ts';
import type { Settings } from '../../src/study/settings.ts';
import { generationOptions, programOfTokens } from '../../src/study/stages/trace.ts';
import { createEngine, type Engine } from '../../src/tensor/index.ts';
import {
  attentionWeights,
  type CodeGen,
  decodeModel,
  mostProbable,
  nextTokenProbabilities,
  type Reading,
  readSequence,
  recordReading,
} from '../../src/transformer/index.ts';
import type { Parts } from './checkpoints.ts';

const engines = new Map<string, Promise<Engine>>();
/** One thread: a page's main thread may not wait for others. Without fused multiply-add a model is still read. */
function openEngine({ arithmetic }: Partial<Settings>): Promise<Engine> {
  const asked = arithmetic === 'simd' ? arithmetic : undefined;
  const engine = engines.get(String(asked)) ?? createEngine({ threads: 1, arithmetic: asked });
  engines.set(String(asked), engine);
  return engine;
}

/** What comes next, word by word. */
export interface NextWord {
  readonly token: number;
  readonly word: string;
  readonly probability: number;
  readonly allowed: boolean;
}

/** What a probe believes of one state, and what is true. */
export interface Belief {
  readonly source: 'trained' | 'grids';
  readonly semantics: string;
  readonly feature: string;
  readonly offset: number;
  /** [heads][classes] */
  readonly probabilities: readonly (readonly number[])[];
  /** The classes that are true, head by head; null where the state does not exist yet. */
  readonly truth: readonly number[] | null;
}

export interface EditRequest {
  /** Actions before the place where the robots are taken to be turned. */
  readonly point: number;
  /** Quarters to the right. */
  readonly turn: 1 | 2 | 3;
  readonly layer: number;
  readonly size: number;
  readonly kind: 'probe' | 'random';
}

export class Session {
  readonly settings: Settings;
  readonly model: CodeGen;
  readonly probes: KeptProbes;
  readonly directions: EditDirections | null;
  readonly #engine: Engine;
  /** Of the sequence that was asked about last. */
  #explained: { readonly reading: Reading; readonly explainer: SequenceExplainer } | undefined;

  private constructor(engine: Engine, settings: Settings, parts: Parts) {
    this.#engine = engine;
    this.settings = settings;
    this.model = decodeModel(engine, parts);
    const probes = parts['probes.safetensors'];
    this.probes = probes ? readProbes(probes, 'probes.safetensors') : { probes: [], record: null };
    const directions = parts['directions.safetensors'];
    this.directions = directions ? readDirections(directions, 'directions.safetensors') : null;
  }

  /** Models that are opened one after the other stay in the engine's memory, some hundred kilobytes each. */
  static async open(settings: Settings, parts: Parts): Promise<Session> {
    return new Session(await openEngine(settings), settings, parts);
  }

  prompt(specification: Specification): number[] {
    return Array.from(encodePrompt(corpusSettings(this.settings), specification));
  }

  /** Prompt and program, END included where it has been written. */
  read(specification: Specification, program: readonly number[]): Reading {
    return readSequence(this.#engine, this.model, [...this.prompt(specification), ...program]);
  }

  /** The token after the first `at` of the program, the most probable first. */
  next(reading: Reading, promptLength: number, program: readonly number[], at: number): NextWord[] {
    const probabilities = nextTokenProbabilities(reading, promptLength - 1 + at);
    const mask = generationOptions(this.settings).allowed?.(program.slice(0, at));
    return Array.from(probabilities, (probability, token) => ({
      token,
      word: token === TOKEN.END ? 'END' : (wordOfToken(token) ?? `token ${token}`),
      probability,
      allowed: mask ? mask[token] === 1 : true,
    })).sort((a, b) => b.probability - a.probability || a.token - b.token);
  }

  /** What the model writes greedily after the first tokens of a program, these included. */
  complete(specification: Specification, program: readonly number[]): number[] {
    const written = [...program];
    const { maxNewTokens, allowed } = generationOptions(this.settings);
    const { length } = this.prompt(specification);
    while (written.at(-1) !== TOKEN.END && written.length < maxNewTokens) {
      const { data, width } = this.read(specification, written).activations.get('logits')!;
      const row = length - 1 + written.length;
      written.push(mostProbable(data.subarray(row * width, (row + 1) * width), allowed?.(written)));
    }
    return written;
  }

  words(program: readonly number[]): ProgramWord[] {
    return program.filter((token) => token !== TOKEN.END).flatMap((token) => wordOfToken(token) ?? []);
  }

  /** Whether the program has ended and does what was asked; null before its END. */
  solved(specification: Specification, program: readonly number[]): boolean | null {
    if (program.at(-1) !== TOKEN.END) return null;
    const words = programOfTokens(program, this.settings.programs);
    return words !== undefined && solves(specification, words);
  }

  /** The worlds from an input on, under some semantics, action by action; straight lines only. */
  worldsOf(input: World, program: readonly number[], semantics = 'original'): World[] {
    const actions = this.words(program).filter(isAction);
    return Array.from({ length: actions.length + 1 }, (_, done) =>
      runActions(input, actions.slice(0, done), semanticsFromText(semantics)),
    );
  }

  get example(): number {
    return Math.max(0, this.settings.labelExample);
  }

  /** What the kept probes believe while the action at place `at` is written, from 0. */
  beliefs(reading: Reading, specification: Specification, program: readonly number[], at: number): Belief[] {
    const { length } = this.prompt(specification);
    const { data, width } = reading.activations.get(
      this.settings.layer === -1 ? 'hidden_states.mean' : `hidden_states.${this.settings.layer}`,
    )!;
    const row = length - 1 + at;
    const hidden = data.subarray(row * width, (row + 1) * width);
    const actions = this.words(program).filter(isAction);
    const record = this.#record(specification, program, at);
    const reach = Math.max(this.settings.gridWidth, this.settings.gridHeight) - 1;
    return this.probes.probes.flatMap((probe): Belief[] => {
      const read = probe.source === 'trained' ? hidden : record;
      if (!read) return [];
      const { source, semantics, feature, offset } = probe;
      const states = abstractTrace(specification.inputs[this.example]!, actions, semanticsFromText(semantics));
      const state = states[at + 1 + offset];
      const [start] = states;
      const truth =
        state && start
          ? feature === 'direction'
            ? [state.facing]
            : feature === 'obstacle'
              ? [state.frontIsWall ? 1 : 0]
              : [state.x - start.x + reach, state.y - start.y + reach]
          : null;
      return [{ source, semantics, feature, offset, probabilities: believe(probe, read), truth }];
    });
  }

  /** What the baseline reads: the text before the action at place `at`, and both grids. Null where it was not kept, or the text is too long. */
  #record(specification: Specification, program: readonly number[], at: number): Uint8Array | null {
    const { record } = this.probes;
    const words = this.words(program);
    if (!record || at >= record.longest || this.settings.programs === 'control') return null;
    const text = [...words.slice(0, at), 'move' as const]; // the row of an action holds the words before it
    const actions = text.filter(isAction);
    const rows = encodeRecords([{ ...specification, actions }], 'grids', record);
    const width = rows.length / actions.length;
    return rows.subarray(rows.length - width);
  }

  /** [heads][tokens up to `token`] of a block, from 0. */
  attention(reading: Reading, layer: number, token: number): number[][] {
    const { heads } = this.model.layout;
    return Array.from({ length: heads }, (_, head) =>
      Array.from(attentionWeights(reading, this.model, layer, head, token)),
    );
  }

  /** What the model goes on to write when its hidden states are pushed as if the robots had been turned; and without a push. */
  edit(specification: Specification, program: readonly number[], request: EditRequest) {
    if (!this.directions) throw new Error('the directions of edits were not kept for this checkpoint');
    const { geometry, weights } = this.directions;
    const { point, turn, layer, size, kind } = request;
    const actions = this.words(program).filter(isAction);
    const item: Counterfactual = {
      ...specification,
      actions,
      point,
      turn,
      turned: turnRobots(worldsAt(specification, actions, point), turn),
    };
    const before = actions.slice(0, point).map(tokenOfWord);
    const task = generationOptions(this.settings);
    const direction =
      kind === 'probe'
        ? probeDirections([item], weights, geometry, ORIGINAL)
        : randomDirections([item], geometry, randomStream('page', 'edit'));
    const editable = editableCodeGen(this.#engine, this.model);
    const result = { plain: [] as number[], edited: [] as number[] };
    editable.read([[...this.prompt(specification), ...before]], { room: task.maxNewTokens }, (next) => {
      result.plain = writeOn(next, editable.vocabulary, [before], task)[0]!;
      const distances = geometry.map(({ distance }) => distance);
      const push = pushing(editable.width, { layer, size }, distances, direction);
      result.edited = writeOn(next, editable.vocabulary, [before], task, push)[0]!;
    });
    const remainder = this.words(result.edited);
    const asNeeded =
      result.edited.at(-1) === TOKEN.END && solves({ inputs: item.turned, outputs: specification.outputs }, remainder);
    return { ...result, before, asNeeded, turned: item.turned };
  }

  /** Addresses are those of `karelscope audit explain` behind its `sample N/`. Throws `AuditError`. */
  explain(reading: Reading, address: string): Explanation {
    return this.#explainer(reading).explainAddress(address);
  }

  #explainer(reading: Reading): SequenceExplainer {
    if (this.#explained?.reading === reading) return this.#explained.explainer;
    const { arithmetic } = this.#engine;
    const pass = recordReading(this.#engine, this.model, reading.tokens);
    const layer = this.settings.layer === -1 ? 'mean' : this.settings.layer;
    const explainer = new SequenceExplainer(this.model, pass, {
      arithmetic: arithmetic === 'simd' ? 'simd' : 'relaxed-simd',
      probes: this.probes.probes,
      state: `hidden_states.${layer}`,
    });
    this.#explained = { reading, explainer };
    return explainer;
  }
}

const worldsAt = ({ inputs }: Specification, actions: readonly ProgramWord[], point: number): World[] =>
  inputs.map((input) => runActions(input, actions.slice(0, point).filter(isAction)));
