/** Where progress is written to. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { progressTo } from '../../src/node/progress.ts';

test.each([true, false])('a line goes to the stream that was given (a terminal: %j)', (isTTY) => {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  progressTo(stream as unknown as NodeJS.WriteStream).line('seed 3 is left out');
  expect(String(stream.read())).toBe('seed 3 is left out\n');
});
