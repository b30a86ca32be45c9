/** @file Which numbers of a document a function reads: what its result follows from. Appendix D. */

export interface NumberRead {
  /** Keys from the document down, with `/` between them. */
  readonly path: string;
  readonly value: number;
}

/**
 * Calls `compute` with a document that watches which of its numbers are read. What is read to choose among rows, such as a step or
 * an offset, is left out: integers of keys in `KEYS`.
 */
export function numbersRead<D extends object, R>(
  document: D,
  compute: (document: D) => R,
): { value: R; read: NumberRead[] } {
  const read = new Map<string, number>();
  const watched = <T extends object>(target: T, path: string): T =>
    new Proxy(target, {
      get(of, key, receiver) {
        const value = Reflect.get(of, key, receiver) as unknown;
        if (typeof key === 'symbol' || !Object.hasOwn(of, key) || (key === 'length' && Array.isArray(of))) return value;
        const at = path === '' ? key : `${path}/${key}`;
        if (typeof value === 'number' && !KEYS.has(key)) read.set(at, value);
        return typeof value === 'object' && value !== null ? watched(value, at) : value;
      },
    });
  const value = compute(watched(document, ''));
  return { value, read: Array.from(read, ([path, number]) => ({ path, value: number })) };
}

/** Say what a row is about. */
const KEYS = new Set([
  'step',
  'steps',
  'seed',
  'offset',
  'hiddenLayers',
  'depth',
  'layer',
  'specifications',
  'n',
  'low',
  'high',
]);
