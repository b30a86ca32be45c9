// What the study's instruments say of a model that must be right, of one that must be wrong, and of a trained one.
import { resultsOf } from '../scripts/committed-results.mjs';
import type { Measured } from '../src/probe/statistics/index.ts';
import type { Results } from '../src/results/results.ts';

const MODELS = ['tracker', 'table', 'trained'] as const;
const results = MODELS.map((name) => resultsOf('1', `handmade/${name}`));

const share = (value: number): string => value.toFixed(2);
const measured = ({ estimate, interval }: Measured): string =>
  `${share(estimate)} (${interval ? `${share(interval.low)} to ${share(interval.high)}` : 'no interval'})`;
/** One line: what is asked, and the answer for each model. */
function line(label: string, answer: (results: Results) => string | number): void {
  const answers = results.map((one) => String(answer(one)).padEnd(24));
  console.log(`${label.padEnd(34)}${answers.join('')}`.trimEnd());
}

console.log(
  ''.padEnd(34) +
    MODELS.map((name) => name.padEnd(24))
      .join('')
      .trimEnd(),
);
line('specifications solved', ({ checkpoints }) => share(checkpoints.at(-1)!.generativeAccuracy));

// Of the state before the action that is being written.
const FEATURES = ['direction', 'position', 'obstacle'] as const;
for (const feature of FEATURES) {
  line(`${feature}: linear, untrained`, ({ probes, settings }) => {
    const probe = probes.find(
      (one) =>
        one.step === settings['steps'] &&
        one.feature === feature &&
        one.semantics === 'original' &&
        one.offset === -1 &&
        one.hiddenLayers === 0,
    )!;
    return `${share(probe.accuracy)}, ${share(probe.untrained!)}`;
  });
}
for (const hiddenLayers of [0, 1]) {
  console.log(hiddenLayers === 0 ? '\ninformation, linear' : '\ninformation, one hidden layer');
  const asked = (row: { offset: number; hiddenLayers: number; actionsLeft: string; feature: string }): boolean =>
    row.offset === -1 && row.hiddenLayers === hiddenLayers && row.actionsLeft === 'all' && row.feature === 'mean';
  const information =
    (source: string, semantics: string) =>
    ({ evidence }: Results) =>
      measured(
        evidence!.shares.find((row) => asked(row) && row.source === source && row.semantics === semantics)!.share,
      );
  for (const semantics of ['original', 'flip', 'adversarial'])
    line(`  ${semantics}`, information('trained', semantics));
  line('  original, untrained', information('untrained', 'original'));
  const contrast =
    (over: string | null, against: string | null) =>
    ({ evidence }: Results) =>
      measured(
        evidence!.contrasts.find((row) => asked(row) && row.over === over && row.against === against)!.difference,
      );
  line('  added to the untrained', contrast('untrained', null));
  for (const against of ['flip', 'adversarial']) {
    line(`  original - ${against}`, contrast(null, against));
    line('  ... added to the untrained', contrast('untrained', against));
  }
}

console.log('\nedits');
type Edits = NonNullable<NonNullable<Results['causal']>['edits']>;
const edited = (label: string, answer: (edits: Edits) => Measured): void =>
  line(label, ({ causal }) => (causal?.edits ? measured(answer(causal.edits)) : '-'));
for (const kind of ['probe', 'flip', 'random'] as const) {
  edited(`  along ${kind}, matched place`, ({ matched }) => matched.edits.find((row) => row.kind === kind)!.success);
}
for (const kind of ['probe', 'random'] as const) {
  edited(`  along ${kind}, its best place`, ({ chosen }) => chosen.find((row) => row.kind === kind)!.success);
}
edited('  robots really stand turned', ({ wholeStates }) => wholeStates!.ceiling);
// =>
//                                   tracker                 table                   trained
// specifications solved             0.93                    1.00                    0.95
// direction: linear, untrained      1.00, 0.73              0.23, 0.63              0.57, 0.59
// position: linear, untrained       0.95, 0.57              0.64, 0.69              0.69, 0.63
// obstacle: linear, untrained       1.00, 0.61              0.57, 0.67              0.63, 0.58
//
// information, linear
//   original                        0.93 (0.88 to 0.97)     -0.01 (-0.02 to 0.00)   0.21 (0.16 to 0.26)
//   flip                            0.33 (0.28 to 0.38)     -0.01 (-0.02 to -0.00)  0.18 (0.15 to 0.22)
//   adversarial                     0.17 (0.13 to 0.20)     -0.01 (-0.02 to 0.00)   0.16 (0.11 to 0.21)
//   original, untrained             0.27 (0.24 to 0.31)     0.23 (0.20 to 0.26)     0.21 (0.18 to 0.24)
//   added to the untrained          0.66 (0.61 to 0.70)     -0.24 (-0.26 to -0.21)  0.00 (-0.04 to 0.04)
//   original - flip                 0.60 (0.54 to 0.66)     0.00 (-0.01 to 0.01)    0.03 (-0.01 to 0.07)
//   ... added to the untrained      0.58 (0.52 to 0.64)     -0.06 (-0.08 to -0.03)  -0.00 (-0.04 to 0.03)
//   original - adversarial          0.76 (0.71 to 0.81)     0.00 (-0.01 to 0.02)    0.05 (-0.00 to 0.11)
//   ... added to the untrained      0.73 (0.66 to 0.78)     -0.09 (-0.13 to -0.06)  0.00 (-0.05 to 0.06)
//
// information, one hidden layer
//   original                        0.83 (0.78 to 0.87)     -0.07 (-0.10 to -0.05)  0.18 (0.12 to 0.22)
//   flip                            0.23 (0.18 to 0.27)     -0.09 (-0.11 to -0.07)  0.22 (0.19 to 0.26)
//   adversarial                     -0.03 (-0.11 to 0.04)   -0.07 (-0.10 to -0.05)  0.12 (0.08 to 0.17)
//   original, untrained             0.35 (0.31 to 0.40)     0.26 (0.23 to 0.28)     0.16 (0.13 to 0.18)
//   added to the untrained          0.47 (0.42 to 0.52)     -0.33 (-0.36 to -0.30)  0.02 (-0.03 to 0.06)
//   original - flip                 0.60 (0.54 to 0.65)     0.02 (-0.00 to 0.04)    -0.05 (-0.09 to -0.01)
//   ... added to the untrained      0.61 (0.55 to 0.67)     -0.03 (-0.06 to -0.00)  -0.05 (-0.09 to -0.01)
//   original - adversarial          0.86 (0.77 to 0.95)     -0.00 (-0.03 to 0.03)   0.05 (-0.00 to 0.10)
//   ... added to the untrained      0.77 (0.68 to 0.87)     -0.09 (-0.13 to -0.05)  -0.01 (-0.06 to 0.04)
//
// edits
//   along probe, matched place      0.74 (0.60 to 0.86)     0.12 (0.05 to 0.19)     0.00 (0.00 to 0.00)
//   along flip, matched place       0.02 (0.00 to 0.07)     0.13 (0.05 to 0.21)     0.00 (0.00 to 0.00)
//   along random, matched place     0.00 (0.00 to 0.00)     0.00 (0.00 to 0.00)     0.00 (0.00 to 0.00)
//   along probe, its best place     0.70 (0.56 to 0.84)     0.12 (0.05 to 0.19)     0.08 (0.04 to 0.11)
//   along random, its best place    0.05 (0.00 to 0.12)     0.06 (0.01 to 0.12)     0.07 (0.03 to 0.11)
//   robots really stand turned      1.00 (1.00 to 1.00)     0.13 (0.06 to 0.22)     0.91 (0.85 to 0.96)
