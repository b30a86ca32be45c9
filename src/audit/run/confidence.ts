/** @file What a sample without a difference is worth. Appendix E. */

/** The run that is to be caught: of a thousand items of a kind one is wrong, and always one at least. */
export const wrongOf = (count: number): number => Math.max(1, Math.round(count / 1000));

/**
 * The probability that a sample of `checked` of `count` items has one of `wrong` wrong ones in it: 1 - C(count - wrong, checked) /
 * C(count, checked), of the hypergeometric distribution, since no item is drawn twice. 1 - (1 - wrong / count)^checked is what
 * it would be if they were put back.
 */
export function chanceToCatch(count: number, checked: number, wrong = wrongOf(count)): number {
  let missed = 1;
  for (let i = 0; i < wrong; i++) missed *= Math.max(0, count - checked - i) / (count - i);
  return 1 - missed;
}
