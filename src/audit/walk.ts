/** @file From a number down, always to the operand with the largest part, until nothing made it. Appendix D. */
import { type Explanation, largest } from './explanation.ts';

/** Walks are shorter than this: no address comes twice. */
const MOST_STEPS = 500;

/** Explanations from `address` down. */
export async function* walk(
  explain: (address: string) => Promise<Explanation>,
  address: string,
): AsyncGenerator<Explanation> {
  const seen = new Set<string>();
  let at: string | undefined = address;
  // #region downwards
  while (at !== undefined && !seen.has(at) && seen.size < MOST_STEPS) {
    seen.add(at);
    const explanation = await explain(at);
    yield explanation;
    at = nextOf(explanation);
  }
  // #endregion
}

/** The address of what adds most, or of what it was multiplied by where that alone has one. */
export function nextOf(explanation: Explanation): string | undefined {
  const operand = largest(explanation);
  return operand?.address ?? operand?.factor?.address ?? undefined;
}
