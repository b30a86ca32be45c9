/** @file Samples to tokens and back: one token a cell, one an action or another word of a program. Chapter 2. */

import type { Action } from './actions.ts';
import { isProgram, isStraight } from './program-words.ts';
import type { Sample, Specification } from './specification.ts';
import {
  actionOfToken,
  describeToken,
  facingOfToken,
  type ProgramKind,
  type ProgramWord,
  TOKEN,
  tokenOfRobot,
  tokenOfWord,
  wordOfToken,
} from './vocabulary.ts';
import { createWorld, MAX_MARKERS, robotCell, type World } from './world.ts';

/** What fixes the number of tokens in a sample. */
export interface SampleShape {
  /** Cells of the interior in a row, and in a column. */
  readonly width: number;
  readonly height: number;
  /** Pairs of grids in a specification. */
  readonly examples: number;
  /** The most words in a program; those of a straight line are its actions. */
  readonly maxLength: number;
  /** Which programs there are; `straight` if absent. */
  readonly programs?: ProgramKind;
}

/** Tokens that are no sample; the message says where, and which token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** Tokens of `BOS (IN grid OUT grid) x examples CODE`: what the model is given before it writes a program. */
export function promptLength(shape: Omit<SampleShape, 'maxLength'>): number {
  return 1 + shape.examples * 2 * (1 + shape.width * shape.height) + 1;
}

/** Whether token `at` of a sample is a cell of an input grid, which is drawn at random and cannot be foretold. */
export function isInputCell(shape: Omit<SampleShape, 'maxLength'>, at: number): boolean {
  const cells = shape.width * shape.height;
  const withinPair = (at - 1) % (2 * (1 + cells)); // 0 is IN, then cells, OUT, and as many cells again
  return at < promptLength(shape) && withinPair >= 1 && withinPair <= cells;
}

/** Tokens of the longest sample: the prompt, `maxLength` words, END. Shorter samples are filled up with PAD. */
export function sampleLength(shape: SampleShape): number {
  return promptLength(shape) + shape.maxLength + 1;
}

/**
 * Writes `world` as drawn, one token a cell in row order, into `tokens` from `at`: [height * width].
 * @throws TokenError if a cell other than the robot's holds more markers than can be drawn.
 */
export function encodeWorld(
  world: World,
  tokens: Uint8Array = new Uint8Array(world.width * world.height),
  at = 0,
): Uint8Array {
  const { walls, markers } = world;
  const robot = robotCell(world);
  // #region cells
  for (let cell = 0; cell < walls.length; cell++) {
    const count = markers[cell]!;
    if (count > MAX_MARKERS && cell !== robot) {
      throw new TokenError(`cell ${cell} has ${count} markers, at most ${MAX_MARKERS} have a token`);
    }
    tokens[at + cell] = walls[cell] === 1 ? TOKEN.WALL : TOKEN.EMPTY + count;
  }
  tokens[at + robot] = tokenOfRobot(world.facing);
  // #endregion
  return tokens;
}

/**
 * The world that `height * width` tokens from `at` draw. No markers lie under its robot, for none can be seen.
 * @throws TokenError if a token is no cell, or if there is not exactly one robot.
 */
export function decodeWorld(tokens: ArrayLike<number>, width: number, height: number, at = 0): World {
  const world = createWorld(width, height);
  let robots = 0;
  for (let cell = 0; cell < width * height; cell++) {
    const token = tokens[at + cell];
    const facing = token === undefined ? undefined : facingOfToken(token);
    if (facing !== undefined) {
      robots++;
      world.x = cell % width;
      world.y = Math.floor(cell / width);
      world.facing = facing;
    } else if (token === TOKEN.WALL) world.walls[cell] = 1;
    else if (token !== undefined && token >= TOKEN.EMPTY && token <= TOKEN.EMPTY + MAX_MARKERS) {
      world.markers[cell] = token - TOKEN.EMPTY;
    } else throw new TokenError(`token ${at + cell} is ${describeToken(token)}, expected a cell`);
  }
  if (robots !== 1) throw new TokenError(`grid at token ${at} has ${robots} robots, expected 1`);
  return world;
}

/** The words and END: [program.length + 1]. */
export function encodeProgramTokens(program: readonly ProgramWord[]): Uint8Array {
  return Uint8Array.from([...program.map(tokenOfWord), TOKEN.END]);
}

/**
 * The actions from `at` up to END; what follows END is not looked at.
 * @throws TokenError at a token that is neither an action nor END, or if END does not come.
 */
export function decodeProgramTokens(tokens: ArrayLike<number>, at = 0): Action[] {
  const actions: Action[] = [];
  for (let index = at; ; index++) {
    const token = tokens[index];
    if (token === TOKEN.END) return actions;
    const action = token === undefined ? undefined : actionOfToken(token);
    if (!action) throw new TokenError(`token ${index} is ${describeToken(token)}, expected an action or END`);
    actions.push(action);
  }
}

