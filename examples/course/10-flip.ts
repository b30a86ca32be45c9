// Stage 10: the same hidden states, asked about robots that take left for right.
import { FLIP, ORIGINAL } from '../../src/karel/index.ts';
import { newModel } from './06-model.ts';
import { model } from './07-train.ts';
import { probe } from './09-probe.ts';

export function show(): void {
  // #region flip
  for (const semantics of [ORIGINAL, FLIP]) {
    const [trained, untrained] = [probe(model, 1, semantics), probe(newModel(), 1, semantics)];
    const numbers = [trained.accuracy, untrained.accuracy, trained.majority].map((share) => share.toFixed(2));
    console.log(semantics.name, ...numbers);
  }
  // #endregion
  // =>
  // original 0.80 0.47 0.49
  // flip 0.64 0.43 0.46
}
