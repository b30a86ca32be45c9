/** @file The address of a number of a forward pass: `token 34/h.2.mlp.act[17]`, `lm_head.weight[21,3]`. Chapter 11. */
import { AuditError } from './errors.ts';

export interface Address {
  /** Position in the sequence, from 0; null for a parameter, which belongs to no token. */
  readonly token: number | null;
  /** Of an activation, as `TapName` spells it, or of a parameter, as `parameterSpecs` does. */
  readonly name: string;
  readonly index: readonly number[];
}

export function formatAddress({ token, name, index }: Address): string {
  return `${token === null ? '' : `token ${token}/`}${name}[${index.join(',')}]`;
}

/** Throws {@link AuditError} for a text that is no address. */
export function parseAddress(text: string): Address {
  const found = /^(?:token (\d+)\/)?([\w./=,+-]+)\[(\d+(?:,\d+)*)\]$/.exec(text.trim());
  if (!found) throw new AuditError(`address: ${JSON.stringify(text)}, expected such as token 34/logits[21]`);
  const [, token, name, index] = found;
  return { token: token === undefined ? null : Number(token), name: name!, index: index!.split(',').map(Number) };
}