/**
 * The words of a program of any kind from `at` up to END; what follows END is not looked at.
 * @throws TokenError at a token that is neither a word nor END, if END does not come, or if the words are no program.
 */
export function decodeWordTokens(tokens: ArrayLike<number>, at = 0): ProgramWord[] {
  const words: ProgramWord[] = [];
  for (let index = at; tokens[index] !== TOKEN.END; index++) {
    const token = tokens[index];
    const word = token === undefined ? undefined : wordOfToken(token);
    if (!word) throw new TokenError(`token ${index} is ${describeToken(token)}, expected a word or END`);
    words.push(word);
  }
  if (!isProgram(words)) throw new TokenError(`words from token ${at} are no program: ${words.join(' ')}`);
  return words;
}

/** `BOS (IN grid OUT grid) x examples CODE`: [promptLength]. */
export function encodePrompt(shape: Omit<SampleShape, 'maxLength'>, specification: Specification): Uint8Array {
  const tokens = new Uint8Array(promptLength(shape));
  writePrompt(shape, specification, tokens);
  return tokens;
}

/**
 * `BOS (IN grid OUT grid) x examples CODE program END`, filled up with PAD: [sampleLength].
 * @throws TokenError if the sample does not have the shape.
 */
export function encodeSample(shape: SampleShape, sample: Sample): Uint8Array {
  const { program } = sample;
  if (program.length > shape.maxLength) throw tooLong(shape, program);
  if (shape.programs !== 'control' && !isStraight(program)) {
    throw new TokenError(`program '${program.join(' ')}' is no straight line, as the shape has them`);
  }
  const tokens = new Uint8Array(sampleLength(shape));
  writePrompt(shape, sample, tokens);
  tokens.set(encodeProgramTokens(program), promptLength(shape));
  return tokens;
}

/**
 * The sample, as drawn, that `tokens` spell; `encodeSample` of it gives the same tokens back.
 * @throws TokenError naming the first token that is out of place.
 */
export function decodeSample(shape: SampleShape, tokens: Uint8Array): Sample {
  const specification = decodePrompt(shape, tokens);
  const decode = shape.programs === 'control' ? decodeWordTokens : decodeProgramTokens;
  const program = decode(tokens, promptLength(shape));
  const end = promptLength(shape) + program.length + 1;
  if (end > sampleLength(shape)) throw tooLong(shape, program);
  for (let at = end; at < sampleLength(shape); at++) requireToken(tokens, at, 'PAD');
  return { ...specification, program };
}

function tooLong({ maxLength, programs }: SampleShape, { length }: readonly ProgramWord[]): TokenError {
  const unit = programs === 'control' ? 'words' : 'actions';
  return new TokenError(`program has ${length} ${unit}, expected at most ${maxLength}`);
}

/** The specification that a prompt spells. @throws TokenError as `decodeSample` does. */
export function decodePrompt(shape: Omit<SampleShape, 'maxLength'>, tokens: Uint8Array): Specification {
  const { width, height } = shape;
  const inputs: World[] = [];
  const outputs: World[] = [];
  let at = 0;
  requireToken(tokens, at++, 'BOS');
  for (let example = 0; example < shape.examples; example++) {
    requireToken(tokens, at++, 'IN');
    inputs.push(decodeWorld(tokens, width, height, at));
    at += width * height;
    requireToken(tokens, at++, 'OUT');
    outputs.push(decodeWorld(tokens, width, height, at));
    at += width * height;
  }
  requireToken(tokens, at, 'CODE');
  return { inputs, outputs };
}

function writePrompt(
  shape: Omit<SampleShape, 'maxLength'>,
  { inputs, outputs }: Specification,
  tokens: Uint8Array,
): void {
  if (inputs.length !== shape.examples || outputs.length !== shape.examples) {
    throw new TokenError(`${inputs.length} inputs and ${outputs.length} outputs, expected ${shape.examples} of each`);
  }
  for (const { width, height } of [...inputs, ...outputs]) {
    if (width === shape.width && height === shape.height) continue;
    throw new TokenError(`world is ${width}x${height}, expected ${shape.width}x${shape.height}`);
  }
  const cells = shape.width * shape.height;
  let at = 0;
  tokens[at++] = TOKEN.BOS;
  for (let example = 0; example < shape.examples; example++) {
    tokens[at++] = TOKEN.IN;
    encodeWorld(inputs[example]!, tokens, at);
    at += cells;
    tokens[at++] = TOKEN.OUT;
    encodeWorld(outputs[example]!, tokens, at);
    at += cells;
  }
  tokens[at] = TOKEN.CODE;
}

function requireToken(tokens: Uint8Array, at: number, expected: 'PAD' | 'BOS' | 'IN' | 'OUT' | 'CODE'): void {
  if (tokens[at] === TOKEN[expected]) return;
  throw new TokenError(`token ${at} is ${describeToken(tokens[at])}, expected ${expected}`);
}
