/** @file Where two contents of a file differ, in the file's own terms: a figure, a weight, a sample. Appendix E. */
import { bitsOf } from '../../tensor/exact/index.ts';
import { decodeSafetensors, type StoredTensor } from '../../transformer/index.ts';
import { addressAt } from '../element.ts';
import { type Difference, MOST_DIFFERENCES } from './kind.ts';

type Tensors = ReadonlyMap<string, StoredTensor>;
type Found = Omit<Difference, 'address'> & { readonly at: string };

/** The first differences, at most {@link MOST_DIFFERENCES}; none where all bytes are the same. */
export function differencesOf(name: string, recorded: Uint8Array | undefined, computed: Uint8Array): Difference[] {
  if (!recorded) return [{ address: name, recorded: 'missing', computed: `${computed.length} bytes` }];
  const first = firstDifference(recorded, computed);
  if (first === -1) return [];
  const found = named(name, inTermsOf(name, recorded, computed));
  return found.length > 0 ? found : named(name, [bytesAt(recorded, computed, first)]);
}

/** The same of a value that was read from JSON and of one that would be written as such. */
export function differencesOfValues(name: string, recorded: unknown, computed: unknown): Difference[] {
  const written = computed === undefined ? undefined : JSON.parse(JSON.stringify(computed));
  return named(name, inValues('', recorded, written));
}

/** The same of numbers that belong together, such as a model's parameters. */
export function differencesOfTensors(name: string, recorded: Tensors, computed: Tensors): Difference[] {
  return named(name, inTensors(recorded, computed));
}

const named = (name: string, found: Iterable<Found>): Difference[] =>
  [...take(found, MOST_DIFFERENCES)].map(({ at, ...values }) => ({
    address: [name, at].filter(Boolean).join(': '),
    ...values,
  }));

/** Index of the first byte that differs, or -1. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return a.length === b.length ? -1 : shorter;
}

function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}

const bytesAt = (recorded: Uint8Array, computed: Uint8Array, at: number): Found => {
  const byte = (bytes: Uint8Array) => (at < bytes.length ? `0x${bytes[at]!.toString(16).padStart(2, '0')}` : 'no byte');
  return { at: `byte ${at}`, recorded: byte(recorded), computed: byte(computed) };
};

/** Nothing where the file is not what its name says: then its bytes have to do. */
function* inTermsOf(name: string, recorded: Uint8Array, computed: Uint8Array): Generator<Found> {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  try {
    if (name.endsWith('.json')) yield* inValues('', JSON.parse(text(recorded)), JSON.parse(text(computed)));
    else if (name.endsWith('.jsonl')) yield* inLines(text(recorded), text(computed));
    else if (name.endsWith('.safetensors')) yield* inTensors(tensorsOf(recorded, name), tensorsOf(computed, name));
  } catch (error) {
    yield { at: '', recorded: `cannot be read: ${(error as Error).message}`, computed: `${computed.length} bytes` };
  }
}

/** `checkpoints[5].generativeAccuracy`, value against value, in the order of the recorded ones. */
function* inValues(path: string, recorded: unknown, computed: unknown): Generator<Found> {
  if (Object.is(recorded, computed)) return;
  const both = [recorded, computed];
  const [isList, isObject] = [both.every(Array.isArray), both.every((value) => typeof value === 'object' && value)];
  if (!isObject || isList !== both.some(Array.isArray)) {
    yield { at: path, recorded: shown(recorded), computed: shown(computed) };
    return;
  }
  const [a, b] = both as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(a!), ...Object.keys(b!)])) {
    const place = isList ? `${path}[${key}]` : `${path}${path && '.'}${key}`;
    yield* inValues(place, a![key], b![key]);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function* inLines(recorded: string, computed: string): Generator<Found> {
  const [a, b] = [recorded.split('\n'), computed.split('\n')];
  for (let line = 0; line < Math.max(a.length, b.length); line++) {
    if (a[line] === b[line]) continue;
    const [before, now] = [a[line], b[line]].map((text) => (text ? JSON.parse(text) : undefined));
    yield* inValues(`line ${line + 1}`, before, now);
  }
}

const tensorsOf = (bytes: Uint8Array, name: string) => decodeSafetensors(bytes, name).tensors;

function* inTensors(recorded: Tensors, computed: Tensors): Generator<Found> {
  for (const name of new Set([...recorded.keys(), ...computed.keys()])) {
    const [a, b] = [recorded.get(name), computed.get(name)];
    const shapes = [a, b].map((tensor) => (tensor ? `[${tensor.shape.join(',')}]` : 'nothing'));
    if (!a || !b || shapes[0] !== shapes[1]) {
      yield { at: name, recorded: shapes[0]!, computed: shapes[1]! };
      continue;
    }
    for (let at = 0; at < a.data.length; at++) {
      if (Object.is(a.data[at], b.data[at])) continue;
      yield { at: addressAt(name, a.shape, at), recorded: withBits(a.data[at]!), computed: withBits(b.data[at]!) };
    }
  }
}

/** The shortest decimal of a number, and its bits in single precision. */
const withBits = (value: number): string =>
  Math.fround(value) === value ? `${value} (0x${(bitsOf(value) >>> 0).toString(16).padStart(8, '0')})` : String(value);
