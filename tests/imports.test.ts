import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, nodeGlobalsOf } from './helpers/imports.ts';

const root = resolve(import.meta.dirname, '..');

/** What the files of each folder may import, besides their own folder. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  tensor: [],
  autograd: ['tensor'],
  transformer: ['tensor', 'autograd'],
  karel: [],
  probe: ['tensor', 'autograd', 'transformer', 'karel'],
  results: ['tensor', 'autograd', 'transformer', 'probe'],
  store: ['transformer'], // its SHA-256
  study: [...['tensor', 'autograd', 'transformer', 'karel', 'probe', 'results', 'store', 'random.ts', 'version.ts']],
  audit: ['tensor', 'autograd', 'transformer', 'karel', 'probe', 'results', 'store', 'study', 'random.ts'],
};
/** Runs in a browser unchanged. */
const CORE = ['tensor', 'autograd', 'transformer', 'karel', 'probe', 'results', 'audit', 'store', 'study'];

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, 'src', folder, name));

/** The imports of a file that break its folder's rule. */
function offences(folder: string, path: string, source: string, packagesAllowed: boolean): string[] {
  return importsOf(path, source).filter((specifier) => {
    if (!specifier.startsWith('.')) return !packagesAllowed;
    const [target = ''] = relative(join(root, 'src'), resolve(dirname(path), specifier)).split('/');
    return target !== folder && !MAY_IMPORT[folder]!.includes(target);
  });
}

describe('imports point one way', () => {
  for (const folder of Object.keys(MAY_IMPORT)) {
    const core = CORE.includes(folder);
    test(`src/${folder} imports ${core ? 'no package, no Node, and ' : ''}only ${MAY_IMPORT[folder]!.join(', ') || 'itself'}`, () => {
      const files = filesIn(folder);
      expect(files.length).toBeGreaterThan(0);
      for (const path of files) {
        const source = readFileSync(path, 'utf8');
        expect({ path, offences: offences(folder, path, source, !core) }).toEqual({ path, offences: [] });
        if (core) expect({ path, globals: nodeGlobalsOf(path, source) }).toEqual({ path, globals: [] });
      }
    });
  }

  test('only src/node and the command line import Node, only src/random.ts imports seedrandom', () => {
    for (const path of filesIn('.')) {
      const file = relative(join(root, 'src'), path);
      const foreign = importsOf(path, readFileSync(path, 'utf8')).filter((specifier) => {
        if (specifier === 'seedrandom') return file !== 'random.ts';
        const ofNode = specifier.startsWith('node:') || isBuiltin(specifier);
        return ofNode && file !== 'main.ts' && !file.startsWith('node/');
      });
      expect({ file, foreign }).toEqual({ file, foreign: [] });
    }
  });

  test('the page imports what runs in a browser alone', () => {
    const files = readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(ts|vue)$/.test(name) && name !== 'vite.config.ts',
    );
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const source = readFileSync(join(root, 'web', file), 'utf8');
      const foreign = [...source.matchAll(/from '([^']+)'/g)]
        .map(([, specifier]) => specifier!)
        .filter((specifier) => {
          if (!specifier.startsWith('.')) return !['vue', '@observablehq/plot', 'idb-keyval'].includes(specifier);
          return /src\/(node\/|main)/.test(specifier);
        });
      expect({ file, foreign }).toEqual({ file, foreign: [] });
    }
  });

  test('no cycle among the files of src', () => {
    const edges = new Map(
      filesIn('.').map((path) => [
        path,
        importsOf(path, readFileSync(path, 'utf8'))
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => resolve(dirname(path), specifier)),
      ]),
    );
    const state = new Map<string, 'open' | 'done'>();
    const visit = (path: string, trail: string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open')
        throw new Error(`cycle: ${[...trail, path].map((p) => relative(root, p)).join(' -> ')}`);
      state.set(path, 'open');
      for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of edges.keys()) visit(path, []);
  });

  test('the check sees static, dynamic, require, re-export and type imports, and Node globals', () => {
    const path = join(root, 'src', 'tensor', 'bad.ts');
    const source = `
      import fs from 'node:fs';
      export * from 'seedrandom';
      type T = import('left-pad').T;
      const a = await import('node:os');
      const b = require('path');
      import { probe } from '../probe/index.ts';
      import { fine } from './shape.ts';
      const c = await import(name);
      process.exit(1);
    `;
    expect(offences('tensor', path, source, false)).toEqual([
      'node:fs',
      'seedrandom',
      'left-pad',
      'node:os',
      'path',
      '../probe/index.ts',
      '<not a literal: name>',
    ]);
    expect(nodeGlobalsOf(path, source)).toContain('process');
  });
});
