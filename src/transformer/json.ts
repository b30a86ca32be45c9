/** @file JSON as it stands in a file, where nothing is hidden: a name that comes twice is refused. Appendix B. */
import { CheckpointError } from './errors.ts';

/** Deeper than any file that we read, and far from where recursion ends. */
const DEEPEST = 32;

/**
 * The value that `bytes` hold. Throws {@link CheckpointError} when `what` is not JSON, when it is nested beyond any use,
 * or when an object names a thing twice: `JSON.parse` would keep the last and say nothing.
 */
export function parseJson(bytes: Uint8Array, file: string, what = 'it'): unknown {
  let value: unknown;
  let fault: string | undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    fault = faultOf(text);
    if (fault === undefined) value = JSON.parse(text);
  } catch {
    fault = `truncated or altered: ${what} is not JSON`;
  }
  if (fault !== undefined) throw new CheckpointError(file, fault);
  return value;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a message shows it: its JSON, the start of it when it is long. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 100 ? `${json.slice(0, 100)}...` : json;
}

/** Reads brackets and strings only; whether the rest is JSON, `JSON.parse` decides. */
function faultOf(text: string): string | undefined {
  const open: { readonly names: Set<string>; name: string }[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '{' || character === '[') {
      if (open.length === DEEPEST) return `is nested more than ${DEEPEST} deep`;
      open.push({ names: new Set(), name: '' });
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const inner = open.at(-1);
      if (inner && isName(text, end)) {
        inner.name = JSON.parse(text.slice(at, end)) as string; // "\u0077" and "w" are the same name
        if (inner.names.has(inner.name)) return `names ${open.map(({ name }) => name).join('.')} twice`;
        inner.names.add(inner.name);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Index behind the quotation mark that closes the string which opens at `at`. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/** Whether a colon comes next. */
function isName(text: string, at: number): boolean {
  let next = at;
  while (next < text.length && ' \t\r\n'.includes(text[next]!)) next++;
  return text[next] === ':';
}
