/** No bit of a result from the platform: what src/ may not use. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platformUses } from './helpers/platform.ts';

const root = join(import.meta.dirname, '../src');
/** The mathematics as one writes it, oracle of the fast kernels and of their bounds; no result comes from them. */
const REFERENCE = /^(tensor\/reference|audit\/bounds)\//;
/** What is said to a person on a terminal, never in an artefact. */
const TEXTS = /^(node\/|study\/(units|tools|progress|model-config)\.ts$|audit\/(run\/)?[\w-]*text\.ts$)/;

test('src/ has no sine, logarithm or power of the platform, and no dates or local texts, but in reference kernels and in what is said to a person', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(200);
  const found = files
    .filter((name) => !REFERENCE.test(name))
    .flatMap((name) => platformUses(name, readFileSync(join(root, name), 'utf8')).map((use) => `src/${name}:${use}`));
  expect(found.filter((use) => !(TEXTS.test(use.slice(4).split(':')[0]!) && /toLocaleString|Date/.test(use)))).toEqual(
    [],
  );
});

test('the check sees calls, powers, renamed functions, dates and local texts, with their lines', () => {
  const source = `
    const a = Math.sin(1) + Math.sqrt(2) + Math.PI;
    const b = a ** 2 + 2 ** 20 + 2 ** -3 + 2 ** n;
    let c = 3; c **= 2;
    const { fround, exp: e } = Math;
    const { imul } = Math;
    const f = [Math['cos'], Math];
    names.sort((x, y) => x.localeCompare(y));
    new Date();
    Math.random();
  `;
  expect(platformUses('planted.ts', source)).toEqual([
    '2: Math.sin',
    '3: a ** 2',
    '3: 2 ** n',
    '4: c **= 2',
    '5: { fround, exp: e } = Math',
    "7: Math['cos']",
    "7: [Math['cos'], Math]",
    '8: x.localeCompare',
    '9: new Date()',
    '10: Math.random',
  ]);
});
