// A made-up model that knows the words so far, and not in which direction the robot began: what do probes find?
import { probeModel, WORDS } from './10-flipped.ts';

export const show = (): void =>
  probeModel('forgetful', 16, (programs) =>
    programs.flatMap(({ actions }) => {
      let number = 0; // a digit from 1 to 3 for each word so far, to base 4
      return actions.slice(0, -1).map((word) => (number = 4 * number + 1 + WORDS.indexOf(word)));
    }),
  );
// =>
// original: information -0.00
// flip: information -0.00
// adversarial: information -0.00
