/** What examples/07-losses.ts promises, and the tests hold it to: losses by kind of token. */
import { readFileSync } from 'node:fs';
import { promises, ROOT } from '../chapters.mjs';

export interface KindLoss {
  readonly kind: string;
  readonly tokens: number;
  readonly model: number;
  readonly best: number;
}

export function kindLosses(): KindLoss[] {
  const lines = promises(readFileSync(`${ROOT}/examples/07-losses.ts`, 'utf8'));
  return lines.map((line) => {
    const [, kind, tokens, model, best] = /^(.*): (\d+) tokens, ([\d.]+) nats each, at best ([\d.]+)$/.exec(line)!;
    return { kind: kind!, tokens: Number(tokens), model: Number(model), best: Number(best) };
  });
}

export function bestLoss(kind: string): KindLoss {
  return kindLosses().find((loss) => loss.kind === kind)!;
}
