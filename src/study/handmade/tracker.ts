/**
 * @file The model that must be right: it carries the robots' states by construction, and writes by what it carries. Appendix J.
 *
 * Blocks 0 to 3 tell every token its part and place. In block 4 the program's tokens gather, from the prompt, goals and walls, and
 * CODE the robots' starts. Two blocks an action follow: a head copies the state of the token before, and the MLP does the
 * action. Three blocks then choose the next action.
 */
import type { Settings } from '../settings.ts';
import { handmadeConfig, straightShape } from './config.ts';
import { PLACE_BLOCKS, takePlaces, takeTokens, writePlaces, writeTokens } from './place.ts';
import { type TrackerChannels, takeCosts, takeRobots } from './tracker-channels.ts';
import { writeChoice } from './tracker-choice.ts';
import { writeGathering, writeSteps } from './tracker-state.ts';
import { Channels, HandmadeWeights } from './weights.ts';

/** A tracker, and where in its residual stream the state lies. */
export interface Tracker {
  readonly weights: HandmadeWeights;
  readonly channels: TrackerChannels;
  /** The hidden state, `hidden_states.N`, in which every state is carried through and nothing is chosen yet. */
  readonly carried: number;
}

/** Blocks that choose, after two for each action. */
const CHOICE_BLOCKS = 3;

/** For straight-line programs on worlds and samples of these settings. Throws `StudyError` where they are too large. */
export function trackerFor(settings: Settings): Tracker {
  const shape = straightShape(settings);
  const layout = new Channels();
  const channels: TrackerChannels = {
    tokens: takeTokens(layout),
    places: takePlaces(layout, shape),
    robots: takeRobots(layout, shape),
    costs: takeCosts(layout),
  };
  const gathering = PLACE_BLOCKS;
  const choice = gathering + 1 + 2 * shape.maxLength;
  const weights = new HandmadeWeights(
    handmadeConfig(settings, {
      width: layout.count,
      blocks: choice + CHOICE_BLOCKS,
      heads: 3 * shape.examples,
      rotary: 2,
    }),
    layout,
  );
  writeTokens(weights, channels.tokens);
  writePlaces(weights, channels.tokens, channels.places);
  writeGathering(weights, channels, shape, gathering);
  writeSteps(weights, channels, shape, gathering + 1);
  writeChoice(weights, channels, shape, choice);
  return { weights, channels, carried: choice };
}
