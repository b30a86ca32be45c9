// Stage 10
import { FLIP, ADVERSARIAL } from '../../src/karel/index.ts';
import { model } from './07-train.ts';
import { newModel } from './06-model.ts';
import { probe } from './09-probe.ts';

export function show(): void {
  for (const feature of ['facing', 'x'] as const) for (const s of [FLIP, ADVERSARIAL]) {
    console.log(feature, s.name, 'trained', probe(model, feature, s), 'untrained', probe(newModel(), feature, s));
  }
}
