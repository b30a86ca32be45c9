/** @file The tracker against the interpreter. */
import { describe, expect, test } from 'vitest';
import { Tape, type Variable } from '../../../src/autograd/index.ts';
import {
  type Action,
  abstractTrace,
  actionOfToken,
  encodePrompt,
  FLIP,
  ORIGINAL,
  randomWorld,
  type Semantics,
  solves,
  TOKEN,
  tokenOfAction,
  type World,
} from '../../../src/karel/index.ts';
import { turnRobots } from '../../../src/probe/index.ts';
import { randomStream } from '../../../src/random.ts';
import { type ReadState, readState } from '../../../src/study/handmade/read-out.ts';
import { trackerFor } from '../../../src/study/handmade/tracker.ts';
import { corpusSettings } from '../../../src/study/model-config.ts';
import { presetNamed } from '../../../src/study/presets.ts';
import type { Settings } from '../../../src/study/settings.ts';
import { drawTestRecords } from '../../../src/study/stages/corpus.ts';
import { generationOptions } from '../../../src/study/stages/trace.ts';
import { generate, hiddenStates, mostProbable, pack } from '../../../src/transformer/index.ts';
import { engine, settingsWith } from '../memory-runs.ts';
import { expectSameLogits } from './logits.ts';

const SMOKE = settingsWith({});
const TINY = presetNamed('tiny').settings;

interface Case {
  readonly inputs: readonly World[];
  readonly actions: readonly Action[];
}

/** Random worlds, and actions each as likely as any other, so that walls are met, as many as the settings allow. */
function casesOf(settings: Settings, count: number, seed: string): Case[] {
  const random = randomStream(seed, 'tracker');
  const { width, height, examples } = corpusSettings(settings);
  return Array.from({ length: count }, () => ({
    inputs: Array.from({ length: examples }, () => randomWorld(random, { width, height, wallRatio: 0.2 })),
    actions: Array.from({ length: settings.maxProgramLength }, () => actionOfToken(21 + Math.floor(random() * 5))!),
  }));
}

/** What is read at CODE and after each action: [cases][examples][positions]. The output grids do not matter. */
function readAll(settings: Settings, cases: readonly Case[]): ReadState[][][] {
  const tracker = trackerFor(settings);
  const model = tracker.weights.model(engine);
  const shape = corpusSettings(settings);
  const { n_embd: width, n_layer: last } = model.config;
  const prompts = cases.map(({ inputs }) => Array.from(encodePrompt(shape, { inputs, outputs: [...inputs] })));
  const sequences = cases.map(({ actions }, at) => [...prompts[at]!, ...actions.map(tokenOfAction)]);
  const positions = cases.map(({ actions }, at) =>
    Array.from({ length: actions.length + 1 }, (_, k) => prompts[at]!.length - 1 + k),
  );
  const hidden = hiddenStates(engine, model, sequences, positions, { layer: last });
  let row = 0;
  return cases.map(({ inputs, actions }) => {
    const first = row;
    row += actions.length + 1;
    return inputs.map((_, example) =>
      Array.from({ length: actions.length + 1 }, (_, k) =>
        readState(tracker, example, hidden.subarray((first + k) * width, (first + k + 1) * width)),
      ),
    );
  });
}

/** The same from the interpreter. */
function executeAll(cases: readonly Case[], semantics: Semantics = ORIGINAL): ReadState[][][] {
  return cases.map(({ inputs, actions }) =>
    inputs.map((input) =>
      abstractTrace(input, actions, semantics).map((state) => ({
        ...state,
        dx: state.x - input.x,
        dy: state.y - input.y,
      })),
    ),
  );
}

describe('the tracker', () => {
  test.each([
    ['smoke', SMOKE, 300],
    ['tiny', TINY, 60],
  ] as const)(
    'of %s holds the state of every robot at every position of random programs',
    (_, settings, count) => {
      const cases = casesOf(settings, count, '1');
      const read = readAll(settings, cases);
      expect(read).toEqual(executeAll(cases));
      expect(read).not.toEqual(executeAll(cases, FLIP));
      // The cases have something to tell: walls ahead, and moves that are made and that are not.
      const states = read.flat(2);
      expect(states.filter(({ frontIsWall }) => frontIsWall).length).toBeGreaterThan(states.length / 5);
      expect(states.filter(({ dx, dy }) => dx !== 0 || dy !== 0).length).toBeGreaterThan(states.length / 12);
    },
    120_000,
  );

  test('solves over three quarters of the specifications of tiny, knowing no markers', () => {
    const model = trackerFor(TINY).weights.model(engine);
    const records = drawTestRecords({ settings: TINY, seed: '1' }, 60);
    const prompts = records.map((record) => encodePrompt(corpusSettings(TINY), record));
    const written = generate(engine, model, prompts, generationOptions(TINY));
    const solved = written.filter(({ tokens }, at) =>
      solves(
        records[at]!,
        tokens.slice(0, -1).map((token) => actionOfToken(token)!),
      ),
    );
    expect(solved.length / records.length).toBeGreaterThan(0.75);
  }, 120_000);

  test('writes by the state that it carries: turned in its residual stream, the robots get the word that they get when they stand so', () => {
    const tracker = trackerFor(TINY);
    const model = tracker.weights.model(engine);
    const shape = corpusSettings(TINY);
    const { n_embd: width, vocab_size } = model.config;
    const records = drawTestRecords({ settings: TINY, seed: '2' }, 30);
    const program = Uint8Array.from({ length: vocab_size }, (_, token) =>
      token >= TOKEN.MOVE || token === TOKEN.END ? 1 : 0,
    );
    const wordsFor = (turnIn: 'mind' | 'world' | 'neither', turn: 1 | 2 | 3): number[] =>
      records.map(({ inputs, outputs }) => {
        const tokens = encodePrompt(shape, { inputs: turnIn === 'world' ? turnRobots(inputs, turn) : inputs, outputs });
        const turnInMind = ({ value: { data } }: Variable): undefined => {
          const last = data.subarray(data.length - width);
          for (const { facing } of tracker.channels.robots) {
            const before = facing.map((channel) => last[channel]!);
            for (const [to, channel] of facing.entries()) last[channel] = before[(to - turn + 4) & 3]!;
          }
        };
        const taps = turnIn === 'mind' ? { [`hidden_states.${tracker.carried}`]: turnInMind } : {};
        const { data } = model.forward(new Tape(engine, { recording: false }), pack(engine, [tokens]), { taps }).value;
        return mostProbable(data.subarray(data.length - vocab_size), program);
      });
    for (const turn of [1, 2, 3] as const) {
      const inMind = wordsFor('mind', turn);
      expect(inMind).toEqual(wordsFor('world', turn));
      expect(inMind).not.toEqual(wordsFor('neither', turn));
    }
  }, 120_000);

  test('has the same logits on the fast and on the reference engine, within 0.001', () => {
    const { weights } = trackerFor(SMOKE);
    const [{ inputs, actions } = { inputs: [], actions: [] }] = casesOf(SMOKE, 1, '2');
    const tokens = [
      ...encodePrompt(corpusSettings(SMOKE), { inputs, outputs: [...inputs] }),
      ...actions.map(tokenOfAction),
    ];
    expectSameLogits(weights, tokens);
  });

  test('is refused for programs that branch and loop', () => {
    expect(() => trackerFor(presetNamed('tiny-control').settings)).toThrow(
      'handmade: programs is control, expected straight',
    );
  });
});
