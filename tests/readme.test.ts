/** @file The README shows what its commands print: each line in order, `...` for lines that are left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { brokenLinks } from '../scripts/chapters.mjs';
import { karelscope, sharedDirectory } from './helpers/command.ts';

const ROOT = join(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const demo = join(sharedDirectory(), 'demo');

/** The commands of the README's transcripts, and the lines that stand below each. */
const shown = [...README.matchAll(/```text\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block!
    .split(/^\$ karelscope /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      const words = command
        .replace('runs/demo', demo)
        .replace('results/', `${join(ROOT, 'results')}/`)
        .split(' ');
      return { command, words, lines };
    }),
);

/** The first of `lines` that `printed` does not have behind the one before. */
function missing(lines: readonly string[], printed: string): string | undefined {
  const all = printed.split('\n').map((line) => line.trimEnd());
  let from = 0;
  return lines.find((line) => {
    if (line === '...') return false;
    from = all.indexOf(line, from) + 1;
    return from === 0;
  });
}

beforeAll(async () => {
  for (const { words } of shown.filter(({ lines }) => lines.length === 0))
    expect(await karelscope(...words)).toMatchObject({ code: 0 });
}, 120_000);

describe('the README shows what is printed by', () => {
  test.each(shown.filter(({ lines }) => lines.length > 0))('$command', async ({ words, lines }) => {
    const { code, stdout } = await karelscope(...words);
    expect(code).toBe(0);
    expect(missing(lines, stdout)).toBeUndefined();
  });

  test('a line that is not printed, or in another place, is named', () => {
    expect(missing(['a', '...', 'c'], 'a\nb\nc\n')).toBeUndefined();
    expect(missing(['a', 'd'], 'a\nb\nc\n')).toBe('d');
    expect(missing(['b', 'a'], 'a\nb\nc\n')).toBe('a');
  });
});

test.each([...README.matchAll(/^\| `(\S+)` \| ([\d,]+) \| ([\d,]+) \|/gm)].map(([, ...row]) => row))(
  'the preset %s has %s parameters and sees %s tokens',
  async (preset, parameters, tokens) => {
    const { stdout } = await karelscope('presets', preset!);
    expect(stdout).toContain(`${parameters} parameters`);
    expect(stdout).toContain(`training sees ${tokens} tokens`);
  },
);

test.each(['bench/README.md', 'results/README.md', 'scale/pytorch/README.md', 'CHANGELOG.md'])(
  'every link of %s leads somewhere',
  (path) => {
    expect(brokenLinks(readFileSync(join(ROOT, path), 'utf8'), path, ROOT)).toEqual([]);
  },
);

test('what the README says that was found is what the tests of the claims say', () => {
  const { claims } = JSON.parse(readFileSync(join(ROOT, 'results/tiny/study.json'), 'utf8')) as {
    claims: { id: string; verdict: string }[];
  };
  const verdicts = Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({
    content: 'supported',
    record: 'refuted',
    flip: 'undecided',
    adversarial: 'undecided',
    used: 'undecided',
  });
});
