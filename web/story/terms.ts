/** @file The terms of the page, each in a sentence or two. Appendix C. */

export const TERMS: Readonly<Record<string, string>> = {
  'hidden state':
    'The numbers inside the model from which it predicts the next token; here the mean over all layers, unless a figure says otherwise.',
  probe:
    'A small classifier that is trained to tell the robot’s state from a hidden state. Linear, or with one or two hidden layers.',
  specification: 'A few pairs of worlds, before and after. A program solves it if it maps every input to its output.',
  token: 'What a model reads and writes one at a time: here a cell of a grid, or a word of a program.',
  Karel:
    'A robot on a grid, made for teaching programming (Pattis 1981). It can move, turn left and right, pick and put markers.',
  'reference program': 'The random program from which a specification was made. It is not the only right answer.',
  checkpoint: 'The model as it was at one step of training, kept to be studied.',
  phases:
    'Babbling: few different programs. Syntax: many different ones, few of them right. Meaning: they become right. A stated rule finds the borders.',
  'usable information':
    'Bits that a probe saves on test data against knowing the label frequencies alone (Xu et al. 2020). As a share: 100 % is all there is to know, below 0 is worse than the frequencies.',
  'untrained model':
    'The same network before its first training step. It reads the same programs; what a probe finds there, training did not put in.',
  'text and grids':
    'A baseline: the probe is given the program’s text so far and the grids themselves, and no model at all.',
  'control task':
    'Labels drawn at random, the same for equal texts: a probe can only learn them by heart (Hewitt and Liang 2019).',
  semantics: 'What each action does. The original is Karel’s own.',
  flip: 'Changed rules: each turn is the other turn, picking is putting.',
  adversarial: 'Changed rules: a move turns left, a right turn moves, every other action turns the robot.',
  interval:
    'For one run, how far the number may lie from what another choice of programs would give (bootstrap, 95 %). For several seeds, Student’s interval over seeds.',
  seed: 'The number from which everything random in a run is drawn. Another seed, another model.',
  verdict:
    'Supported or refuted: a test over seeds, corrected for the number of claims, gives p below 0.05. Undecided: everything else. Not asked: no number.',
  edit: 'A hidden state is pushed along a direction while the model writes, and the program is compared with the one it would have written.',
  greedy: 'The most probable token is taken at each place; nothing is drawn by lot.',
  attention: 'How a block lets each token read earlier ones: weights that add up to 1 over the tokens read.',
  obstacle: 'Whether the cell in front of the robot is a wall.',
};
