/**
 * @file Where a token stands: in which part of a sample, and at which place in it. Appendix J.
 *
 * Nothing tells a head a position but how many keys share its attention. A head that looks equally at the first token and at
 * all marks before (IN, OUT, CODE) sees the first with weight 1 / (parts so far + 1); a switch for each part turns that into
 * one of several channels. A second such head looks at the tokens of its own part, of which one is the mark.
 */
import { type SampleShape, TOKEN, tokenOfAction } from '../../karel/index.ts';
import { type Channels, type HandmadeWeights, sumOf } from './weights.ts';

/** What tokens are, one channel each: 1 or 0, from the embedding on. */
export interface TokenChannels {
  /** BOS. */
  readonly first: number;
  /** IN, OUT and CODE. */
  readonly mark: number;
  readonly wall: number;
  /** In the order of the facings. */
  readonly robot: readonly number[];
  readonly move: number;
  readonly turnLeft: number;
  readonly turnRight: number;
}

/** Where tokens stand. */
export interface PlaceChannels {
  /** 1 / (parts so far + 1), and 1 / (place in the part + 1). */
  readonly partShare: number;
  readonly placeShare: number;
  /** One-hot, for each input grid its part, for each output grid, and last the program's; with the mark before it. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly program: number;
  /** One-hot: cells in row order, or actions; the mark before them has no place. */
  readonly place: readonly number[];
}

/** So many nats above any other score, what else there is has no share that a switch could notice. */
export const SHARP = 40;
/** Blocks that {@link writePlaces} takes; what it writes is there for the block after them. */
export const PLACE_BLOCKS = 4;

export function takeTokens(channels: Channels): TokenChannels {
  const [first, mark, wall] = channels.take(3) as [number, number, number];
  const [move, turnLeft, turnRight] = channels.take(3) as [number, number, number];
  return { first, mark, wall, robot: channels.take(4), move, turnLeft, turnRight };
}

export function takePlaces(channels: Channels, shape: SampleShape): PlaceChannels {
  const [partShare, placeShare, program] = channels.take(3) as [number, number, number];
  const [inputs, outputs] = [channels.take(shape.examples), channels.take(shape.examples)];
  const place = channels.take(Math.max(shape.width * shape.height, shape.maxLength));
  return { partShare, placeShare, inputs, outputs, program, place };
}

/** The embedding: each token says what it is. */
export function writeTokens(weights: HandmadeWeights, tokens: TokenChannels): void {
  weights.embed(TOKEN.BOS, tokens.first);
  for (const mark of [TOKEN.IN, TOKEN.OUT, TOKEN.CODE]) weights.embed(mark, tokens.mark);
  weights.embed(TOKEN.WALL, tokens.wall);
  for (const [facing, channel] of tokens.robot.entries()) weights.embed(TOKEN.ROBOT_UP + facing, channel);
  for (const action of ['move', 'turnLeft', 'turnRight'] as const) weights.embed(tokenOfAction(action), tokens[action]);
}

/** Blocks 0 to 3: part and place of every token. */
export function writePlaces(weights: HandmadeWeights, tokens: TokenChannels, places: PlaceChannels): void {
  const { inputs, outputs, program } = places;
  const parts = [...inputs.flatMap((input, example) => [input, outputs[example]!]), program];
  weights.head(0, {
    match: [{ query: weights.one, key: sumOf([tokens.first, tokens.mark]), score: SHARP }],
    carry: [{ from: [[tokens.first, 1]], to: places.partShare }],
  });
  writeOneHot(weights, 1, places.partShare, [undefined, ...parts]); // before the first mark there is BOS alone
  weights.head(2, {
    match: parts.map((part) => ({ query: [[part, 1]], key: [[part, 1]], score: SHARP })),
    carry: [{ from: [[tokens.mark, 1]], to: places.placeShare }],
  });
  writeOneHot(weights, 3, places.placeShare, [undefined, ...places.place]);
}

/** From a share 1 / (k + 1) to 1 in channel k of `oneHot`, if there is one. */
export function writeOneHot(
  weights: HandmadeWeights,
  block: number,
  share: number,
  oneHot: readonly (number | undefined)[],
): void {
  oneHot.forEach((channel, k) => {
    // Above the middle between 1 / (k + 2) and 1 / (k + 1) it is k or less: k itself unless it is above the next one, too.
    const [own, next] = [1 / (k + 1), 1 / (k + 2)];
    const writes = [
      [channel, 1],
      [oneHot[k + 1], -1],
    ].filter((entry): entry is [number, number] => entry[0] !== undefined);
    weights.switch(block, [[share, 1]], (own + next) / 2, writes, (own - next) / 2);
  });
}
