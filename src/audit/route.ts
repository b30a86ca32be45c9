/** @file One kind of address: how it is written, what it names, and how it is explained. Appendix D. */
import { AuditError } from './errors.ts';
import type { Explanation } from './explanation.ts';

export interface Route<Context> {
  /** Of the whole address. */
  readonly pattern: RegExp;
  /** As a person types it. */
  readonly example: string;
  /** What it names, in a line. */
  readonly about: string;
  /** `found` is what the groups of the pattern hold. Throws {@link AuditError}. */
  readonly explain: (context: Context, found: Readonly<Record<string, string>>) => Explanation | Promise<Explanation>;
}

/** Explains an address by the first route that it fits. Throws {@link AuditError}, naming the routes, where there is none. */
export async function explainBy<C>(routes: readonly Route<C>[], context: C, address: string): Promise<Explanation> {
  const text = address.trim();
  for (const { pattern, explain } of routes) {
    const match = pattern.exec(text);
    if (match) return { ...(await explain(context, match.groups ?? {})), address: text };
  }
  const known = routes.map(({ example }) => example).join(', ');
  throw new AuditError(`address: ${JSON.stringify(address)} names nothing; addresses look like ${known}`);
}

/** `[3,9]`, as a group of a pattern has it, in numbers. */
export const indexOf = (text: string): number[] => text.split(',').map(Number);
