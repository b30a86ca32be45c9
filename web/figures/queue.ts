/** @file What can wait until the page has been painted: one piece of work after the other. Appendix C. */

const waiting: (() => void)[] = [];

export function soon(work: () => void): void {
  waiting.push(work);
  if (waiting.length === 1) requestAnimationFrame(() => setTimeout(next));
}

function next(): void {
  waiting[0]?.();
  waiting.shift();
  if (waiting.length > 0) requestAnimationFrame(() => setTimeout(next));
}
