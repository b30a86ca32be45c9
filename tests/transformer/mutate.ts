/** @file Broken files out of good ones, the same for the same random numbers. */
import { headerText, withHeader } from './files.ts';

type Whole = (below: number) => number;

/** What a header or a config.json may never say, and what it may. */
const PIECES = [
  ...[
    '-1',
    '0',
    '-0',
    '1',
    '2',
    '3',
    '4',
    '8',
    '0.5',
    '1e9',
    '1e308',
    '1e999',
    '9007199254740991',
    '18446744073709551616',
  ],
  ...[
    'null',
    'true',
    '"F16"',
    '"F32"',
    '"F64"',
    '"BF16"',
    '"I64"',
    '"F4"',
    '"F99"',
    '""',
    '{}',
    '[]',
    '[[[]]]',
    '[0,0]',
  ],
  ...[
    '"sha256"',
    '"__proto__"',
    '"__metadata__"',
    '"shape"',
    '"\\ud800"',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '"',
    ' ',
    '\\',
  ],
];

/** JSON with one to three of its pieces (numbers, strings, signs) replaced, left out, doubled or exchanged. */
function mutatedText(text: string, whole: Whole): string {
  const pieces = text.match(/-?\d[\d.e+-]*|"[^"]*"|\w+|\s+|./gs) ?? [];
  for (let edits = 1 + whole(3); edits > 0; edits--) {
    const at = whole(pieces.length);
    const other = whole(pieces.length);
    const kind = whole(5);
    if (kind === 0) pieces[at] = PIECES[whole(PIECES.length)]!;
    else if (kind === 1) pieces[at] = '';
    else if (kind === 2) pieces[at] += pieces[at]!;
    else if (kind === 3) pieces[at] = pieces[other]!;
    else [pieces[at], pieces[other]] = [pieces[other]!, pieces[at]!];
  }
  return pieces.join('');
}

function mutatedBytes(bytes: Uint8Array, whole: Whole): Uint8Array {
  const kind = whole(5);
  const at = whole(bytes.length);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + whole(9)));
  if (kind === 2) return Uint8Array.of(...bytes, ...Array.from({ length: 1 + whole(9) }, () => whole(256)));
  const changed = new Uint8Array(bytes); // a copy, which a Buffer's slice would not be
  const last = Math.ceil(bytes.length / 20); // numbers lie there
  for (let flips = 1 + whole(3); flips > 0; flips--) {
    changed[kind === 3 ? bytes.length - 1 - whole(last) : whole(Math.min(bytes.length, 2000))]! ^= 1 << whole(8);
  }
  return changed;
}

/** A file of JSON, or a `.safetensors`, with something broken, or seldom with nothing. */
export function mutated(name: string, bytes: Uint8Array, random: () => number): Uint8Array {
  const whole: Whole = (below) => Math.floor(random() * below);
  const kind = whole(8);
  if (kind < 3) return mutatedBytes(bytes, whole);
  if (!name.endsWith('.safetensors')) {
    return new TextEncoder().encode(mutatedText(new TextDecoder().decode(bytes), whole));
  }
  if (kind < 7) return withHeader(bytes, (text) => mutatedText(text, whole));
  const changed = new Uint8Array(bytes);
  const length = [0n, 2n ** 31n, 2n ** 53n, 2n ** 64n - 1n, BigInt(headerText(bytes).length + whole(17) - 8)];
  new DataView(changed.buffer).setBigUint64(0, BigInt.asUintN(64, length[whole(length.length)]!), true);
  return changed;
}
