// An example promises what it prints, on the line that prints it, `console.log(1 + 2); // => 3`, or in the comment lines
// that follow a line `// =>`.
import { format } from 'node:util';

const ON_THE_LINE = /\);? \/\/ => (.*)$/;
const BELOW = /^\s*\/\/ =>$/;

/** The lines that an example promises to print, in order. */
export function promises(source) {
  const lines = source.split('\n');
  const expected = [];
  for (let index = 0; index < lines.length; index++) {
    const promise = ON_THE_LINE.exec(lines[index]);
    if (promise) expected.push(promise[1]);
    if (!BELOW.test(lines[index])) continue;
    for (;;) {
      const next = /^\s*\/\/(?: (?!#(?:end)?region)(.*))?$/.exec(lines[index + 1] ?? '');
      if (!next) break;
      expected.push(next[1] ?? '');
      index++;
    }
  }
  return expected;
}

/** The first difference between what `source` promises and the lines that it printed, in words; undefined if there is none. */
export function brokenPromise(source, printed) {
  const expected = promises(source);
  if (expected.length === 0) return 'promises nothing';
  for (let line = 0; line < Math.max(expected.length, printed.length); line++) {
    const promised = expected[line]?.trimEnd();
    const actual = printed[line]?.trimEnd();
    if (promised === actual) continue;
    if (actual === undefined) return `line ${line + 1} was promised and not printed: ${promised}`;
    if (promised === undefined) return `line ${line + 1} was printed and not promised: ${actual}`;
    return `line ${line + 1} is ${actual}, promised was ${promised}`;
  }
  return undefined;
}

/** The lines that `body`, which may be asynchronous, prints with console.log. */
export async function printedBy(body) {
  const { log } = console;
  const printed = [];
  console.log = (...values) => {
    printed.push(...format(...values).split('\n'));
  };
  try {
    await body();
  } finally {
    console.log = log;
  }
  return printed;
}
