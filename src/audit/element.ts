/** @file An element of a parameter, by its address. Appendix E. */
import { AuditError } from './errors.ts';

/** An element of a parameter. */
export interface Element {
  readonly name: string;
  readonly index: readonly number[];
}

/** Of `lm_head.weight[3,9]`. Throws {@link AuditError}. */
export function parseElement(text: string): Element {
  const found = /^([\w.]+)\[(\d+(?:,\d+)*)\]$/.exec(text.trim());
  if (!found) throw new AuditError(`address: ${JSON.stringify(text)}, expected such as lm_head.weight[3,9]`);
  return { name: found[1]!, index: found[2]!.split(',').map(Number) };
}

/** `lm_head.weight[3,9]` */
export function addressAt(name: string, shape: readonly number[], at: number): string {
  const index: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `${name}[${index.join(',')}]`;
}
