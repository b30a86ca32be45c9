/** @file The control task: labels that mean nothing, which a probe can only learn by heart. Chapter 12. */
import { isAction, type ProgramWord } from '../karel/index.ts';
import { type BySplit, bySplit, type ProgramsBySplit } from './checkpoint-traces.ts';
import { hiddenRows, type Pairs } from './traces.ts';

/**
 * Labels [pairs, heads] of a control task beside those of a feature at offset -1. Pairs of the same *type*, the
 * facing in which the program began and its text before the action that is being written, get the same label: that of a training pair drawn for the type. The frequencies stay nearly, the meaning goes. What a probe reads of
 * it, it has learnt by heart from the text; what it reads of the feature beyond that is its *selectivity*. Labels of types
 * that train does not have cannot be learnt at all. After Hewitt and Liang 2019, whose types are words.
 *
 * `train` are the labels of the feature, at least one pair's. `random` gives numbers in [0, 1), one for each type in the
 * order in which they occur, train first; it decides which pair is drawn, whatever the labels are.
 */
export function controlLabels(
  traces: ProgramsBySplit,
  pairs: BySplit<Pairs>,
  train: Int32Array,
  example: number,
  random: () => number,
): BySplit<Int32Array> {
  const trainPairs = pairs.train.state.length;
  const heads = train.length / trainPairs;
  const drawn = new Map<string, number>();
  return bySplit((split) => {
    const { programs } = traces[split];
    const rows = hiddenRows(programs.map(({ actions }) => actions.length));
    const places = programs.map(({ actions, words = actions }) => placesOfActions(words));
    const labels = new Int32Array(pairs[split].hidden.length * heads);
    pairs[split].hidden.forEach((row, pair) => {
      const program = rows.program[row]!;
      const { actions, words = actions, inputs } = programs[program]!;
      const place = places[program]![rows.action[row]! - 1]!;
      const type = `${inputs[example]!.facing} ${words.slice(0, place).join(' ')}`;
      let from = drawn.get(type);
      if (from === undefined) drawn.set(type, (from = Math.floor(random() * trainPairs)));
      labels.set(train.subarray(from * heads, (from + 1) * heads), pair * heads);
    });
    return labels;
  });
}

/** Where in the text its actions stand. [actions] */
function placesOfActions(words: readonly ProgramWord[]): number[] {
  return words.flatMap((word, place) => (isAction(word) ? [place] : []));
}
