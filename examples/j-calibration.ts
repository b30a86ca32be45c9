// What the study's instruments say of a model that must be right, of one that must be wrong, and of a trained one.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Measured } from '../src/probe/statistics/index.ts';
import type { Results } from '../src/results/results.ts';

const MODELS = ['tracker', 'table', 'trained'] as const;
const results = MODELS.map((name): Results => {
  const file = new URL(`../results/handmade/${name}/seed-1.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
});

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
  for (const semantics of ['original', 'flip', 'adversarial']) {
    line(`  ${semantics}`, ({ evidence }) =>
      measured(
        evidence!.shares.find((row) => asked(row) && row.source === 'trained' && row.semantics === semantics)!.share,
      ),
    );
  }
  const contrast =
    (over: string | null, against: string | null) =>
    ({ evidence }: Results) =>
      measured(
        evidence!.contrasts.find((row) => asked(row) && row.over === over && row.against === against)!.difference,
      );
  line('  original - untrained', contrast('untrained', null));
  line('  original - record', contrast('record', null));
  line('  original - flip', contrast(null, 'flip'));
  line('  original - adversarial', contrast(null, 'adversarial'));
}

console.log('\nedits');
const edits = ({ causal }: Results) => causal!.edits!;
for (const kind of ['probe', 'flip', 'random'] as const) {
  line(`  along ${kind}, matched place`, (one) =>
    measured(edits(one).matched.edits.find((row) => row.kind === kind)!.success),
  );
}
line('  along probe, its best place', (one) =>
  measured(edits(one).chosen.find((row) => row.kind === 'probe')!.success),
);
line('  robots really stand turned', (one) => measured(edits(one).wholeStates!.ceiling));
